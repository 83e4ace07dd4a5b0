"""`make bench-scale`: does a list slow down as the years pile up? Every size is asked in turns, in one run.

For each size a database with so many tickets, a tenth of them in one account, and a server as a user starts it.
A latency is that of a whole answer, on one connection, to what was asked before: from memory. Then 32 writers
create, all on one account or spread.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from statistics import median

import msgspec

from benchmarks import servers
from benchmarks.calls import Measured, creates
from benchmarks.driver import Tally
from benchmarks.driving import drive, machine, rate, verdict
from benchmarks.filling import Filled, filled_embedded, filled_on_postgres
from benchmarks.homes import running
from benchmarks.lists import LISTS, PAGES, WITHOUT_GOAL, Line, Requests, lists
from benchmarks.servers import Program

SIZES = (10_000, 1_000_000, 10_000_000)
MOST_GROWTH = 1.5
"""Of a list's page 0, from the smallest size to the largest."""
MOST_MIDDLE = 60
"""Milliseconds for the page in the middle."""
MOST_LAST = 2.0
"""The last page, in pages 0 of the same list."""
LEAST_HOT = 0.8
"""Creates on one account, as a share of those on many."""

Milliseconds = dict[tuple[str, str], list[list[float]]]
"""By list and page, for each size."""


class Stage(msgspec.Struct, frozen=True):
    """One size, its server, and what is asked of it."""

    filled: Filled
    program: Program
    lists: Requests
    creates: list[Measured]


def main() -> None:
    """Make the databases, ask, print."""
    options = asked()
    servers.end_in_order()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="remotehands-scale-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        if options.engine == "postgres":
            cluster = stack.enter_context(running(folder / "postgres"))
            every = [filled_on_postgres(folder, cluster, size) for size in options.sizes]
        else:
            every = [filled_embedded(folder, size) for size in options.sizes]
        measure(every, options)
        for filled in every:
            began = time.perf_counter()
            said = servers.run(filled.home, "totals")
            print(f"{filled.size:12,} tickets: {said} `remotehandsd totals`: {time.perf_counter() - began:.1f} s")


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description="Measure lists and creates at several sizes.")
    parser.add_argument("--engine", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="TICKETS", help="from small to large")
    parser.add_argument("--repetitions", type=int, default=200, help="answers that are timed for each page and size")
    parser.add_argument("--seconds", type=float, default=4, help="timed seconds of creating in each round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of creating")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the databases there, and use them again")
    return parser.parse_args()


def measure(every: list[Filled], options: argparse.Namespace) -> None:
    """Serve every size at once, ask of each in turns, and print."""
    with ExitStack() as stack:
        stages = []
        for filled in every:
            program = servers.serve(filled.home)
            stack.callback(program.end)
            program.wait_until_ready()
            filled.settle()
            stages.append(Stage(filled, program, lists(program.url), creates(program.url)))
        taken = latencies(stages, options.repetitions)
        print(f"\n{machine()}; medians and 95th percentiles of {options.repetitions} answers, in ms\n")
        show_lists(stages, taken)
        show_creates(stages, created(stages, options), options.rounds)


def latencies(stages: list[Stage], repetitions: int) -> Milliseconds:
    """Ask for every page of every size in turns, for the machine is noisy; each was asked for once before."""
    for stage in stages:
        ask_all(stage)
    lines = [Line(stage.program.port) for stage in stages]
    taken: Milliseconds = {key: [[] for _ in stages] for key in stages[0].lists}
    for turn in range(repetitions):
        print(f"\rturn {turn + 1} of {repetitions}", end="", file=sys.stderr)
        for key, times in taken.items():
            for line, stage, own in zip(lines, stages, times, strict=True):
                requests = stage.lists[key]
                own.append(line.ask(requests[turn % len(requests)]) * 1000)
    print(f"\r{'':30}\r", end="", file=sys.stderr)
    for line in lines:
        line.close()
    return taken


def ask_all(stage: Stage) -> None:
    """Ask for every page of a size once."""
    line = Line(stage.program.port)
    for request in chain.from_iterable(stage.lists.values()):
        line.ask(request)
    line.close()


def show_lists(stages: list[Stage], taken: Milliseconds) -> None:
    """Print a line for each page."""
    print(f"{'':42}" + "".join(f"{stage.filled.size:>18,}" for stage in stages))
    for name in LISTS:
        first = [median(times) for times in taken[name, "page 0"]]
        for page in PAGES:
            middles = [median(times) for times in taken[name, page]]
            cells = "".join(
                f"{middle:>10.2f} {sorted(times)[len(times) * 95 // 100]:>7.2f}"
                for middle, times in zip(middles, taken[name, page], strict=True)
            )
            print(f"{f'{name}: {page}':42}{cells}  {_goal(name, page, middles, first)}".rstrip())


def _goal(name: str, page: str, middles: list[float], first: list[float]) -> str:
    """Say how the largest size does. Who created a ticket is counted one by one, and the queue is nobody's account."""
    growth, share = middles[-1] / middles[0], middles[-1] / first[-1]
    if name in WITHOUT_GOAL:
        return f"{growth:.2f} of the smallest"
    if page == "page 0":
        return verdict(growth <= MOST_GROWTH, f"{growth:.2f} of the smallest, <= {MOST_GROWTH}")
    if page == "middle":
        return verdict(middles[-1] <= MOST_MIDDLE, f"<= {MOST_MIDDLE} ms")
    if page == "last":
        return verdict(share <= MOST_LAST, f"{share:.2f} of page 0, <= {MOST_LAST:g}")
    return ""


def created(stages: list[Stage], options: argparse.Namespace) -> list[list[list[Tally]]]:
    """Let 32 writers create: for each size, on one account and spread, in turns."""
    tallies: list[list[list[Tally]]] = [[[] for _ in stage.creates] for stage in stages]
    for _ in range(options.rounds):
        for stage, own in zip(stages, tallies, strict=True):
            for call, rounds in zip(stage.creates, own, strict=True):
                rounds.append(drive(stage.program, call, options.seconds))
    return tallies


def show_creates(stages: list[Stage], tallies: list[list[list[Tally]]], rounds: int) -> None:
    """Print creates a second."""
    print(f"\ncreates a second, medians of {rounds} rounds")
    for place, call in enumerate(stages[0].creates):
        print(f"{call.name:42}" + "".join(f"{rate(own[place]):>10,.0f}{'':8}" for own in tallies).rstrip())
    shares = [rate(hot) / rate(spread) for hot, spread in tallies]
    cells = "".join(f"{share:>10.2f}{'':8}" for share in shares)
    print(f"{'one account, as a share of many':42}{cells}  {verdict(shares[-1] >= LEAST_HOT, f'>= {LEAST_HOT}')}\n")


if __name__ == "__main__":
    main()
