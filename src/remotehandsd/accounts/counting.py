"""What is written down about apps by timers: how much they are used, and that a rotation is over."""

from remotehandsd.accounts.calling import ROTATION_SECONDS
from remotehandsd.accounts.store import apps as store
from remotehandsd.house import House

DAY = 86_400


async def add_calls(house: House, calls: dict[str, int]) -> None:
    """Add to today's calls of each app, by client id, and note that it was used."""
    now = house.now()
    async with house.db.write() as tx:
        await store.add_calls(tx, calls, day=now // DAY, at=now)


async def settle_rotations(house: House) -> int:
    """Forget the first secrets of apps whose rotation is over by its time; they are refused already."""
    async with house.db.write() as tx:
        return await store.settle_over(tx, rotated_before=house.now() - ROTATION_SECONDS)
