"""Comments (contract.md sections 15.2 and 15.3)."""

from typing import Any

import pytest

from cast import Desk, Person, message
from conftest import SettableClock
from remotehandsd.tickets import commenting


async def test_a_comment(ada: Person, bob: Person, dora: Desk, clock: SettableClock) -> None:
    id_ = await ada.opens()
    before = await ada.ticket(id_)
    clock.ahead = 60
    answer = await ada.comments(id_, "Example comment")
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["comment", "commentedBy", "commentedOn"]
    assert body["comment"] == "Example comment"
    assert body["commentedBy"] == "Ada Example"
    await bob.comments(id_, "and mine")
    await dora.does("comments", id_, {"comment": "On my way"})
    listed = await ada.get(f"/v1/comments/{id_}")
    assert [one["commentedBy"] for one in listed.json()] == ["Ada Example", "Bob Example", "Dora Dispatcher"]
    assert listed.content.startswith(b"[" + answer.content + b",")
    ticket = await ada.ticket(id_)
    assert ticket["comments"] == listed.json()
    assert ticket["updatedOn"] > before["updatedOn"]


async def test_no_comments(ada: Person) -> None:
    assert (await ada.get(f"/v1/comments/{await ada.opens()}")).content == b"[]"
    assert message(await ada.get("/v1/comments/WO7568"), 404) == "Resource not found."


async def test_a_ticket_that_is_full_takes_no_more_of_customers(
    ada: Person, dora: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commenting, "MOST", 3)
    id_, other = await ada.opens(), await ada.opens()
    for text in ("one", "two", "three"):
        assert (await ada.comments(id_, text)).status_code == 200
    await dora.does("comments", other, {"comment": "only for us", "internal": True})
    before = await ada.ticket(id_)
    refused = "Payload 'comment' has exceeded the maximum number of 3 on a ticket."
    assert message(await ada.comments(id_, "four")) == refused
    assert await ada.ticket(id_) == before, "nothing is half done"
    assert (await ada.comments(other, "elsewhere")).status_code == 200
    assert (await dora.does("comments", id_, {"comment": "staff may"})).status_code == 200
    assert (await dora.does("comments", id_, {"comment": "and note", "internal": True})).status_code == 200
    assert (await ada.comments(id_, "five")).status_code == 400
    assert [one["comment"] for one in (await ada.ticket(id_))["comments"]] == ["one", "two", "three", "staff may"]


async def test_4096_characters(ada: Person) -> None:
    id_ = await ada.opens()
    assert (await ada.comments(id_, "\U0001f9f0" * 4096)).status_code == 200
    too_long = await ada.comments(id_, "x" * 4097)
    assert message(too_long) == "Payload 'comment' has exceeded the maximum length of 4096."
    assert len((await ada.ticket(id_))["comments"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"comment": None}, 400, "Mandatory payload 'comment' is null or empty."),
        ({"comment": " \n"}, 400, "Mandatory payload 'comment' is null or empty."),
        ({"comment": 5}, 400, "Payload 'comment' has an invalid value."),
        ({"comment": "a\0"}, 400, "Payload 'comment' has an invalid value."),
        ({"requestId": None}, 400, "Mandatory payload 'requestId' is null or empty."),
        ({"requestId": ""}, 400, "Mandatory payload 'requestId' is null or empty."),
        ({"requestId": 5}, 400, "Payload 'requestId' has an invalid value."),
        (
            {"requestId": None, "comment": ""},
            400,
            "Mandatory payload 'requestId' is null or empty.,Mandatory payload 'comment' is null or empty.",
        ),
        ({"requestId": "WO7568"}, 404, "Resource not found."),
        ({"requestId": "WO7568", "comment": ""}, 404, "Resource not found."),
        ({"requestId": "x" * 5000}, 404, "Resource not found."),
    ],
)
async def test_bad_comments(ada: Person, change: dict[str, Any], status: int, text: str) -> None:
    id_ = await ada.opens()
    answer = await ada.post("/v1/comments", {"requestId": id_, "comment": "hello"} | change)
    assert message(answer, status) == text
    assert (await ada.ticket(id_))["comments"] == []
