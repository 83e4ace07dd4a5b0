"""A second click, a reload, a repeat after a lost answer: done once."""

import asyncio

import httpx
import pytest

from cast import Desk, Person
from conftest import load_text
from remotehandsd.house import House
from visiting import BOB_LOOKS_AFTER_IT, FORM, HOME, Visit, visit

NEW = f"{HOME}/tickets/new"
FILES = [("file", ("rack.txt", b"one")), ("file", ("plan.txt", b"two"))]


async def _tickets(ada: Person) -> list[str]:
    return [ticket["id"] for ticket in (await ada.get("/v1/remotehands-tickets")).json()["content"]]


async def test_a_reload_orders_nothing_twice(ada_visits: Visit, ada: Person) -> None:
    form = FORM | {"_once": "one order"}
    first = await ada_visits.post(f"{NEW}/order", form, files=FILES)
    (number,) = await _tickets(ada)
    assert first.headers["location"] == f"{HOME}/tickets/{number}?done=ordered"
    for files in (FILES, None):
        again = await ada_visits.post(f"{NEW}/order", form, files=files)
        assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert await _tickets(ada) == [number]
    kept = (await ada.get(f"/v1/attachments/{number}")).json()
    assert [file["filename"] for file in kept] == ["rack.txt", "plan.txt"]


async def test_two_clicks_at_once_order_once(ada_visits: Visit, ada: Person, dora: Desk) -> None:
    form = FORM | {"_once": "two clicks"}
    answers = await asyncio.gather(*(ada_visits.post(f"{NEW}/order", form, files=FILES) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    (number,) = await _tickets(ada)
    kept = (await ada.get(f"/v1/attachments/{number}")).json()
    assert sorted(file["filename"] for file in kept) == ["plan.txt", "rack.txt"]
    history = (await dora.sees(number))["history"]
    assert [event["type"] for event in history] == ["ticket.created", *["ticket.attachment_added"] * 2]


async def test_a_repeat_brings_the_files_that_were_lost(ada_visits: Visit, ada: Person) -> None:
    form = FORM | {"_once": "a dead spot"}
    await ada_visits.post(f"{NEW}/order", form, files=FILES[:1])
    await ada_visits.post(f"{NEW}/order", form, files=FILES)
    (number,) = await _tickets(ada)
    kept = (await ada.get(f"/v1/attachments/{number}")).json()
    assert [file["filename"] for file in kept] == ["rack.txt", "plan.txt"]


async def test_a_form_that_was_changed_after_it_was_sent(ada_visits: Visit, ada: Person) -> None:
    form = FORM | {"_once": "one order"}
    await ada_visits.post(f"{NEW}/order", form)
    changed = await ada_visits.post(f"{NEW}/order", form | {"title": "Another title"})
    assert changed.status_code == 422
    assert "This form was sent before, with other words in it." in changed.text
    assert 'value="Another title"' in changed.text
    assert 'name="_once" value="one order"' not in changed.text, "sent again, it is another order"
    assert len(await _tickets(ada)) == 1


async def test_a_refusal_frees_the_key(ada_visits: Visit, ada: Person) -> None:
    form = FORM | {"_once": "once more"}
    assert (await ada_visits.post(f"{NEW}/order", form | {"recipients": "x"})).status_code == 422
    assert (await ada_visits.post(f"{NEW}/order", form)).status_code == 303
    assert len(await _tickets(ada)) == 1


async def test_the_same_key_of_another_person_is_another_order(
    ada_visits: Visit, ada: Person, web: httpx.AsyncClient, house: House
) -> None:
    bob = await visit(web, house, "bob@example.com")
    for who in (ada_visits, bob):
        assert (await who.post(f"{NEW}/order", FORM | {"_once": "same"})).status_code == 303
    assert len(await _tickets(ada)) == 2


@pytest.mark.parametrize(
    ("path", "fields", "other"),
    [
        ("comment", {"comment": "Once"}, {"comment": "Something else"}),
        ("edit", {"customer_reference": "A", "recipients": ""}, {"customer_reference": "B", "recipients": ""}),
        ("cancel", {"reason": "Duplicate request"}, None),
    ],
)
async def test_what_is_done_on_a_ticket(
    ada_visits: Visit, ada: Person, path: str, fields: dict[str, str], other: dict[str, str] | None
) -> None:
    number = await ada.opens()
    address = f"{HOME}/tickets/{number}/{path}"
    answers = [await ada_visits.post(address, fields | {"_once": "key"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    before = await ada.ticket(number)
    assert len(before["comments"]) == (path == "comment")
    if other:
        changed = await ada_visits.post(address, other | {"_once": "key"})
        assert changed.status_code == 422
        assert "This form was sent before" in changed.text
    assert await ada.ticket(number) == before


async def test_an_invitation(web: httpx.AsyncClient, house: House) -> None:
    await load_text(house, BOB_LOOKS_AFTER_IT)
    bob = await visit(web, house, "bob@example.com")
    fields = {"email": "nia@example.com", "name": "Nia", "_once": "key"}
    for _ in range(2):
        assert (await bob.post(f"{HOME}/account/invite", fields)).status_code == 303
    page = (await bob.get(f"{HOME}/account")).text
    assert page.count("Bob Example invited nia@example.com") == 1
    assert (await bob.post(f"{HOME}/account/invite", fields | {"name": "Another"})).status_code == 422


async def test_a_key_may_be_anything(ada_visits: Visit, ada: Person) -> None:
    for key in ("", "x" * 5000, "\0", "<b>", "ключ"):
        assert (await ada_visits.post(f"{NEW}/order", FORM | {"_once": key})).status_code == 303, key
    assert len(await _tickets(ada)) == 5
