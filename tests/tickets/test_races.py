"""Two at once: a lost race is run again once from the load, then it is a refusal (design 3.2)."""

import asyncio

import pytest

from cast import Desk, Person
from remotehandsd.act import Act, By, Environment
from remotehandsd.errors import LostRace
from remotehandsd.house import House
from remotehandsd.tickets import store
from remotehandsd.web.call import Call


async def test_a_cancel_that_races_a_start_succeeds(ada: Person, dora: Desk) -> None:
    for _ in range(10):
        id_ = await ada.opens()
        started, cancelled = await asyncio.gather(dora.does("start", id_), ada.cancels(id_))
        assert cancelled.status_code == 200
        assert started.status_code in {200, 409}
        assert (await ada.ticket(id_))["status"] == "Cancellation Requested"


async def test_of_two_technicians_exactly_one_starts(ada: Person, tess: Desk, tom: Desk, dora: Desk) -> None:
    for _ in range(10):
        id_ = await ada.opens()
        answers = await asyncio.gather(*(desk.does("start", id_) for desk in (tess, tom, dora)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        [winner] = [answer.json()["assignedTo"] for answer in answers if answer.status_code == 200]
        assert (await dora.sees(id_))["assignedTo"] == winner


async def test_a_change_that_hits_no_row_is_done_once_more_from_the_load(house: House, ada: Person) -> None:
    """On one writer nobody comes between, so this verb lets its first try look at an old copy."""
    id_ = await ada.opens()
    number = int(id_[2:])
    async with house.db.read() as tx:
        row = await tx.one("SELECT account FROM tickets WHERE number = :n", n=number)
    assert row is not None
    by = By(name="Ada Example", environment=Environment.PLAYGROUND, account=row[0])
    async with house.db.read() as tx:
        old = await store.get(Act(tx, by, house.now()), number)
    assert (await ada.cancels(id_)).status_code == 200
    copies = [old]

    async def verb(act: Act) -> str:
        ticket = copies.pop() if copies else await store.get(act, number)
        await store.change(act, ticket, updated_at=act.at)
        return str(ticket.status)

    call = _call(house, by)
    assert await call.act(verb) == "Cancellation Requested"
    copies += [old, old]
    with pytest.raises(LostRace):
        await call.act(verb)


def _call(house: House, by: By) -> Call:
    async def receive() -> dict[str, object]:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "headers": [], "query_string": b"", "raw_path": b"/"}
    call = Call(house, None, scope, receive)  # type: ignore[arg-type] - no token is looked at here
    call.by = by
    return call


async def test_many_at_once_lose_nothing(ada: Person) -> None:
    """Creates, comments and edits that share group commits each have exactly their own effect."""
    id_ = await ada.opens()
    work = []
    for number in range(30):
        work.append(ada.post("/v1/remotehands-tickets", {"title": "x" if number % 3 else ""} | BODY))
        work.append(ada.comments(id_, f"comment {number}"))
    answers = await asyncio.gather(*work)
    created = [answer for answer in answers[::2] if answer.status_code == 201]
    assert len(created) == 20
    assert all(answer.status_code == 400 for answer in answers[::2] if answer not in created)
    page = (await ada.get("/v1/remotehands-tickets?size=100")).json()
    assert page["pageable"]["totalElements"] == 21
    said = sorted(one["comment"] for one in (await ada.ticket(id_))["comments"])
    assert said == sorted(f"comment {number}" for number in range(30))


BODY = {"site": "PHX015", "requestType": "Urgent Work", "category": "Other"}
