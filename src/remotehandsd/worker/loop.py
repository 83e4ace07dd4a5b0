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

BREATH_SECONDS = 0.012
"""How long one that has more to do rests at least: where there is one writer, others come between."""
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
        # The longest due first: who had to rest must not find the same ones before it every time.
        for timer in sorted(timers, key=lambda timer: due[timer.name]):
            if turn.is_ours and time.monotonic() >= due[timer.name] and not stop.is_set() and _may(house, timer):
                is_more = await _run_in_turn(house, timer)
                due[timer.name] = time.monotonic() + (BREATH_SECONDS if is_more else timer.every)
        rest = min(_wait(house, timer, due[timer.name]) for timer in timers) if turn.is_ours else STANDBY_SECONDS
        try:
            await asyncio.wait_for(stop.wait(), rest)
        except TimeoutError:
            continue


def _may(house: House, timer: Timer) -> bool:
    return not timer.gives_way or house.pace.rest() <= 0


def _wait(house: House, timer: Timer, due: float) -> float:
    return max(0.0, due - time.monotonic(), house.pace.rest() if timer.gives_way else 0.0)


async def _run_in_turn(house: House, timer: Timer) -> bool:
    work = _run_one(house, timer)
    return await (house.pace.timed(work) if timer.gives_way else work)


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
