"""The driver: keep-alive connections that each send a request as soon as the last one is answered.

`python -m benchmarks.driver` reads one Order as JSON from stdin, and prints one Tally. It is a process of its own and
does as little as it can for a request: what it burns, the server on the same machine does not get.
"""

import asyncio
import gc
import sys
import time
from contextlib import suppress
from functools import partial
from typing import cast

import msgspec
import psutil  # type: ignore[import-untyped]
import uvloop

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "


class Order(msgspec.Struct, frozen=True):
    """What to drive: connection `n` sends `requests[n % len(requests)]` again and again and expects `status`.

    `pid` is the server's first process, `database` that of its PostgreSQL or 0.
    """

    port: int
    pid: int
    database: int
    requests: list[bytes]
    status: int
    connections: int
    warm_up: float
    seconds: float


class Tally(msgspec.Struct, frozen=True):
    """Answers in the timed seconds, and CPU seconds of the processes meanwhile."""

    answers: int
    seconds: float
    server_cpu: float = 0
    database_cpu: float = 0
    driver_cpu: float = 0


class WrongAnswer(Exception):  # noqa: N818
    """An answer with another status than expected, or a connection that the server closed."""


class Drive:
    """What the connections share."""

    def __init__(self, order: Order, over: "asyncio.Future[None]") -> None:
        self.status = str(order.status).encode()
        self.over = over
        self.answers = 0
        self.is_ending = False

    def fail(self, why: str) -> None:
        """End the drive with an error."""
        if not self.over.done() and not self.is_ending:
            self.over.set_exception(WrongAnswer(why))


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, drive: Drive, request: bytes) -> None:
        self._drive = drive
        self._request = request
        self._pending = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Send the next request when the answer is whole."""
        if self._pending:
            data = self._pending + data
        end = data.find(END_OF_HEAD)
        if end < 0:
            self._pending = data
            return
        at = data.find(LENGTH, 0, end) + len(LENGTH)
        if len(data) < end + 4 + int(data[at : data.find(b"\r", at)]):
            self._pending = data
            return
        self._pending = b""
        drive = self._drive
        if data[9:12] != drive.status:
            drive.fail(data[:500].decode("latin-1"))
            return
        drive.answers += 1
        if not drive.is_ending:
            self._transport.write(self._request)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a closed connection as a fault while the drive runs."""
        self._drive.fail("The server closed a connection.")


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and its children, also those that have ended; nothing of process 0."""
    if not pid:
        return 0
    process = psutil.Process(pid)
    own = process.cpu_times()
    used = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = child.cpu_times()
            used += times.user + times.system
    return float(used)


async def drive(order: Order) -> Tally:
    """Warm up, then count for the time ordered."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    shared = Drive(order, over)
    connections = [
        Connection(shared, order.requests[place % len(order.requests)]) for place in range(order.connections)
    ]
    for connection in connections:
        await loop.create_connection(partial(_same, connection), "127.0.0.1", order.port)
    gc.collect()
    gc.freeze()
    await asyncio.wait([over], timeout=order.warm_up)
    used = [cpu_seconds(order.pid), cpu_seconds(order.database), time.process_time()]
    began, answers = time.perf_counter(), shared.answers
    await asyncio.wait([over], timeout=order.seconds)
    seconds = time.perf_counter() - began
    if over.done():
        over.result()
    using = [cpu_seconds(order.pid), cpu_seconds(order.database), time.process_time()]
    tally = Tally(
        shared.answers - answers, seconds, *(after - before for before, after in zip(used, using, strict=True))
    )
    if not tally.answers:
        raise WrongAnswer("The server does not answer.")
    shared.is_ending = True
    await asyncio.sleep(0.2)
    for connection in connections:
        connection.close()
    return tally


def _same(connection: Connection) -> Connection:
    return connection


def main() -> None:
    """Read an Order, drive, print the Tally."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        tally = runner.run(drive(order))
    print(msgspec.json.encode(tally).decode())


if __name__ == "__main__":
    try:
        main()
    except (WrongAnswer, OSError) as error:
        sys.exit(f"driver: {error}")
