"""The worker's timers: each has its turn, whatever there is to do, and requests come before all of them."""

import asyncio
import time

import httpx

from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit.pace import Pace
from remotehandsd.worker import Kind, run, work_off
from remotehandsd.worker.jobs import Timer


class Kept(Pace):
    """A pace that remembers who gave way, and who came."""

    def __init__(self) -> None:
        super().__init__()
        self.gave_way = self.requests = 0
        self.seconds = 0.0

    def came(self) -> None:
        self.requests += 1
        super().came()

    async def give_way(self) -> None:
        self.gave_way += 1
        self.seconds += self._worked
        await super().give_way()


async def test_much_to_do_does_not_keep_the_others_from_their_turn(house: House) -> None:
    stop = asyncio.Event()
    done: list[str] = []

    async def without_end(house: House) -> bool:
        done.append("some of it")
        await asyncio.sleep(0)
        return True

    async def now_and_then(house: House) -> int:
        done.append("now and then")
        if done.count("now and then") == 3:
            stop.set()
        return 1

    timers = [Timer("without end", 60.0, without_end), Timer("now and then", 0.01, now_and_then)]
    async with asyncio.timeout(20):
        await run(house, "timers", timers, stop)
    assert done.count("now and then") == 3
    assert done.count("some of it") > 3, "what is not done is done on, without the pause between two times"


async def test_what_is_done_once_rests(house: House) -> None:
    stop = asyncio.Event()
    done: list[str] = []
    seen: list[int] = []

    async def counted(house: House) -> int:
        done.append("counted")
        return 7

    async def ends_it(house: House) -> None:
        seen.append(1)
        if len(seen) > 5:
            stop.set()

    async with asyncio.timeout(20):
        await run(house, "timers", [Timer("counted", 60.0, counted), Timer("ends it", 0.01, ends_it)], stop)
    assert done == ["counted"], "a number is how much was done, not that there is more"


async def test_timers_and_jobs_give_way_to_requests(house: House, web: httpx.AsyncClient) -> None:
    house.pace = pace = Kept()
    for _ in range(3):
        await web.get("/healthz")
    assert pace.requests == 3
    stop = asyncio.Event()

    async def works(house: House) -> None:
        time.sleep(0.02)  # noqa: ASYNC251 - it holds the event loop
        stop.set()

    await run(house, "timers", [Timer("works", 60.0, works)], stop)
    assert pace.gave_way == 1
    assert pace._worked >= 0.02

    async def do(house: House, job: Job) -> Ending:
        raise AssertionError("there is no such job")

    stop.clear()
    working = asyncio.create_task(work_off(house, Kind("errand", do, (), 1, 1), stop))  # type: ignore[arg-type]
    while pace.gave_way < 2:
        await asyncio.sleep(0.01)
    stop.set()
    await working
    assert pace.seconds >= 0.02, "what was worked is what is rested for"
