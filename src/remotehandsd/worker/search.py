"""Keeping the index of words: a little at a time, so that nobody waits for it."""

import asyncio
import time

from remotehandsd import tickets
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT

BATCH = 50
"""Tickets that share a transaction: others wait no longer than for these where there is one writer."""
WORKED_SECONDS = 0.5
"""How long it works at most before the other timers have their turn."""
REST_SECONDS = 0.012


async def index(house: House) -> bool:
    """Index what has other words since the last time; tell whether there may be more of it."""
    until = time.monotonic() + WORKED_SECONDS
    while True:
        await house.pace.give_way()
        async with house.db.write(EVERY_TENANT) as tx:
            step = await tickets.index_some(tx, most=BATCH)
        if not step or time.monotonic() > until:
            return step > 0
        await asyncio.sleep(REST_SECONDS)
