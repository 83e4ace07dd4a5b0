"""Lanes that were silent leave their places to others, and come back."""

import asyncio
from collections import Counter

import pytest

from remotehandsd import jobs
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.worker import Kind, lanes, work_off
from remotehandsd.worker.lanes import MOST_SLOW, SLOW_SECONDS, Lanes


def of(lane: int) -> Job:
    return Job(key=1, kind="errand", about=1, lane=lane, tries=1)


def test_a_silent_lane_rests_and_then_one_asks() -> None:
    now = 1000.0
    kept = Lanes(2, 3.0, clock=lambda: now)
    assert kept.taken([of(5), of(5), of(6)]) == [5, 5, 6]
    kept.ended(of(5), seconds=10.0, failed=True)
    assert kept.taken([]) == [5, 5]
    now += 29
    assert kept.taken([of(6)]) == [6, 5, 5]
    now += 1
    assert kept.taken([]) == [5], "one asks whether somebody is there"
    kept.ended(of(5), seconds=SLOW_SECONDS, failed=True)
    assert kept.taken([]) == [5, 5]
    now += 6
    kept.ended(of(5), seconds=0.1, failed=False)
    assert kept.taken([]) == []


def test_who_is_slow_and_well_rests_as_long_as_it_took() -> None:
    now = 1000.0
    kept = Lanes(2, 3.0, clock=lambda: now)
    kept.ended(of(5), seconds=7.0, failed=False)
    assert kept.taken([]) == [5, 5]
    now += 7
    assert kept.taken([]) == [5]


@pytest.mark.parametrize(
    ("seconds", "failed", "rest"),
    [(0.1, True, 3.0), (0.1, False, 3.0), (10.0, True, 0.0)],
    ids=["failed quickly", "was quick", "never rests"],
)
def test_others_do_not_rest(seconds: float, failed: bool, rest: float) -> None:
    kept = Lanes(2, rest)
    kept.ended(of(5), seconds=seconds, failed=failed)
    assert kept.taken([]) == []


def test_a_bounded_number_is_remembered() -> None:
    kept = Lanes(1, 3.0)
    for lane in range(MOST_SLOW + 10):
        kept.ended(of(lane), seconds=10.0, failed=True)
    assert len(kept.taken([])) == MOST_SLOW
    assert 0 not in kept.taken([])


async def test_many_that_are_silent_leave_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SLOW_SECONDS", 0.05)
    others = 99
    async with house.db.write() as tx:
        silent = [(about, 1 + about % 9) for about in range(10, 110)]
        await jobs.add_many(tx, "errand", silent, now=house.now() - 60)
        await jobs.add_many(tx, "errand", [(about, others) for about in range(1000, 1030)], now=house.now())
    done: Counter[int] = Counter()
    stop = asyncio.Event()

    async def do(house: House, job: Job) -> Ending:
        done[job.lane] += 1
        if job.lane != others:
            await asyncio.sleep(0.1)
            return Ending("Nobody answered.")
        if done[others] == 30:
            stop.set()
        return Ending()

    async with asyncio.timeout(60):
        await work_off(house, Kind("errand", do, (1000,), 4, 2, rest=10_000), stop)
    assert done[others] == 30
    assert {done[lane] for lane in range(1, 10)} <= {1, 2}, "each held its places once, of eleven jobs"
