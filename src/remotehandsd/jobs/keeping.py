"""Adding jobs, taking those that are due, and ending them."""

from collections import Counter
from collections.abc import Collection, Sequence

from remotehandsd.errors import NotFound
from remotehandsd.jobs import store
from remotehandsd.jobs.job import LEASE_SECONDS, Job, Waiting
from remotehandsd.kit.db import Tx

LOOKED_AT = 256
"""Due jobs among which those of free lanes are chosen at once."""
LONGEST_FAULT = 500


async def add(tx: Tx, kind: str, about: int, *, lane: int = 0, now: int, due_at: int) -> None:
    """Have something done at a time; there is one job of a kind about one thing."""
    await store.add(tx, kind, about, lane=lane, now=now, due_at=due_at)


async def add_many(tx: Tx, kind: str, abouts: Sequence[tuple[int, int]], *, now: int) -> None:
    """Have much done at once: of each thing its key and its lane."""
    await store.add_many(tx, kind, abouts, now=now)


async def hasten(tx: Tx, kind: str, about: int, *, lane: int = 0, now: int) -> None:
    """Have something done now: a job that waits, was set aside, or is gone is tried again."""
    if not await store.make_due(tx, kind, about, now=now):
        await store.add(tx, kind, about, lane=lane, now=now, due_at=now)


async def drop(tx: Tx, kind: str, about: int) -> None:
    """Have something not done after all."""
    await store.drop(tx, kind, about)


async def drop_lane(tx: Tx, kind: str, lane: int) -> None:
    """Have nothing done any more of what shares a lane; what is in hand is finished."""
    await store.drop_lane(tx, kind, lane)


async def claim(  # noqa: PLR0913 - who takes what, and how much of it
    tx: Tx, kind: str, holder: str, *, now: int, most: int, per_lane: int, busy: Collection[int]
) -> list[Job]:
    """Take up to `most` due jobs of a kind, the longest due first, for LEASE_SECONDS.

    Of one lane no more than `per_lane`; `busy` names a lane once for each of its places that is not free.
    """
    in_hand = Counter(busy)
    full = [lane for lane, count in in_hand.items() if lane and count >= per_lane]
    await tx.hold(f"jobs of {kind}")
    chosen: list[int] = []
    for key, lane in await store.due(tx, kind, now=now, full=full, most=LOOKED_AT):
        if len(chosen) < most and (not lane or in_hand[lane] < per_lane):
            in_hand[lane] += 1
            chosen.append(key)
    return await store.take(tx, chosen, holder, now=now, until=now + LEASE_SECONDS) if chosen else []


async def done(tx: Tx, job: Job) -> None:
    """End a job for good, unless it was taken by somebody else since."""
    await store.remove(tx, job)


async def put_off(tx: Tx, job: Job, fault: str, *, due_at: int) -> None:
    """Have a job tried again at a time."""
    await store.put_off(tx, job, fault[:LONGEST_FAULT], due_at=due_at)


async def set_aside(tx: Tx, job: Job, fault: str, *, now: int) -> None:
    """Try a job no more, until somebody says so."""
    await store.set_aside(tx, job, fault[:LONGEST_FAULT], now=now)


async def waiting(tx: Tx, *, most: int) -> list[Waiting]:
    """Return the jobs that wait or were set aside: these first, then the next due."""
    return [Waiting(*row) for row in await store.waiting(tx, most=most)]


async def retry(tx: Tx, key: int, *, now: int) -> None:
    """Try a job again now, whether it waits or was set aside; NotFound when there is none of this number."""
    if not await store.retry(tx, key, now=now):
        raise NotFound("There is no such job.")
