"""ETag, If-None-Match and If-Match (contract.md section 17.22)."""

import asyncio
import hashlib
from typing import Any

import pytest

from cast import OPENING, Desk, Person, message
from conftest import SettableClock
from remotehandsd import tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House

TICKETS = "/v1/remotehands-tickets"
CHANGED = "The ticket has changed."


async def tag(person: Person, id_: str) -> str:
    return str((await person.get(f"{TICKETS}/{id_}")).headers["etag"])


async def desk_tag(desk: Desk, id_: str) -> str:
    return str((await desk.get(f"/operator/v1/tickets/{id_}")).headers["etag"])


async def test_the_tag_is_of_the_body_as_sent(ada: Person, dora: Desk) -> None:
    created = await ada.post(TICKETS, OPENING)
    id_ = created.json()["id"]
    got = await ada.get(f"{TICKETS}/{id_}")
    updated = await ada.put(f"{TICKETS}/{id_}", {"customerReference": "A1"})
    on_the_desk = await dora.get(f"/operator/v1/tickets/{id_}")
    started = await dora.does("start", id_)
    for answer in (created, got, updated, on_the_desk, started):
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert created.headers["etag"] == got.headers["etag"], "the same bytes"
    assert updated.headers["etag"] != got.headers["etag"]
    assert started.headers["etag"] == await desk_tag(dora, id_) != on_the_desk.headers["etag"]
    headed = await ada.request("HEAD", f"{TICKETS}/{id_}")
    assert headed.headers["etag"] == await tag(ada, id_)
    assert "etag" not in (await ada.cancels(id_)).headers, "a message is no ticket"
    assert "etag" not in (await ada.get(TICKETS)).headers


