"""Driving a server from a process of its own, and what comes out of it."""

import os
import platform
import subprocess
import sys
from statistics import median

import msgspec

from benchmarks.calls import Measured
from benchmarks.driver import Order, Tally
from benchmarks.servers import Program

CONNECTIONS = 32
WARM_UP = 1.0


def drive(program: Program, call: Measured, seconds: float, *, database: int = 0) -> Tally:
    """Drive one call; `database` is the first process of the server's PostgreSQL."""
    order = Order(program.port, program.pid, database, call.requests, call.status, CONNECTIONS, WARM_UP, seconds)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.driver"],
        input=msgspec.json.encode(order),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{call.name}: {done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=Tally)


def rate(tallies: list[Tally]) -> float:
    """Return the median of answers a second."""
    return median(tally.answers / tally.seconds for tally in tallies)


def machine() -> str:
    """Say on what was measured."""
    return f"{os.cpu_count()} cores of {platform.machine()} for everything, Python {platform.python_version()}"


def verdict(is_met: bool, goal: str) -> str:
    """Say whether a goal is met."""
    return goal if is_met else f"{goal}  MISSED"
