"""Jobs, one after the other: take what is due, do it, record how it went."""

import asyncio
import os
import random
import socket
import time
from typing import Any

import structlog

from remotehandsd import jobs
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit.db import EVERY_TENANT, Unavailable
from remotehandsd.worker.jobs import Kind
from remotehandsd.worker.lanes import Lanes

LOOKED_EVERY = 0.5
"""Seconds after which a worker looks again whether something is due."""
AWAY_SECONDS = 2.0
"""How long it waits when the database cannot be asked."""
SCATTER = 0.1
"""A pause is longer by up to this share, so that what failed together is not tried again together."""
OUR_FAULT = "The program failed; its log says where."
DIED = "Whoever took it died each time."

log = structlog.get_logger("worker")


async def work_off(house: House, kind: Kind, stop: asyncio.Event) -> None:
    """Do the jobs of a kind as they fall due, until `stop` is set; what was begun is finished first."""
    holder = f"{socket.gethostname()}/{os.getpid()}"
    lanes = Lanes(kind.per_lane, kind.rest)
    in_hand: dict[asyncio.Task[None], Job] = {}
    while not stop.is_set():
        await house.pace.give_way()
        free = kind.at_once - len(in_hand)
        taken = await house.pace.timed(_take(house, kind, holder, free, lanes.taken(in_hand.values())))
        in_hand |= {asyncio.create_task(_do(house, kind, job, lanes)): job for job in taken or ()}
        pause = AWAY_SECONDS if taken is None else LOOKED_EVERY
        in_hand = await _wait(in_hand, stop, 0.0 if taken and len(in_hand) < kind.at_once else pause)
    if in_hand:
        await asyncio.wait(in_hand)


async def _take(house: House, kind: Kind, holder: str, free: int, busy: list[int]) -> list[Job] | None:
    """Take what is due; None when the database cannot be asked."""
    if free <= 0:
        return []
    try:
        async with house.db.write() as tx:
            return await jobs.claim(
                tx, kind.name, holder, now=house.now(), most=free, per_lane=kind.per_lane, busy=busy
            )
    except Unavailable as error:
        log.warning("jobs cannot be taken", kind=kind.name, reason=str(error))
        return None


async def _wait(
    in_hand: dict[asyncio.Task[None], Job], stop: asyncio.Event, pause: float
) -> dict[asyncio.Task[None], Job]:
    """Wait until a job is ended, the pause is over, or it is time to stop; return what is still in hand."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, *in_hand}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    return {task: job for task, job in in_hand.items() if not task.done()}


async def _do(house: House, kind: Kind, job: Job, lanes: Lanes) -> None:
    await house.pace.give_way()
    began = time.monotonic()
    if job.tries > len(kind.pauses) + 1:
        # It was taken once more than it may be tried: the last who took it never came to say how it went.
        ending = Ending(DIED, is_final=True)
    else:
        ending = await house.pace.measured(_outcome(house, kind, job))
    lanes.ended(job, seconds=time.monotonic() - began, failed=bool(ending.fault))
    await house.pace.timed(_record(house, kind, job, ending))


async def _record(house: House, kind: Kind, job: Job, ending: Ending) -> None:
    try:
        async with house.db.write(EVERY_TENANT) as tx:
            if ending.record:
                await ending.record(tx)
            await _end(tx, house, kind, job, ending)
    except Unavailable as error:
        # The job is due again when the time for which it was taken is over.
        log.warning("job not recorded", kind=kind.name, job=job.key, reason=str(error))
    except Exception:
        log.exception("job not recorded", kind=kind.name, job=job.key)


async def _outcome(house: House, kind: Kind, job: Job) -> Ending:
    try:
        async with asyncio.timeout(jobs.LEASE_SECONDS * 0.75):
            return await kind.do(house, job)
    except Unavailable as error:
        return Ending(str(error))
    except TimeoutError:
        return Ending("It took too long.")
    except Exception:
        # One job's fault must not end the others'; it is tried again, and at last set aside.
        log.exception("job failed", kind=kind.name, job=job.key)
        return Ending(OUR_FAULT)


async def _end(tx: Any, house: House, kind: Kind, job: Job, ending: Ending) -> None:
    now = house.now()
    if not ending.fault:
        await jobs.done(tx, job)
    elif ending.is_final or job.tries > len(kind.pauses):
        log.warning("job set aside", kind=kind.name, job=job.key, fault=ending.fault)
        await jobs.set_aside(tx, job, ending.fault, now=now)
    else:
        pause = max(kind.pauses[job.tries - 1], ending.pause or 0)
        scattered = pause + int(pause * SCATTER * random.random())  # noqa: S311 - no secret
        await jobs.put_off(tx, job, ending.fault, due_at=now + scattered)
