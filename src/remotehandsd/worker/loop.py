"""The worker's loop: is it our turn, what is due, do it, say how it went, wait."""

import asyncio
import time
from contextlib import suppress

import structlog

from remotehandsd.house import House
from remotehandsd.kit.db import Unavailable
from remotehandsd.kit.files import FilesAway
from remotehandsd.worker.jobs import Timer
from remotehandsd.worker.turn import Turn

STANDBY_SECONDS = 1.0
"""How often a worker looks whether its turn has come."""

log = structlog.get_logger("worker")


async def run(house: House, name: str, timers: list[Timer], stop: asyncio.Event) -> None:
    """Run the timers until `stop` is set, unless another process does so under this name.

    What has begun is finished first, and only then the turn is given up.
    """
    turn = Turn(house, name)
    await turn.ask()
    keeping = asyncio.create_task(turn.keep())
    try:
        await _work(house, timers, turn, stop)
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await turn.give_up()


async def _work(house: House, timers: list[Timer], turn: Turn, stop: asyncio.Event) -> None:
    due = {timer.name: time.monotonic() for timer in timers}
    while not stop.is_set():
        for timer in timers:
            if turn.is_ours and time.monotonic() >= due[timer.name] and not stop.is_set():
                await house.pace.give_way()
                is_more = await house.pace.measured(_run_one(house, timer))
                due[timer.name] = time.monotonic() + (0.0 if is_more else timer.every)
        rest = min(due.values()) - time.monotonic() if turn.is_ours else STANDBY_SECONDS
        try:
            await asyncio.wait_for(stop.wait(), max(0.0, rest))
        except TimeoutError:
            continue


async def _run_one(house: House, timer: Timer) -> bool:
    """Run it once; tell whether it has more to do."""
    try:
        return await timer.run(house) is True
    except (Unavailable, FilesAway) as error:
        log.warning("job put off", job=timer.name, reason=str(error))
    except Exception:
        # One job's fault must not end the others'; it is tried again when its time comes.
        log.exception("job failed", job=timer.name)
    return False
