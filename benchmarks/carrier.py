"""Carries one file up and down through the client in a process of its own, and tells how far its memory grew."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from benchmarks.calls import CLIENT, SECRET
from remotehands import AsyncClient, Client

Progress = Callable[[int, int | None], None]


class Growth:
    """The most memory that the process had while bytes went over, above what it had at the first of them."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.first = self.most = 0

    def __call__(self, done: int, size: int | None) -> None:
        resident = self._process.memory_info().rss
        self.first = self.first or resident
        self.most = max(self.most, resident)

    def __str__(self) -> str:
        return f"{(self.most - self.first) / 2**20:.1f}"


def main() -> None:
    """Print MB grown and MB/s, up and down, of the client that is named."""
    kind, url, account, ticket, file = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir=Path(file).parent) as folder:
        carry = blocking if kind == "Client" else lambda *given: asyncio.run(awaiting(*given))
        print(carry(url, account, ticket, Path(file), Path(folder)))


def blocking(url: str, account: str, ticket: str, file: Path, folder: Path) -> str:
    """Carry with `Client`."""
    up, down = Growth(), Growth()
    with Client(url, CLIENT, SECRET, account) as client:
        began = time.perf_counter()
        attached = client.tickets.attach(ticket, file, progress=up)
        between = time.perf_counter()
        client.tickets.download(ticket, attached.id, folder, progress=down)
    return told(up, between - began, down, time.perf_counter() - between)


async def awaiting(url: str, account: str, ticket: str, file: Path, folder: Path) -> str:
    """Carry with `AsyncClient`."""
    up, down = Growth(), Growth()
    async with AsyncClient(url, CLIENT, SECRET, account) as client:
        began = time.perf_counter()
        attached = await client.tickets.attach(ticket, file, progress=up)
        between = time.perf_counter()
        await client.tickets.download(ticket, attached.id, folder, progress=down)
    return told(up, between - began, down, time.perf_counter() - between)


def told(up: Growth, up_seconds: float, down: Growth, down_seconds: float) -> str:
    """Return the four figures."""
    return f"{up} {1024 / up_seconds:.0f} {down} {1024 / down_seconds:.0f}"


if __name__ == "__main__":
    main()
