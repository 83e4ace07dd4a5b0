"""The worker's loop: whose turn is it, do it, say how it went, wait."""

import asyncio
import time

import structlog

from remotehandsd.house import House
from remotehandsd.worker.jobs import Timer

log = structlog.get_logger("worker")


async def run(house: House, timers: list[Timer], stop: asyncio.Event) -> None:
    """Run the timers until `stop` is set; what has begun is finished first."""
    due = {timer.name: time.monotonic() for timer in timers}
    while not stop.is_set():
        for timer in timers:
            if time.monotonic() >= due[timer.name] and not stop.is_set():
                await _run_one(house, timer)
                due[timer.name] = time.monotonic() + timer.every
        rest = max(0.0, min(due.values()) - time.monotonic())
        try:
            await asyncio.wait_for(stop.wait(), rest)
        except TimeoutError:
            continue


async def _run_one(house: House, timer: Timer) -> None:
    try:
        await timer.run(house)
    except Exception:
        # One job's fault must not end the others'; it is tried again when its time comes.
        log.exception("job failed", job=timer.name)
