"""The customers' client: the command's start, long lists beside the server's own time, memory while files go over."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks import servers
from benchmarks.calls import CLIENT, LARGE, SECRET, TICKETS, WRITTEN, Customer, add_people, signed_in
from benchmarks.driving import machine, verdict
from benchmarks.homes import embedded
from benchmarks.lists import Line
from benchmarks.servers import Program
from remotehands import AsyncClient, Client
from remotehands.tickets import PAGE_SIZE
from remotehandsd.cli.fabricate import account_id

TIMES = 5
LISTED = 10_000
ACCOUNTS = 200
GIB = 2**30
MOST_CPU = 0.3
MOST_TIMES = 3
MOST_MB = 16


def main() -> None:
    """Measure and print."""
    servers.end_in_order()
    with tempfile.TemporaryDirectory(prefix="remotehands-bench-") as folder:
        home = embedded(Path(folder) / "home")
        # The first account gets a tenth.
        servers.run(home, "fabricate", "--tickets", str(LISTED * 10), "--accounts", str(ACCOUNTS))
        add_people(home)
        server = servers.serve(home)
        try:
            server.wait_until_ready()
            print(f"\nThe customers' client, {machine()}\n")
            start()
            listing(server)
            carrying(server, Path(folder))
        finally:
            server.end()


def start() -> None:
    """Measure the processor time of `remotehands --help`."""
    command = str(Path(sys.executable).with_name("remotehands"))
    seconds = median(cpu_of([command, "--help"]) for _ in range(TIMES))
    print(
        f"`remotehands --help`            {seconds:6.2f} s of CPU       {verdict(seconds < MOST_CPU, f'< {MOST_CPU}')}"
    )


def cpu_of(command: list[str]) -> float:
    """Return the processor seconds of a command."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def listing(server: Program) -> None:
    """Compare a list through the client with the same requests over a bare connection, in turns, by the best of each.

    What else the machine does meanwhile only ever adds.
    """
    customer = Customer(server.url, signed_in(server.url), LARGE)
    pages = -(-customer.how_many() // PAGE_SIZE)
    requests = [customer.request("GET", f"{TICKETS}?size={PAGE_SIZE}&page={page}") for page in range(pages)]
    line = Line(server.port)
    with Client(server.url, CLIENT, SECRET, account_id(LARGE)) as client:
        client.account()
        bare, through = [], []
        for _ in range(2 * TIMES):
            bare.append(sum(line.ask(request) for request in requests))
            began = time.perf_counter()
            count = sum(1 for _ in client.tickets.list())
            through.append(time.perf_counter() - began)
    line.close()
    times = min(through) / min(bare)
    print(
        f"list {count:,} tickets             {min(through):6.2f} s, the server's own {min(bare):.2f} s"
        f"   {times:.1f} times   {verdict(times < MOST_TIMES, f'< {MOST_TIMES}')}"
    )


def carrying(server: Program, folder: Path) -> None:
    """Carry a file of 1 GiB up and down with both clients, each in a process of its own."""
    file = folder / "large.bin"
    with file.open("wb") as made:
        made.truncate(GIB)
    for kind in (Client, AsyncClient):
        ticket = Customer(server.url, signed_in(server.url), WRITTEN).opens()
        command = [
            sys.executable, "-m", "benchmarks.carrier",
            kind.__name__, server.url, account_id(WRITTEN), ticket, str(file),
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        up, up_speed, down, down_speed = map(float, said)
        carried = f"up +{up:.1f} MB at {up_speed:.0f} MB/s, down +{down:.1f} MB at {down_speed:.0f} MB/s"
        print(f"{kind.__name__}: 1 GiB {carried}   {verdict(max(up, down) < MOST_MB, f'< {MOST_MB}')}")


if __name__ == "__main__":
    main()
