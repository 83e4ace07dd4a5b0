"""A receiver of webhooks in a process of its own: `python -m benchmarks.receiver` prints its address.

`GET /` answers with how many different deliveries came, and how many requests.
"""

import asyncio
import sys
from typing import cast

import uvloop

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "
NAME = b"\r\nwebhook-id: "
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Counts:
    """What all connections count together."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self.requests = 0


class Receiving(asyncio.Protocol):
    """One connection, which carries one request."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, end, body = self._read.partition(END_OF_HEAD)
        if not end:
            return
        lowered = head.lower()
        if lowered.startswith(b"get"):
            said = f"{len(self._counts.seen)} {self._counts.requests}".encode()
            self._answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(said), said))
        elif len(body) >= int(_header(lowered, LENGTH)):
            self._counts.requests += 1
            self._counts.seen.add(head.split(b" ", 2)[1] + _header(lowered, NAME))
            self._answer(OK)

    def _answer(self, answer: bytes) -> None:
        self._transport.write(answer)
        self._transport.close()


def _header(head: bytes, name: bytes) -> bytes:
    return head.partition(name)[2].partition(b"\r\n")[0]


async def receive() -> None:
    """Receive until the process is ended."""
    counts = Counts()
    server = await asyncio.get_running_loop().create_server(lambda: Receiving(counts), "127.0.0.1", 0, backlog=1000)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]} ", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(uvloop.run(receive()))
