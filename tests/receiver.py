"""A stranger's HTTP server on loopback, which answers as a test says, and notes what it was sent."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status: int, *headers: str) -> bytes:
    """Return an answer's bytes, without a body."""
    return "\r\n".join([f"HTTP/1.1 {status} So", *headers, "Content-Length: 0", "", ""]).encode()


@dataclass(frozen=True)
class Sent:
    """One request as it came in; header names in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes


class Reset(Exception):  # noqa: N818
    """Raised by a behaviour: the connection is broken off."""


class Hang(Exception):  # noqa: N818
    """Raised by a behaviour: nothing is answered, ever."""


Behaviour = Callable[[Sent], bytes]


class Receiver:
    """Listens on a free port of 127.0.0.1; `connections` counts whoever connects, before anything is read."""

    def __init__(self, behaviour: Behaviour = lambda sent: OK, tls: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.got: list[Sent] = []
        self.connections = 0
        self._tls = tls
        self._over = asyncio.Event()
        self._handling: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *error: object) -> None:
        self._over.set()
        self._server.close()
        await self._server.wait_closed()
        await asyncio.gather(*self._handling)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rest = head.strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
            sent = Sent(line, headers, await reader.readexactly(int(headers.get("content-length", 0))))
            self.got.append(sent)
            writer.write(self.behaviour(sent))
            await writer.drain()
        except Reset:
            # Without lingering what is closed is reset.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        except Hang:
            await self._over.wait()
