"""The pages that staff and customers look at most: the server's time, and the bytes that a browser needs."""

import gzip
import re
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import httpx

from benchmarks import servers
from benchmarks.driving import verdict
from benchmarks.homes import embedded
from benchmarks.servers import Home, Program

TICKETS = 100_000
ACCOUNT = "0011A00001AaAB1ABC"
REPETITIONS = 40
MOST_MS, MOST_KB = 25, 60
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def bench(folder: Path, stack: ExitStack) -> None:
    """Look at queue, ticket and list among 100,000 tickets, one request after the other, and print what they take."""
    plain = embedded(folder / "pages")
    home = Home(plain.folder, plain.settings | {"REMOTEHANDS_ROBOT_SECONDS": "86400", "REMOTEHANDS_LOG": "warning"})
    first = _served(home, "first")
    first.end()
    servers.run(home, "fabricate", "--tickets", str(TICKETS), "--into", ACCOUNT)
    server = _served(home, "server")
    stack.callback(server.end)
    print(f"\nPages among {TICKETS:,} tickets, the embedded engine, one request after the other")
    print(f"{'':28} {'ms':>8} {'kB':>8} {'kB, gzip, with style and script':>34}")
    desk = _as(server, "dispatcher")
    _line(desk, "queue", "/desk")
    number = _first(desk, "/desk", r"/desk/tickets/(WO\d+)")
    _line(desk, "ticket at the desk", f"/desk/tickets/{number}")
    portal = _as(server, "account administrator")
    _line(portal, "list of the account", f"/portal/{ACCOUNT}/tickets")
    _line(portal, "home of the account", f"/portal/{ACCOUNT}")


def _served(home: Home, name: str) -> Program:
    server = Program(home, name, servers.remotehandsd(), "serve", "--port", "0", "--playground")
    server.wait_until_ready()
    return server


def _as(server: Program, kind: str) -> httpx.Client:
    client = httpx.Client(base_url=server.url)
    client.post("/sign-in-as", data={"kind": kind}, headers=SAME_SITE)
    return client


def _first(client: httpx.Client, path: str, pattern: str) -> str:
    found = re.search(pattern, client.get(path).text)
    assert found, f"{path} shows none"
    return found[1]


def _line(client: httpx.Client, name: str, path: str) -> None:
    times = []
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        page = client.get(path)
        times.append((time.perf_counter() - began) * 1000)
        assert page.status_code == 200, page.status_code
    parts = {page.text, *(client.get(part).text for part in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))}
    small = sum(len(gzip.compress(part.encode())) for part in parts) / 1000
    ms = median(times)
    goals = f"{verdict(ms <= MOST_MS, f'<= {MOST_MS} ms')}, {verdict(small <= MOST_KB, f'<= {MOST_KB} kB')}"
    print(f"{name:28} {ms:8.1f} {len(page.content) / 1000:8.1f} {small:34.1f}  {goals}")
