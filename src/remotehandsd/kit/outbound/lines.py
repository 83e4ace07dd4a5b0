"""Connections to the very address that was checked, which give no more than so many bytes."""

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from remotehandsd.kit.outbound.addresses import Address

MOST_BYTES = 64 * 1024
"""Bytes of an answer, its head included, that are read."""
SECONDS_AN_ADDRESS = 3.0
"""How long one of several addresses is waited for, so that a dead one leaves time for the next."""
MOST_ADDRESSES = 4


class TooMuch(Exception):  # noqa: N818
    """An answer of more bytes than are read."""


class Stream(httpcore.AsyncNetworkStream):
    """A connection's bytes, counted."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._left = MOST_BYTES

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come; TooMuch when that is all that is read of one answer."""
        if not self._left:
            raise TooMuch
        read = await self._inner.read(min(max_bytes, self._left), timeout)
        self._left -= len(read)
        return read

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Hang up."""
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Stream":
        """Speak TLS from here on; what is counted is what comes out of it."""
        try:
            return Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            # The library forgets a connection whose greeting is broken off by a time limit.
            await self._inner.aclose()
            raise

    def get_extra_info(self, info: str) -> Any:
        """Return what is known of the connection."""
        return self._inner.get_extra_info(info)


class Lines(httpcore.AsyncNetworkBackend):
    """Connects to these addresses, whatever name the library asks for: it was looked up once, and they were checked."""

    def __init__(self, addresses: list[Address]) -> None:
        self._addresses = addresses[:MOST_ADDRESSES]
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        """Connect to the first address that answers."""
        *others, last = self._addresses
        for address in others:
            try:
                async with asyncio.timeout(SECONDS_AN_ADDRESS):
                    return Stream(await self._inner.connect_tcp(str(address), port))
            except (httpcore.ConnectError, TimeoutError):
                continue
        return Stream(await self._inner.connect_tcp(str(last), port))
