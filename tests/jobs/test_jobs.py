"""Jobs: taken by one, taken over when he dies, put off, set aside, tried again."""

import asyncio

import pytest

from conftest import SettableClock
from remotehandsd import jobs
from remotehandsd.errors import NotFound
from remotehandsd.house import House
from remotehandsd.jobs import LEASE_SECONDS, Job


async def _add(house: House, about: int, *, lane: int = 0, wait: int = 0) -> None:
    async with house.db.write() as tx:
        await jobs.add(tx, "mail", about, lane=lane, now=house.now(), due_at=house.now() + wait)


async def _claim(
    house: House, *, most: int = 10, per_lane: int = 10, busy: tuple[int, ...] = (), holder: str = "one"
) -> list[Job]:
    async with house.db.write() as tx:
        return await jobs.claim(tx, "mail", holder, now=house.now(), most=most, per_lane=per_lane, busy=busy)


async def test_when_it_is_due(house: House, clock: SettableClock) -> None:
    await _add(house, 1, wait=60)
    assert await _claim(house) == []
    clock.ahead += 60
    [job] = await _claim(house)
    assert (job.kind, job.about, job.tries) == ("mail", 1, 1)
    assert await _claim(house) == []
    async with house.db.write() as tx:
        assert await jobs.claim(tx, "webhook", "one", now=house.now(), most=10, per_lane=10, busy=()) == []


async def test_each_by_one(house: House) -> None:
    for about in range(40):
        await _add(house, about)
    taken = await asyncio.gather(*(_claim(house, most=10, holder=str(number)) for number in range(8)))
    assert sorted(job.about for some in taken for job in some) == list(range(40))


async def test_taken_over_from_who_died(house: House, clock: SettableClock) -> None:
    await _add(house, 1)
    [first] = await _claim(house)
    clock.ahead += LEASE_SECONDS - 1
    assert await _claim(house) == []
    clock.ahead += 1
    [second] = await _claim(house, holder="two")
    assert second.tries == 2
    async with house.db.write() as tx:
        # The first lives after all, and has nothing more to say.
        await jobs.done(tx, first)
        await jobs.put_off(tx, first, "late", due_at=house.now() + 9999)
        await jobs.set_aside(tx, first, "late", now=house.now())
        [waiting] = await jobs.waiting(tx, most=10)
    assert (waiting.holder, waiting.fault, waiting.set_aside_at) == ("two", "", None)
    async with house.db.write() as tx:
        await jobs.done(tx, second)
        assert await jobs.waiting(tx, most=10) == []


async def test_a_lane_takes_no_more_than_its_share(house: House) -> None:
    for about in range(300):
        await _add(house, about, lane=7)
    await _add(house, 300, lane=8)
    await _add(house, 301)
    assert [job.lane for job in await _claim(house, per_lane=2)] == [7, 7]
    assert [job.about for job in await _claim(house, per_lane=2, busy=(7, 7))] == [300, 301]
    assert [job.lane for job in await _claim(house, per_lane=2, busy=(7,))] == [7]


async def test_put_off_and_set_aside_and_tried_again(house: House, clock: SettableClock) -> None:
    await _add(house, 1)
    [job] = await _claim(house)
    async with house.db.write() as tx:
        await jobs.put_off(tx, job, "x" * 10_000, due_at=house.now() + 300)
    assert await _claim(house) == []
    clock.ahead += 300
    [job] = await _claim(house)
    assert job.tries == 2
    async with house.db.write() as tx:
        await jobs.set_aside(tx, job, "never", now=house.now())
        [aside] = await jobs.waiting(tx, most=10)
    assert aside.set_aside_at in {house.now() - 1, house.now()}, "the second may have changed meanwhile"
    clock.ahead += 999_999
    assert await _claim(house) == []
    async with house.db.write() as tx:
        await jobs.retry(tx, job.key, now=house.now())
    [job] = await _claim(house)
    assert job.tries == 1, "what was set aside begins anew"
    with pytest.raises(NotFound):
        async with house.db.write() as tx:
            await jobs.retry(tx, 999, now=house.now())


async def test_hastened_and_dropped(house: House) -> None:
    await _add(house, 1, wait=3600)
    async with house.db.write() as tx:
        await jobs.hasten(tx, "mail", 1, now=house.now())
        await jobs.hasten(tx, "mail", 2, lane=5, now=house.now())
    taken = await _claim(house)
    assert [(job.about, job.lane) for job in taken] == [(1, 0), (2, 5)]
    async with house.db.write() as tx:
        # In hand: it is not given to a second one.
        await jobs.hasten(tx, "mail", 1, now=house.now())
    assert await _claim(house) == []
    async with house.db.write() as tx:
        await jobs.drop(tx, "mail", 1)
        assert [job.about for job in await jobs.waiting(tx, most=10)] == [2]


async def test_many_at_once_and_a_whole_lane_dropped(house: House) -> None:
    async with house.db.write() as tx:
        await jobs.add_many(tx, "mail", [(1, 5), (2, 6), (3, 5)], now=house.now())
        await jobs.add_many(tx, "webhook", [(1, 5)], now=house.now())
    [taken] = await _claim(house, most=1)
    assert (taken.about, taken.lane, taken.tries) == (1, 5, 1)
    async with house.db.write() as tx:
        await jobs.drop_lane(tx, "mail", 5)
        await jobs.put_off(tx, taken, "in hand while it was dropped", due_at=0)
        assert [(job.kind, job.about) for job in await jobs.waiting(tx, most=10)] == [("mail", 2), ("webhook", 1)]
