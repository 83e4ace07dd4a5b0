"""Whether anything has happened at all: asked once for everybody who waits."""

import asyncio
from contextlib import suppress

from remotehandsd import events
from remotehandsd.events import Mark
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, Unavailable

BEAT_SECONDS = 0.5


class Pulse:
    """The newest event of all accounts, looked at while somebody waits for another."""

    def __init__(self) -> None:
        self.newest: Mark | None = None
        self._changed = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        self._waiting = 0

    async def change(self, house: House, seen: Mark | None, seconds: float) -> None:
        """Wait until the newest event is another than the one seen, for so many seconds at most."""
        self._waiting += 1
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(house))
        try:
            if self.newest == seen:
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await self._changed.wait()
        finally:
            self._waiting -= 1

    async def _ask(self, house: House) -> None:
        try:
            while self._waiting:
                with suppress(Unavailable):
                    async with house.db.glance(EVERY_TENANT) as tx:
                        newest = await events.newest_of_all(tx)
                    if newest != self.newest:
                        self.newest = newest
                        changed, self._changed = self._changed, asyncio.Event()
                        changed.set()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            self._asking = None
