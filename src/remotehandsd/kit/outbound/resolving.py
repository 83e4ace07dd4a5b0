"""Looking a name up, off the event loop, without anything that could wait for a slow name server."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address

from remotehandsd.kit.outbound.addresses import Address

LOOKUPS_AT_ONCE = 32
"""Names whose servers do not answer hold a thread each, for as long as the machine's resolver waits for them."""


class Unknown(Exception):  # noqa: N818
    """A name that leads to no address."""


Resolve = Callable[[str, int], Awaitable[list[Address]]]
"""From a name and a port to its addresses, in the order in which they are to be tried; Unknown when there is none."""


class Resolver:
    """The machine's own resolver, in threads that nobody waits for when the program ends."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def __call__(self, name: str, port: int) -> list[Address]:
        """See Resolve."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[Address]] = loop.create_future()
        thread = threading.Thread(target=self._look_up, args=(loop, found, name, port), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            self._free.release()
            raise
        return await found

    def _look_up(
        self, loop: asyncio.AbstractEventLoop, found: "asyncio.Future[list[Address]]", name: str, port: int
    ) -> None:
        addresses: list[Address] = []
        try:
            for *_, where in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM):
                # A zone (%eth0) belongs to link-local addresses, which nobody may call.
                address = ip_address(str(where[0]).partition("%")[0])
                if address not in addresses:
                    addresses.append(address)
        except (OSError, UnicodeError):
            addresses = []
        with suppress(RuntimeError):
            # The loop may be closed by now.
            loop.call_soon_threadsafe(self._tell, found, addresses)

    def _tell(self, found: "asyncio.Future[list[Address]]", addresses: list[Address]) -> None:
        self._free.release()
        if found.done():
            return
        if addresses:
            found.set_result(addresses)
        else:
            found.set_exception(Unknown())
