"""The worker's timers: each has its turn, whatever there is to do, and requests come before all of them."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx

from remotehandsd import jobs
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit.pace import Pace
from remotehandsd.worker import Kind, run, work_off
from remotehandsd.worker.jobs import Timer

T = TypeVar("T")


class Pressed(Pace):
    """The pace of a server that is driven to its limit: after each piece of work a rest."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = self.works = 0
        self.over = 0.0

    def came(self) -> None:
        self.requests += 1

    def rest(self) -> float:
        return self.over - time.monotonic()

    async def timed(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await work
        finally:
            self.works += 1
            self.over = time.monotonic() + 0.02


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
    assert done.count("some of it") >= 2, "what is not done is done on, long before its time comes"


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


async def test_who_gives_way_rests_and_is_not_passed_over(house: House) -> None:
    house.pace = pace = Pressed()
    stop = asyncio.Event()
    done: list[tuple[str, bool]] = []

    def timer(name: str, *, gives_way: bool = True) -> Timer:
        async def some(house: House) -> bool:
            done.append((name, pace.rest() > 0))
            if len(done) >= 60:
                stop.set()
            return True

        return Timer(name, 60.0, some, gives_way)

    timers = [timer("first"), timer("second"), timer("third"), timer("waited for", gives_way=False)]
    async with asyncio.timeout(20):
        await run(house, "timers", timers, stop)
    times = Counter(name for name, _ in done)
    assert not any(pressed for name, pressed in done if name != "waited for")
    assert any(pressed for name, pressed in done if name == "waited for"), "requests stand on what it does"
    assert times["waited for"] > times["first"]
    assert min(times["first"], times["second"], times["third"]) >= times["first"] - 1 > 0, "each has its turn"
    assert pace.works == times["first"] + times["second"] + times["third"]


async def test_jobs_begin_when_the_rest_is_over(house: House) -> None:
    house.pace = pace = Pressed()
    async with house.db.write() as tx:
        for about in range(3):
            await jobs.add(tx, "errand", about, now=house.now(), due_at=house.now())
    pace.over = time.monotonic() + 0.1
    stop = asyncio.Event()
    done: list[bool] = []

    async def do(house: House, job: Job) -> Ending:
        done.append(pace.rest() > 0)
        if len(done) == 3:
            stop.set()
        return Ending()

    async with asyncio.timeout(20):
        await work_off(house, Kind("errand", do, (), 4, 4), stop)
    assert done == [False, False, False]


async def test_the_door_tells_who_came(house: House, web: httpx.AsyncClient) -> None:
    house.pace = pace = Pressed()
    for path in ("/healthz", "/v1/accounts", "/nowhere"):
        await web.get(path)
    assert pace.requests == 3
