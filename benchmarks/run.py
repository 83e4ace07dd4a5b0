"""`make bench`: a bench world, a server as a user starts it, a floor to compare with, and a table.

Goals are those of the project's first version. One that is missed is marked; the exit code says only whether the
benchmark could be run.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import msgspec

from benchmarks import servers
from benchmarks.calls import Measured, add_people, calls, floor
from benchmarks.driver import Order, Tally
from benchmarks.servers import Program

CONNECTIONS = 32
ACCOUNTS = 200
WARM_UP = 1.0
MOST_MB = 120
MOST_SECONDS = 1.5

Tallies = dict[str, list[Tally]]


def main() -> None:
    """Measure and print."""
    options = asked()
    with tempfile.TemporaryDirectory(prefix="remotehands-bench-") as folder:
        measure(Path(folder), options)


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="Measure a server as a user starts it.")
    parser.add_argument("--seconds", type=float, default=4, help="timed seconds for each call in each round")
    parser.add_argument("--rounds", type=int, default=3, help="how often every call has its turn")
    parser.add_argument("--tickets", type=int, default=100_000, help=f"tickets in {ACCOUNTS} accounts")
    parser.add_argument("--only", metavar="NAME", action="append", help="calls whose name begins like this")
    return parser.parse_args()


def measure(folder: Path, options: argparse.Namespace) -> None:
    """Build the world, drive everything in turns, print the table."""
    print(servers.run(folder, "fabricate", "--tickets", str(options.tickets), "--accounts", str(ACCOUNTS)))
    add_people(folder)
    server, bare = servers.serve(folder, "server"), servers.floor(folder)
    try:
        server.wait_until_ready()
        wanted = [
            call
            for call in calls(server.url)
            if not options.only or any(call.name.startswith(name) for name in options.only)
        ]
        tallies = rounds(server, bare, wanted, options)
        memory = server.resident()
    finally:
        bare.end()
        server.end()
    again = servers.serve(folder, "again")
    try:
        ready = again.wait_until_ready()
    finally:
        again.end()
    table(wanted, tallies)
    print(f"memory of the server after the run   {memory:6.0f} MB   {verdict(memory < MOST_MB, f'< {MOST_MB}')}")
    print(
        f"ready on the existing database       {ready:6.2f} s    {verdict(ready < MOST_SECONDS, f'< {MOST_SECONDS}')}"
    )


def rounds(server: Program, bare: Program, wanted: list[Measured], options: argparse.Namespace) -> Tallies:
    """Give every call its turn in every round, the floor before and after the others: the machine is noisy."""
    hello = floor()
    tallies: Tallies = {call.name: [] for call in (hello, *wanted)}
    for number in range(options.rounds):
        for program, call in [(bare, hello), *((server, call) for call in wanted), (bare, hello)]:
            print(f"\rround {number + 1} of {options.rounds}: {call.name:<24}", end="", file=sys.stderr)
            tallies[call.name].append(drive(program, call, options.seconds))
    print(f"\r{'':60}\r", end="", file=sys.stderr)
    return tallies


def drive(program: Program, call: Measured, seconds: float) -> Tally:
    """Drive one call from a process of its own."""
    order = Order(program.port, program.pid, call.requests, call.status, CONNECTIONS, WARM_UP, seconds)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.driver"],
        input=msgspec.json.encode(order),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{call.name}: {done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=Tally)


def table(wanted: list[Measured], tallies: Tallies) -> None:
    """Print medians, each beside the floor's."""
    hello = floor()
    base_rate, base_cpu, _ = medians(tallies[hello.name])
    print(
        f"{CONNECTIONS} keep-alive connections over loopback, driver and server share {os.cpu_count()} cores of "
        f"{platform.machine()}, Python {platform.python_version()}; medians of {len(tallies[hello.name]) // 2} rounds"
    )
    print()
    print(f"{'':22} {'req/s':>8} {'of floor':>9} {'CPU us':>8} {'of floor':>9} {'driver':>7}  goal")
    for call in (hello, *wanted):
        rate, cpu, busy = medians(tallies[call.name])
        share = rate / base_rate
        goal = verdict(share >= call.goal, f">= {call.goal}") if call.goal else ""
        line = f"{call.name:22} {rate:8,.0f} {share:9.2f} {cpu * 1e6:8.0f} {base_cpu / cpu:9.2f} {busy:7.0%}  {goal}"
        print(line.rstrip())
    print()


def medians(tallies: list[Tally]) -> tuple[float, float, float]:
    """Return requests a second, server CPU seconds a request, and the share of a core that the driver took."""
    return (
        median(tally.answers / tally.seconds for tally in tallies),
        median(tally.server_cpu / tally.answers for tally in tallies),
        median(tally.driver_cpu / tally.seconds for tally in tallies),
    )


def verdict(is_met: bool, goal: str) -> str:
    """Say whether a goal is met."""
    return goal if is_met else f"{goal}  MISSED"


if __name__ == "__main__":
    main()
