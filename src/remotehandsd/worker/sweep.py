"""Files that no ticket names: what a crash left of an upload."""

import structlog

from remotehandsd import tickets
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT

UNTOUCHED_SECONDS = 3600
"""A file that was written to more recently may still be on its way in."""

log = structlog.get_logger("worker")


async def sweep(house: House) -> int:
    """Remove the files that no row names and that nobody has written to for an hour; return how many.

    Where no row names any file at all, the database is rather the wrong one than all files left over: nothing goes.
    """
    async with house.db.read(EVERY_TENANT) as tx:
        if not await tickets.names_any_file(tx):
            return await house.files.clear_unfinished(UNTOUCHED_SECONDS)
    swept = 0
    async for old in house.files.older_than(UNTOUCHED_SECONDS):
        async with house.db.read(EVERY_TENANT, long=True) as tx:
            named = await tickets.named_files(tx, old)
        for name in old:
            if name not in named:
                await house.files.delete(name)
                swept += 1
    swept += await house.files.clear_unfinished(UNTOUCHED_SECONDS)
    if swept:
        log.info("swept", files=swept)
    return swept