async def test_who_has_it_gets_no_body(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    for person, path in ((ada, f"{TICKETS}/{id_}"), (dora.person, f"/operator/v1/tickets/{id_}")):
        known = (await person.get(path)).headers["etag"]
        for given in (known, f'"other", {known}', f"W/{known}", "*", f'W/"x,y" ,{known}'):
            for method in ("GET", "HEAD"):
                answer = await person.request(method, path, headers={"If-None-Match": given})
                assert (answer.status_code, answer.content) == (304, b""), given
                assert answer.headers["etag"] == known
                assert answer.headers["cache-control"] == "private, no-cache"
                assert "content-type" not in answer.headers
        for given in ('"other"', known.strip('"'), "", ",", known[:-1], '"*"'):
            answer = await person.get(path, headers={"If-None-Match": given})
            assert answer.status_code == 200, given
        twice = [(b"If-None-Match", b'"other"'), (b"If-None-Match", known.encode())]
        headers = [(name.encode(), value.encode()) for name, value in person.headers.items()] + twice
        assert (await person.web.get(path, headers=headers)).status_code == 304
    assert (await ada.get(f"{TICKETS}/WO7568", headers={"If-None-Match": "*"})).status_code == 404


async def test_a_change_under_the_right_tag(ada: Person) -> None:
    id_ = await ada.opens()
    path = f"{TICKETS}/{id_}"
    first = await tag(ada, id_)
    answer = await ada.put(path, {"customerReference": "A1"}, headers={"If-Match": f'"x", {first}'})
    assert answer.status_code == 200
    second = answer.headers["etag"]
    for wrong in (first, f"W/{second}", '"x"', second.strip('"'), "", '"*"'):
        assert message(await ada.put(path, {"customerReference": "A2"}, headers={"If-Match": wrong}), 412) == CHANGED
        assert message(await ada.put(f"{path}/cancel", {}, headers={"If-Match": wrong}), 412) == CHANGED
    assert (await ada.ticket(id_))["customerReference"] == "A1"
    assert (await ada.put(path, {"customerReference": "A3"}, headers={"If-Match": "*"})).status_code == 200
    assert (await ada.put(path, {"customerReference": "A4"})).status_code == 200, "optional"
    last = await tag(ada, id_)
    assert (await ada.put(f"{path}/cancel", {}, headers={"If-Match": last})).status_code == 200


async def test_a_comment_or_a_move_changes_the_tag(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    before = await tag(ada, id_)
    await ada.comments(id_, "Hello.")
    assert message(await ada.put(f"{TICKETS}/{id_}", {}, headers={"If-Match": before}), 412) == CHANGED
    before = await tag(ada, id_)
    await dora.does("start", id_)
    assert message(await ada.put(f"{TICKETS}/{id_}/cancel", {}, headers={"If-Match": before}), 412) == CHANGED


async def test_what_the_customer_cannot_see_leaves_his_tag(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    await dora.does("start", id_)
    his, ours = await tag(ada, id_), await desk_tag(dora, id_)
    assert (await dora.does("comments", id_, {"comment": "Note.", "internal": True})).status_code == 200
    assert (await dora.does("assign", id_, {"email": "tess@operator.example"})).status_code == 200
    assert await tag(ada, id_) == his
    assert await desk_tag(dora, id_) != ours
    assert (
        await ada.put(f"{TICKETS}/{id_}", {"customerReference": "A1"}, headers={"If-Match": his})
    ).status_code == 200


MOVES: list[tuple[str, Any]] = [
    ("comments", {"comment": "Note.", "internal": True}),
    ("comments", {"comment": "Hello."}),
    ("assign", {"email": "dora@operator.example"}),
    ("start", None),
    ("complete", None),
]


async def test_moves_under_the_desks_tag(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    customers = await tag(ada, id_)
    known = await desk_tag(dora, id_)
    for move, body in MOVES:
        path = f"/operator/v1/tickets/{id_}/{move}"
        for wrong in (customers, f"W/{known}", '"x"'):
            answer = await dora.post(path, body, headers={"If-Match": wrong})
            assert answer.status_code == 412
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"] == CHANGED
        answer = await dora.post(path, body, headers={"If-Match": known})
        assert answer.status_code == 200, answer.text
        known = answer.headers["etag"]
    assert known == await desk_tag(dora, id_)


async def test_a_clock_that_runs_does_not_change_the_desks_tag(ada: Person, dora: Desk, clock: SettableClock) -> None:
    id_ = await ada.opens()
    started = await dora.post(f"/operator/v1/tickets/{id_}/time/start")
    assert started.status_code == 200, started.text
    known = started.headers["etag"]
    clock.ahead = 600
    path = f"/operator/v1/tickets/{id_}"
    assert (await dora.sees(id_))["time"]["totalMinutes"] >= 10
    assert (await dora.get(path)).headers["etag"] == known
    stopped = await dora.post(f"{path}/time/stop", headers={"If-Match": known})
    assert stopped.status_code == 200
    assert stopped.headers["etag"] != known
    assert (await dora.post(f"{path}/start", headers={"If-Match": known})).status_code == 412


async def test_the_order_of_checks(ada: Person, max: Person, tom: Desk, dora: Desk) -> None:
    """After existence, before fields and status."""
    id_ = await ada.opens()
    wrong = {"If-Match": '"x"'}
    bad = {"customerReference": "x" * 41}
    assert (await ada.put(f"{TICKETS}/WO7568", {}, headers=wrong)).status_code == 404
    assert (await ada.put(f"{TICKETS}/nothing", {}, headers=wrong)).status_code == 404
    assert (await max.put(f"{TICKETS}/{id_}", {}, headers=wrong)).status_code == 404
    assert (await max.put(f"{TICKETS}/{id_}", {}, headers={"If-Match": "*"})).status_code == 404
    assert (await ada.put(f"{TICKETS}/{id_}", bad, headers=wrong)).status_code == 412
    assert (await ada.put(f"{TICKETS}/{id_}", bad, headers={"If-Match": await tag(ada, id_)})).status_code == 400
    await dora.does("cancel", id_)
    assert (await ada.put(f"{TICKETS}/{id_}", {}, headers=wrong)).status_code == 412
    assert (await ada.put(f"{TICKETS}/{id_}", {}, headers={"If-Match": await tag(ada, id_)})).status_code == 400
    assert (await dora.post("/operator/v1/tickets/WO7568/start", headers=wrong)).status_code == 404
    assert (await tom.post(f"/operator/v1/tickets/{id_}/cancel", headers=wrong)).status_code == 403
    other = await ada.opens(site="IAD024")
    assert (await tom.post(f"/operator/v1/tickets/{other}/start", headers=wrong)).status_code == 404


async def test_a_repeat_goes_before_the_tag(ada: Person) -> None:
    """What was done once is answered again, though the tag that it was done under is long gone."""
    id_ = await ada.opens()
    headers = {"If-Match": await tag(ada, id_), "Idempotency-Key": "change-1"}
    first = await ada.put(f"{TICKETS}/{id_}", {"customerReference": "A1"}, headers=headers)
    again = await ada.put(f"{TICKETS}/{id_}", {"customerReference": "A1"}, headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    refused = headers | {"Idempotency-Key": "change-2"}
    assert (await ada.put(f"{TICKETS}/{id_}", {}, headers=refused)).status_code == 412
    refused["If-Match"] = first.headers["etag"]
    assert (await ada.put(f"{TICKETS}/{id_}", {}, headers=refused)).status_code == 200, "412 freed the key"


async def _by(house: House, number: int) -> By:
    async with house.db.read() as tx:
        row = await tx.one("SELECT account FROM tickets WHERE number = :n", n=number)
    assert row is not None
    return By(name="Bob Example", environment=Environment.PLAYGROUND, account=row[0], user=1)


async def test_who_comes_second_sees_the_first_ones_change(ada: Person, house: House) -> None:
    """The change is under way and not committed when the tag is given; it is looked at when that is over."""
    id_ = await ada.opens()
    number, before = int(id_[2:]), await tag(ada, id_)
    by = await _by(house, number)
    async with house.db.write(by.tenant) as tx:
        await tickets.edit(Act(tx, by, house.now()), number, {"customer_reference": "Bob's"})
        late = asyncio.create_task(
            ada.put(f"{TICKETS}/{id_}", {"customerReference": "Ada's"}, headers={"If-Match": before})
        )
        await asyncio.sleep(0.3)
        assert not late.done()
    assert message(await late, 412) == CHANGED
    assert (await ada.ticket(id_))["customerReference"] == "Bob's"


@pytest.mark.parametrize("internal", [False, True])
async def test_nobody_comes_between_the_look_and_the_change(
    internal: bool, ada: Person, dora: Desk, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await ada.opens()
    may_go_on, has_compared = asyncio.Event(), asyncio.Event()
    complete = tickets.start

    async def slowly(act: Act, number: int | None) -> None:
        has_compared.set()
        await may_go_on.wait()
        await complete(act, number)

    monkeypatch.setattr(tickets, "start", slowly)
    known = await desk_tag(dora, id_)
    moved = asyncio.create_task(dora.post(f"/operator/v1/tickets/{id_}/start", headers={"If-Match": known}))
    await has_compared.wait()
    words = {"comment": "Wait!", "internal": internal}
    said = asyncio.create_task(dora.does("comments", id_, words))
    await asyncio.sleep(0.3)
    assert not said.done(), "the tag would no longer fit"
    may_go_on.set()
    assert (await moved).status_code == 200
    assert "Wait!" not in (await moved).text
    assert (await said).status_code == 200
    history = [event["type"] for event in (await dora.sees(id_))["history"]]
    assert history == ["ticket.created", "ticket.started", "ticket.noted" if internal else "ticket.commented"]
