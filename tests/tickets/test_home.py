"""What a customer sees first."""

from cast import Desk, Person
from conftest import SettableClock
from remotehandsd import tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.tickets.home import CHANGES

DAY = 86_400


async def _home(house: House, account: str = "0011A00001AaAB1ABC") -> tickets.Home:
    async with house.db.read() as tx:
        row = await tx.one("SELECT key FROM accounts WHERE environment = 'playground' AND id = :id", id=account)
    assert row is not None
    by = By(name="Ada", environment=Environment.PLAYGROUND, account=row[0], user=1)
    async with house.db.read(by.tenant) as tx:
        return await tickets.at_home(Act(tx, by, house.now()))


async def test_nothing_yet(house: House) -> None:
    home = await _home(house)
    assert (home.by_status, home.changes) == ({}, [])
    assert len(home.opened) == 30
    assert {tickets for _, tickets in home.opened} == {0}


async def test_how_things_stand(house: House, ada: Person, max: Person, dora: Desk) -> None:
    await max.opens(site="FRA003")
    first, second, third = [await ada.opens(title=title) for title in ("one", "two", "three")]
    await dora.does("start", second)
    await ada.comments(first, "hello")
    await dora.does("comments", third, {"comment": "internal", "internal": True})
    await dora.does("time/start", third)
    home = await _home(house)
    assert home.by_status == {"New": 2, "In Progress": 1}
    today, opened = home.opened[-1]
    assert (today % DAY, opened) == (0, 3)
    assert [day for day, _ in home.opened] == list(range(today - 29 * DAY, today + 1, DAY))
    assert [(tickets.wire_number(change.number), change.type, change.by) for change in home.changes] == [
        (first, "ticket.commented", "Ada Example"),
        (second, "ticket.started", "Dora Dispatcher"),
        (third, "ticket.created", "Ada Example"),
    ], "a ticket once, with what happened last; nothing internal"
    assert (home.changes[1].title, home.changes[1].status) == ("two", "In Progress")
    assert (await _home(house, "0022B00002CcEF3GHI")).by_status == {"New": 1}


async def test_days_pass(house: House, ada: Person, clock: SettableClock) -> None:
    for _ in range(CHANGES + 2):
        await ada.opens()
    assert len((await _home(house)).changes) == CHANGES
    clock.ahead = 29 * DAY
    assert (await _home(house)).opened[0][1] == CHANGES + 2
    clock.ahead = 30 * DAY
    assert {tickets for _, tickets in (await _home(house)).opened} == {0}
