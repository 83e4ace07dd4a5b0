"""A lease: held by one process at a time, for as long as it says so now and then."""

import os
import secrets
import socket

from remotehandsd.house import House
from remotehandsd.leases import store

LEASE_SECONDS = 30
"""How long a lease lasts when its holder is not heard of. The machines' clocks must agree to a few seconds."""


class Lease:
    """One process's claim to a lease, by the lease's name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"

    async def take(self, house: House) -> bool:
        """Take the lease when it is free or over, or hold it on; tell whether it is ours now."""
        now = house.now()
        async with house.db.write() as tx:
            await store.add_unheld(tx, self._name)
            return await store.take(tx, self._name, self.holder, until=now + LEASE_SECONDS, now=now)

    async def give_up(self, house: House) -> None:
        """Leave it to whoever wants it."""
        async with house.db.write() as tx:
            await store.give_up(tx, self._name, self.holder)
