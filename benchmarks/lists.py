"""Lists as customers and the desk ask for them, and how long one answer takes."""

import socket
import time
from itertools import product
from urllib.parse import urlencode

from benchmarks.calls import DESK, LARGE, TICKETS, Caller, Customer, signed_in
from remotehandsd.cli.fabricate import SITES
from remotehandsd.tickets.fabricating import PAIRS

QUEUE = "/operator/v1/tickets"
SIZE = 25
NEIGHBOURS = 8
"""Pages side by side that are asked for in turn, where a list is asked for in one way only."""
PAST_THE_END = 10**9
"""A page that is answered with the total alone."""
LISTS = ("no filter", "status", "site, requestType, category", "createdBy", "operator's queue")
WITHOUT_GOAL = ("createdBy", "operator's queue")
PAGES = ("page 0", "middle", "last", "total alone")

Requests = dict[tuple[str, str], list[bytes]]
"""By list and page."""


class Line:
    """One keep-alive connection; each answer is waited for."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> float:
        """Return the seconds from the request to the end of its answer, which must be a 200."""
        began = time.perf_counter()
        self._socket.sendall(request)
        data = self._socket.recv(1 << 18)
        while not _is_whole(data):
            more = self._socket.recv(1 << 18)
            if not more:
                break
            data += more
        seconds = time.perf_counter() - began
        if not data.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"{request[:200]!r}: {data[:500]!r}")
        return seconds

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def _is_whole(data: bytes) -> bool:
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return False
    length = head[head.index(b"\r\ncontent-length: ") + 18 :].partition(b"\r")[0]
    return len(body) >= int(length)


def lists(url: str) -> Requests:
    """Return what is asked of a server: every page of every list."""
    customer = Customer(url, signed_in(url), LARGE)
    authors = sorted({ticket["createdBy"] for ticket in customer.does("GET", f"{TICKETS}?size=200")["content"]})
    three = [
        {"site": site.code, "requestType": kind, "category": category}
        for site, (kind, category) in product(SITES, PAIRS)
    ]
    by_author = [{"createdBy": author} for author in authors]
    ways: list[list[dict[str, str]]] = [[{}], [{"status": "Completed"}], three, by_author]
    found: Requests = {}
    for name, filters in zip(LISTS, ways, strict=False):
        found |= _pages(name, customer, TICKETS, filters)
    return found | _pages(LISTS[-1], Caller(url, signed_in(url, DESK)), QUEUE, [{}])


def _pages(name: str, who: Caller, path: str, ways: list[dict[str, str]]) -> Requests:
    """Ask for lists that fill a page: fewer lines are answered sooner, which says nothing of how many there are."""
    found: Requests = {(name, page): [] for page in PAGES}
    totals = [int(who.does("GET", _path(path, way, 0, 1))["pageable"]["totalElements"]) for way in ways]
    least = min(SIZE, max(totals))
    for filters, total in zip(ways, totals, strict=True):
        if total < least:
            continue
        last = (total - 1) // SIZE
        beside = range(min(NEIGHBOURS, last // 2 + 1) if len(ways) == 1 else 1)
        numbers = [[0], [last // 2 - step for step in beside], [last - step for step in beside], [PAST_THE_END]]
        for page, own in zip(PAGES, numbers, strict=True):
            found[name, page] += [who.request("GET", _path(path, filters, number, SIZE)) for number in own]
    return found


def _path(path: str, filters: dict[str, str], number: int, size: int) -> str:
    return f"{path}?{urlencode(filters | {'page': str(number), 'size': str(size)})}"
