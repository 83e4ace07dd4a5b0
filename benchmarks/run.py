"""`make bench`: a bench world, a server as a user starts it, floors to compare with, and a table for each engine.

Goals are the project's own. One that is missed is marked; the exit code says only whether the benchmark could be run.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median

import msgspec

from benchmarks import pages, servers, webhooks
from benchmarks.calls import CREATE, GOALS, HELLO, HELLOS, INSERT, SELECT, add_people, calls
from benchmarks.driver import Tally
from benchmarks.driving import CONNECTIONS, drive, machine, rate, verdict
from benchmarks.floors import GREETING, Pgbench
from benchmarks.homes import ORDINARY, PROCESSES, behind_the_wall, embedded, on_postgres, running
from benchmarks.servers import Home, Program

ACCOUNTS = 200
MOST_MB = 120
MOST_SECONDS = 1.5
FLOORS = {HELLO: "hello", HELLOS: "hello 2", SELECT: "select", INSERT: "insert", CREATE: "create"}
"""The floors, and the heads of their columns."""
WALLED = ("get one", "list", "create")
"""Beginnings of the calls that are measured with the second wall, too."""


class Turn(msgspec.Struct, frozen=True):
    """Something that has its turn in every round. `goals` are shares of floors; `without` is it without the wall."""

    name: str
    take: Callable[[], Tally]
    goals: dict[str, float] = {}
    without: str = ""


def main() -> None:
    """Measure and print."""
    options = asked()
    servers.end_in_order()
    for engine, bench in {"sqlite": bench_sqlite, "postgres": bench_postgres}.items():
        if options.engine in {engine, "both"}:
            with tempfile.TemporaryDirectory(prefix="remotehands-bench-") as folder, ExitStack() as stack:
                Path(folder).chmod(0o755)
                bench(Path(folder), stack, options)


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="Measure a server as a user starts it.")
    parser.add_argument("--engine", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seconds", type=float, default=4, help="timed seconds for each call in each round")
    parser.add_argument("--rounds", type=int, default=3, help="how often every call has its turn")
    parser.add_argument("--tickets", type=int, default=100_000, help=f"tickets in {ACCOUNTS} accounts")
    parser.add_argument("--only", metavar="NAME", action="append", help="calls whose name begins like this")
    parser.add_argument("--only-pages", action="store_true", help="nothing but pages")
    parser.add_argument("--only-webhooks", action="store_true", help="nothing but deliveries to webhooks")
    parser.add_argument("--wall", action="store_true", help="on PostgreSQL, also with the second wall between tenants")
    return parser.parse_args()


def bench_sqlite(folder: Path, stack: ExitStack, options: argparse.Namespace) -> None:
    """Measure one process on the embedded engine."""
    if not options.only and not options.only_pages:
        webhooks.bench(folder, stack)
    if not options.only and not options.only_webhooks:
        pages.bench(folder, stack)
    if options.only_webhooks or options.only_pages:
        return
    home = embedded(folder / "home")
    fill(home, options)
    server = started(stack, servers.serve(home))
    turns = [greeting(stack, home, 1, options), *turns_of(server, GOALS["sqlite"], options)]
    tallies = rounds(turns, options)
    memory = server.resident()
    server.end()
    ready = started(stack, servers.serve(home, "again")).wait_until_ready()
    table(f"The embedded engine, {options.tickets:,} tickets, one server process", turns, tallies)
    print(f"memory of the server after the run   {memory:6.0f} MB   {verdict(memory < MOST_MB, f'< {MOST_MB}')}")
    print(
        f"ready on the existing database       {ready:6.2f} s    {verdict(ready < MOST_SECONDS, f'< {MOST_SECONDS}')}"
    )
    print()


def bench_postgres(folder: Path, stack: ExitStack, options: argparse.Namespace) -> None:
    """Measure several processes on PostgreSQL, whose own benchmark gives two more floors."""
    cluster = stack.enter_context(running(folder / "postgres"))
    home = on_postgres(folder / "home", cluster, "bench")
    fill(home, options)
    walled = behind_the_wall(home, folder / "walled", cluster, "walled") if options.wall else None
    # What the floors write, tens of thousands of tickets in seconds, is not to lie in the way of the calls.
    cluster.sql("CREATE DATABASE floors TEMPLATE bench")
    server = started(stack, servers.serve(home))
    pgbench = Pgbench(cluster, "floors", folder)
    turns = [
        greeting(stack, home, 1, options),
        greeting(stack, home, PROCESSES, options),
        Turn(SELECT, partial(pgbench.run, "select", options.seconds)),
        *turns_of(server, GOALS["postgres"], options, database=cluster.pid),
        # Last of all: the database tidies up for a while after so many rows.
        Turn(INSERT, partial(pgbench.run, "insert", options.seconds)),
        Turn(CREATE, partial(pgbench.run, "create", options.seconds)),
        Turn(f"{CREATE} at once", partial(pgbench.run, "at once", options.seconds)),
    ]
    if walled:
        behind = started(stack, servers.serve(walled))
        turns += [with_wall(turn) for turn in turns_of(behind, {}, options, database=cluster.pid) if is_walled(turn)]
    for database in ("bench", "floors"):
        cluster.sql("VACUUM ANALYZE", database)
    tallies = rounds(turns, options)
    memory = server.resident()
    table(f"PostgreSQL, {options.tickets:,} tickets, {PROCESSES} server processes, {ORDINARY}", turns, tallies)
    print(f"memory of the server's processes after the run   {memory:6.0f} MB")


def fill(home: Home, options: argparse.Namespace) -> None:
    """Make the world of the bench."""
    print(servers.run(home, "fabricate", "--tickets", str(options.tickets), "--accounts", str(ACCOUNTS)))
    add_people(home)


def started(stack: ExitStack, program: Program) -> Program:
    """Have a program ended at the end."""
    stack.callback(program.end)
    return program


def greeting(stack: ExitStack, home: Home, processes: int, options: argparse.Namespace) -> Turn:
    """Return the turn of the bare application in so many processes."""
    bare = started(stack, servers.hello(home, processes))
    return Turn(HELLO if processes == 1 else HELLOS, partial(drive, bare, GREETING, options.seconds))


def turns_of(
    server: Program, goals: dict[str, dict[str, float]], options: argparse.Namespace, *, database: int = 0
) -> list[Turn]:
    """Return the turns of a server's calls."""
    server.wait_until_ready()
    return [
        Turn(
            call.name,
            partial(drive, server, call, options.seconds, database=database),
            next((goals[name] for name in goals if call.name.startswith(name)), {}),
        )
        for call in calls(server.url)
        if not options.only or any(call.name.startswith(name) for name in options.only)
    ]


