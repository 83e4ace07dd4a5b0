"""Keeping the index of words: a little at a time, so that nobody waits for it."""

from remotehandsd import tickets
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT

BATCH = 50
"""Tickets that share a transaction: others wait no longer than for these where there is one writer."""


async def index(house: House) -> bool:
    """Index some of what has other words since the last time; tell whether there may be more of it."""
    async with house.db.write(EVERY_TENANT) as tx:
        return await tickets.index_some(tx, most=BATCH) > 0
