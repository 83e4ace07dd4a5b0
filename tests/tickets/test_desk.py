"""The desk's queue of open tickets, its counts, and what is usual."""

import asyncio
from collections.abc import Callable
from statistics import median_low
from subprocess import CompletedProcess
from typing import Any

import pytest

from cast import Desk, Person
from conftest import SettableClock
from remotehandsd import events, tickets
from remotehandsd.accounts import staff_member
from remotehandsd.act import Act, By, Environment
from remotehandsd.errors import NotAllowed
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import Filters, ListedTicket, Page, Usual, age_in_usual
from remotehandsd.worker.usual import learn

PLANNED = {"requestType": "Planned Work", "category": "Tape swaps"}


async def _by(house: House, name: str, environment: Environment = Environment.PLAYGROUND) -> By:
    async with house.db.read() as tx:
        by = await staff_member(Act(tx, By(name="", environment=environment), 0), f"{name}@operator.example")
    assert by is not None
    return by


async def _look(house: House, name: str, verb: Any, *args: Any, **more: Any) -> Any:
    async with house.db.read(EVERY_TENANT) as tx:
        return await verb(Act(tx, await _by(house, name), house.now()), *args, **more)


async def _open(house: House, name: str, **filters: Any) -> list[str]:
    page: Page = await _look(house, name, tickets.list_open, Filters(**filters), size=50, number=0)
    assert page.total == len(page.items)
    return [tickets.wire_number(item.number) for item in page.items]


async def test_urgent_first_then_the_oldest(
    house: House, ada: Person, max: Person, dora: Desk, tom: Desk, clock: SettableClock
) -> None:
    ids = []
    for person, more in ((ada, PLANNED), (ada, {}), (max, {"site": "FRA003"}), (ada, PLANNED), (ada, {})):
        ids.append(await person.opens(**more))
        clock.ahead += 10
    planned, urgent, foreign, later, done = ids
    await dora.does("start", done)
    assert await _open(house, "dora") == [urgent, foreign, done, planned, later]
    await dora.does("complete", done)
    assert await _open(house, "dora") == [urgent, foreign, planned, later]
    assert await _open(house, "tom") == [urgent, planned, later], "Tom works at PHX015 only"
    await tom.does("start", planned)
    assert await _open(house, "dora", assigned_to="Tom Technician") == [planned]
    assert await _open(house, "dora", unassigned=True) == [urgent, foreign, later]
    assert await _open(house, "dora", status="In Progress") == [planned]
    assert await _open(house, "dora", status="Completed") == []
    assert await _open(house, "dora", request_type="Planned Work", site="PHX015") == [planned, later]
    assert await _open(house, "dora", account_id="0022B00002CcEF3GHI") == [foreign]
    assert await _open(house, "dora", site="\0") == []
    second: Page = await _look(house, "dora", tickets.list_open, Filters(), size=2, number=1)
    assert ([tickets.wire_number(item.number) for item in second.items], second.total) == ([planned, later], 4)
    beyond: Page = await _look(house, "dora", tickets.list_open, Filters(), size=2, number=2)
    assert (beyond.items, beyond.total) == ([], 4)

    counted: tickets.Counted = await _look(house, "dora", tickets.counted)
    assert (counted.total, counted.urgent) == (4, 2)
    assert counted.by_site == {"FRA003": {"New": 1}, "PHX015": {"New": 2, "In Progress": 1}}
    assert counted.by_status == {"New": 3, "In Progress": 1}
    assert counted.by_holder == {"": 3, "Tom Technician": 1}
    toms: tickets.Counted = await _look(house, "tom", tickets.counted)
    assert (toms.total, list(toms.by_site)) == (3, ["PHX015"])


async def test_another_environments_desk_sees_nothing(house: House, ada: Person) -> None:
    await ada.opens()
    otto = await _by(house, "otto", Environment.PRODUCTION)
    async with house.db.read(EVERY_TENANT) as tx:
        act = Act(tx, otto, house.now())
        assert (await tickets.list_open(act, Filters(), size=9, number=0)).total == 0
        assert (await tickets.counted(act)).total == 0


async def test_customers_have_no_queue(house: House, ada: Person) -> None:
    await ada.opens()
    customer = By(name="Ada", environment=Environment.PLAYGROUND, account=1, user=1)
    async with house.db.read(1) as tx:
        act = Act(tx, customer, house.now())
        with pytest.raises(NotAllowed):
            await tickets.list_open(act, Filters(), size=9, number=0)
        with pytest.raises(NotAllowed):
            await tickets.counted(act)


async def _usual(house: House) -> dict[tuple[str, str], Usual]:
    await learn(house)
    found: dict[tuple[str, str], Usual] = await _look(house, "dora", tickets.usual_times)
    return found