def is_walled(turn: Turn) -> bool:
    """Tell whether a call is measured with the wall, too."""
    return turn.name.startswith(WALLED)


def with_wall(turn: Turn) -> Turn:
    """Return the turn under a name of its own."""
    return Turn(f"{turn.name}, wall", turn.take, without=turn.name)


def rounds(turns: list[Turn], options: argparse.Namespace) -> dict[str, list[Tally]]:
    """Give everything its turn in every round, the first floor before and after the others: the machine is noisy."""
    tallies: dict[str, list[Tally]] = {turn.name: [] for turn in turns}
    for number in range(options.rounds):
        for turn in (*turns, turns[0]):
            print(f"\rround {number + 1} of {options.rounds}: {turn.name:<40}", end="", file=sys.stderr)
            tallies[turn.name].append(turn.take())
    print(f"\r{'':60}\r", end="", file=sys.stderr)
    return tallies


def table(head: str, turns: list[Turn], tallies: dict[str, list[Tally]]) -> None:
    """Print medians, each beside those of the floors."""
    rates = {name: rate(own) for name, own in tallies.items()}
    floors = [name for name in FLOORS if name in rates]
    print(f"\n{head}\n{CONNECTIONS} keep-alive connections over loopback, {machine()}; medians of the rounds\n")
    shares = "".join(f"{'of ' + FLOORS[name]:>11}" for name in floors)
    print(f"{'':28} {'req/s':>8}{shares} {'CPU us':>8} {'database':>9} {'driver':>7}  goal")
    for turn in turns:
        shares = "".join(f"{rates[turn.name] / rates[name]:11.2f}" for name in floors)
        cells = f"{turn.name:28} {rates[turn.name]:8,.0f}{shares} {costs(tallies[turn.name])}"
        print(f"{cells}  {goals(turn, rates)}".rstrip())
    print()


def costs(tallies: list[Tally]) -> str:
    """Return CPU microseconds of the server and of its database for an answer, and the driver's share of a core."""
    server = median(tally.server_cpu / tally.answers for tally in tallies) * 1e6
    database = median(tally.database_cpu / tally.answers for tally in tallies) * 1e6
    driver = median(tally.driver_cpu / tally.seconds for tally in tallies)
    return f"{server:8.0f} {database:9.0f} {driver:7.0%}" if server else f"{'':26}"


def goals(turn: Turn, rates: dict[str, float]) -> str:
    """Say how a call does."""
    if turn.without:
        return f"{rates[turn.name] / rates[turn.without]:.2f} of it without the wall"
    return ", ".join(
        verdict(rates[turn.name] / rates[floor] >= least, f">= {least} of {FLOORS[floor]}")
        for floor, least in turn.goals.items()
    )


if __name__ == "__main__":
    main()
