"""Whose turn it is: of several processes one runs the timers, by a lease."""

import asyncio
import time

import structlog

from remotehandsd.house import House
from remotehandsd.kit.db import Unavailable
from remotehandsd.leases import LEASE_SECONDS, Lease

RENEWED_EVERY = LEASE_SECONDS / 3
"""Seconds after which the lease is held on."""
ASKED_EVERY = 2.0
"""Seconds after which a worker without it asks again: what dies with its holder rests for a lease and this long."""

log = structlog.get_logger("worker")


class Turn:
    """One process's turn at the work of this name."""

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self._lease = Lease(name)
        self._name = name
        self._over = 0.0
        self._was_ours = False

    @property
    def is_ours(self) -> bool:
        """Tell whether the lease was taken, and not so long ago that another may have it by now."""
        return time.monotonic() < self._over

    async def ask(self) -> None:
        """Take the lease, or hold it on. What cannot be asked is not ours once the lease is over."""
        asked = time.monotonic()
        try:
            is_ours = await self._lease.take(self._house)
        except Unavailable as error:
            log.warning("lease", name=self._name, reason=str(error))
            return
        self._over = asked + LEASE_SECONDS if is_ours else 0.0
        if is_ours != self._was_ours:
            log.info("takes over" if is_ours else "stands by", name=self._name, holder=self._lease.holder)
            self._was_ours = is_ours

    async def keep(self) -> None:
        """Ask again and again, beside the work, so that a long job does not lose it."""
        while True:
            await asyncio.sleep(RENEWED_EVERY if self.is_ours else ASKED_EVERY)
            await self.ask()

    async def give_up(self) -> None:
        """Leave it to the next at once."""
        if not self.is_ours:
            return
        self._over = 0.0
        try:
            await self._lease.give_up(self._house)
        except Unavailable as error:
            log.warning("lease", name=self._name, reason=str(error))
