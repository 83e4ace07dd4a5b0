"""Files that no ticket names: what a crash left of an upload."""

import structlog

from remotehandsd import tickets
from remotehandsd.house import House

UNTOUCHED_SECONDS = 3600
"""A file that was written to more recently may still be on its way in."""

log = structlog.get_logger("worker")


async def sweep(house: House) -> int:
    """Remove the files that no row names and that nobody has written to for an hour; return how many."""
    old = await house.files.older_than(UNTOUCHED_SECONDS)
    async with house.db.read(long=True) as tx:
        named = await tickets.named_files(tx, old)
    nameless = [name for name in old if name not in named]
    for name in nameless:
        await house.files.delete(name)
    if nameless:
        log.info("swept", files=len(nameless))
    return len(nameless)