async def test_what_is_usual(house: House, ada: Person, dora: Desk, clock: SettableClock) -> None:
    assert await _usual(house) == {}
    kind = ("Urgent Work", "Power cycle or reboot")
    waits, works = [100, 500, 300], [1000, 50, 200]
    for wait, work in zip(waits, works, strict=True):
        id_ = await ada.opens()
        clock.ahead += wait
        await dora.does("start", id_)
        clock.ahead += work
        await dora.does("complete", id_)
    await ada.opens(**PLANNED)
    usual = await _usual(house)
    assert usual.keys() == {kind}
    to_start, to_complete = usual[kind].to_start, usual[kind].to_complete
    assert to_start is not None
    assert to_complete is not None
    # A second may pass between two calls.
    assert abs(to_start - median_low(waits)) <= 3
    assert abs(to_complete - median_low([wait + work for wait, work in zip(waits, works, strict=True)])) <= 3
    async with house.db.read() as tx:
        assert await tickets.usual_times(Act(tx, await _by(house, "otto", Environment.PRODUCTION), 0)) == {}
    id_ = await ada.opens(**PLANNED)
    await dora.does("start", id_)
    usual = await _usual(house)
    started = usual["Planned Work", "Tape swaps"]
    assert (started.to_start is not None, started.to_complete) == (True, None)
    clock.ahead += 91 * 86_400
    assert await _usual(house) == {}, "what is older than 90 days is forgotten"


def _listed(status: str, created_at: int) -> ListedTicket:
    return ListedTicket(1000001, "t", status, "PHX015", "", "Other", "Urgent Work", created_at, created_at, None, "Ada")


def test_age_in_what_is_usual() -> None:
    usual = {("Urgent Work", "Other"): Usual(600, 3600)}
    assert age_in_usual(_listed("New", 1000), usual, now=1300) == 0.5
    assert age_in_usual(_listed("In Progress", 1000), usual, now=8200) == 2.0
    assert age_in_usual(_listed("Cancellation Requested", 1000), usual, now=8200) == 2.0
    assert age_in_usual(_listed("Completed", 1000), usual, now=8200) is None
    assert age_in_usual(_listed("New", 1000), {}, now=8200) is None
    assert age_in_usual(_listed("New", 1000), {("Urgent Work", "Other"): Usual(0)}, now=1002) == 2.0


async def test_live_pages_see_that_something_happened(house: House, ada: Person, dora: Desk) -> None:
    async def state() -> str:
        async with house.db.glance() as tx:
            return await events.state_of_all(tx)

    seen = [await state()]
    id_ = await ada.opens()
    seen.append(await state())
    await dora.does("assign", id_, {"email": "tess@operator.example"})
    seen.append(await state())
    await dora.does("time/start", id_)
    seen.append(await state())
    assert len(set(seen)) == 4, "internal events, too"
    await dora.sees(id_)
    assert await state() == seen[-1]


@pytest.mark.engine("postgres")
async def test_a_late_event_is_seen_by_live_pages(house: House, ada: Person) -> None:
    """Ids are given before the commit: one that appears below the newest is seen all the same."""
    is_written, may_commit = asyncio.Event(), asyncio.Event()
    by = By(name="Ada", environment=Environment.PLAYGROUND, account=1, user=1)

    async def slow() -> None:
        async with house.db.write(1) as tx:
            await events.record(Act(tx, by, 0), "ticket.commented", ticket=1)
            is_written.set()
            await may_commit.wait()

    writing = asyncio.create_task(slow())
    await is_written.wait()
    await ada.opens()
    async with house.db.glance() as tx:
        before = await events.state_of_all(tx)
    may_commit.set()
    await writing
    async with house.db.glance() as tx:
        assert await events.state_of_all(tx) != before


@pytest.mark.engine("postgres")
async def test_pages_walk_along_their_index(
    house: House, command: Callable[..., CompletedProcess[str]], ada: Person
) -> None:
    done = await asyncio.to_thread(command, "fabricate", "--tickets", "20000", "--accounts", "20")
    assert done.returncode == 0, done.stderr
    async with house.db.write(EVERY_TENANT) as tx:
        await tx.run("ANALYZE tickets")
    async with house.db.read(EVERY_TENANT) as tx:
        plan = await tx.all(
            """
            EXPLAIN SELECT t.number FROM tickets t WHERE t.environment = :environment
            AND t.status IN ('New', 'In Progress', 'Cancellation Requested')
            ORDER BY t.request_type DESC, t.created_at, t.number LIMIT 25
            """,
            environment="playground",
        )
    text = "\n".join(row[0] for row in plan)
    assert "tickets_desk" in text
    assert "Sort" not in text
