"""Events are told in an order that misses nothing, whoever commits when."""

import asyncio

import pytest

from remotehandsd import events
from remotehandsd.act import Act, By, Environment
from remotehandsd.events import START, Told, mark_named
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, Tx

BY = By(name="Ada", environment=Environment.PLAYGROUND, account=1, user=1)


async def _told(house: House) -> list[Told]:
    async with house.db.read(1) as tx:
        return await events.since(Act(tx, BY, 0), START, most=100)


async def _record(tx: Tx, ticket: int, kind: str = "ticket.commented") -> None:
    await events.record(Act(tx, BY, 0), kind, ticket=ticket)


async def test_only_what_customers_may_see(house: House) -> None:
    async with house.db.write(1) as tx:
        for number, kind in enumerate((*events.TOLD, "ticket.noted", "ticket.assigned", "site.added")):
            await _record(tx, number, kind)
    assert [event.type for event in await _told(house)] == list(events.TOLD)


@pytest.mark.engine("postgres")
async def test_a_transaction_that_is_open_across_a_look(house: House) -> None:
    is_written, may_commit = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with house.db.write(1) as tx:
            await _record(tx, 1)
            is_written.set()
            await may_commit.wait()

    writing = asyncio.create_task(slow())
    await is_written.wait()
    async with house.db.write(1) as tx:
        await _record(tx, 2)
    assert await _told(house) == [], "the second may not be told: the first would be missed for ever"
    may_commit.set()
    await writing
    assert [event.ticket for event in await _told(house)] == [1, 2]


@pytest.mark.engine("postgres")
async def test_an_id_given_before_a_transaction_that_commits_first(house: House) -> None:
    """The one with the smaller id has the larger transaction: marks hold both."""
    has_transaction, may_write = asyncio.Event(), asyncio.Event()

    async def early_and_slow() -> None:
        async with house.db.write(1) as tx:
            await tx.one("SELECT pg_current_xact_id()")
            has_transaction.set()
            await may_write.wait()
            await _record(tx, 1)

    writing = asyncio.create_task(early_and_slow())
    await has_transaction.wait()
    async with house.db.write(1) as tx:
        await _record(tx, 2)
    seen = await _told(house)
    may_write.set()
    await writing
    both = await _told(house)
    assert [event.ticket for event in both] == [1, 2]
    assert both[0].id > both[1].id
    assert seen == []


async def test_a_reader_reads_each_once(house: House) -> None:
    async with house.db.write(1) as tx:
        for ticket in range(7):
            await _record(tx, ticket)
    read: list[int] = []

    async def read_some() -> int:
        async with house.db.write(EVERY_TENANT) as tx:
            found = await events.unread(tx, "webhooks", most=2)
            if found:
                await events.mark_read(tx, "webhooks", found[-1])
        read.extend(event.ticket for event in found)
        return len(found)

    await asyncio.gather(*(read_some() for _ in range(6)))
    assert sorted(read) == list(range(7))
    assert await read_some() == 0
    async with house.db.write(EVERY_TENANT) as tx:
        assert len(await events.unread(tx, "notices", most=100)) == 7, "each reader has its own mark"


async def test_what_is_taken_back_is_not_read(house: House) -> None:
    async with house.db.write(1) as tx:
        await _record(tx, 1)
    with pytest.raises(RuntimeError):
        async with house.db.write(EVERY_TENANT) as tx:
            [event] = await events.unread(tx, "notices", most=10)
            await events.mark_read(tx, "notices", event)
            raise RuntimeError("the worker fails")
    async with house.db.write(EVERY_TENANT) as tx:
        assert await events.unread(tx, "notices", most=10) == [event]


@pytest.mark.engine("postgres")
async def test_in_a_cluster_that_a_dump_was_restored_into(house: House) -> None:
    async with house.db.write(EVERY_TENANT) as tx:
        await _record(tx, 1)
        # As if it came from a cluster that has seen a million million transactions.
        await tx.run("ALTER TABLE events DISABLE TRIGGER events_stay")
        await tx.run("UPDATE events SET transaction = 1000000000000 WHERE told = 1")
        await tx.run("ALTER TABLE events ENABLE TRIGGER events_stay")
    assert await _told(house) == []
    assert await house.db.migrate() == ["transactions counted on from those of the events"]
    assert await house.db.migrate() == []
    async with house.db.write(1) as tx:
        await _record(tx, 2)
    old, new = await _told(house)
    assert (old.ticket, new.ticket) == (1, 2)
    assert mark_named(new.name) == new.mark
    async with house.db.read(1) as tx:
        assert await events.since(Act(tx, BY, 0), old.mark, most=10) == [new]
