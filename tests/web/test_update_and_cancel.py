"""Changing and calling off a ticket (contract.md sections 12 and 13)."""

from typing import Any

import pytest

from cast import Desk, Person, message
from conftest import SettableClock

PATH = "/v1/remotehands-tickets"


async def test_one_field_leaves_the_other(ada: Person, clock: SettableClock) -> None:
    id_ = await ada.opens(customerReference="old", notificationRecipients="a@b.c")
    before = await ada.ticket(id_)
    clock.ahead = 60
    answer = await ada.put(f"{PATH}/{id_}", {"customerReference": "new"})
    assert answer.status_code == 200
    after = answer.json()
    assert list(after) == list(before)
    assert after["customerReference"] == "new"
    assert after["notificationRecipients"] == "a@b.c"
    assert after["updatedOn"] > before["updatedOn"]
    assert after | {"customerReference": "old", "updatedOn": before["updatedOn"]} == before
    assert (await ada.get(f"{PATH}/{id_}")).content == answer.content
    cleared = await ada.put(
        f"http://hands.test/{PATH}/{id_}", {"notificationRecipients": "", "customerReference": None}
    )
    assert cleared.json()["notificationRecipients"] == ""
    assert cleared.json()["customerReference"] == "new"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "x", "status": "Completed", "site": 5},
        {"customerReference": None},
        {"customerReference": "old"},
    ],
)
async def test_what_changes_nothing(ada: Person, body: Any, clock: SettableClock) -> None:
    id_ = await ada.opens(customerReference="old")
    before = await ada.ticket(id_)
    clock.ahead = 60
    answer = await ada.put(f"{PATH}/{id_}", body)
    assert answer.status_code == 200
    assert answer.json() == before, "updatedOn included"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"customerReference": "x" * 41}, "Payload 'customerReference' has exceeded the maximum length of 40."),
        ({"customerReference": 5}, "Payload 'customerReference' has an invalid value."),
        ({"notificationRecipients": "a@@b.com"}, "Payload 'notificationRecipients' has an invalid email."),
        (
            {"customerReference": {}, "notificationRecipients": "x"},
            "Payload 'customerReference' has an invalid value.,Payload 'notificationRecipients' has an invalid email.",
        ),
        ([], "Bad request was submitted."),
        (None, "Bad request was submitted."),
    ],
)
async def test_bad_updates(ada: Person, body: Any, text: str) -> None:
    id_ = await ada.opens(customerReference="old")
    assert message(await ada.put(f"{PATH}/{id_}", body)) == text
    assert (await ada.ticket(id_))["customerReference"] == "old"


async def test_unknown_comes_before_the_fields(ada: Person) -> None:
    assert message(await ada.put(f"{PATH}/WO7568", {"customerReference": 5}), 404)
    assert message(await ada.put(f"{PATH}/123/cancel", {"cancelReason": "x"}), 404)


async def test_cancel(ada: Person, clock: SettableClock) -> None:
    id_ = await ada.opens()
    before = await ada.ticket(id_)
    clock.ahead = 60
    answer = await ada.put(f"{PATH}/{id_}/cancel", {"cancelReason": "Duplicate request"})
    assert answer.status_code == 200
    assert (
        answer.content
        == (
            f'{{"message":"We have received your request for cancellation of workorder \'{id_}\'. We will be in contact '
            'shortly. Please be aware that fees might still apply to this request if work has already started."}'
        ).encode()
    )
    after = await ada.ticket(id_)
    assert after["status"] == "Cancellation Requested"
    assert after["cancelReason"] == "Duplicate request"
    assert after["closedOn"] == ""
    assert after["updatedOn"] > before["updatedOn"]


@pytest.mark.parametrize(
    "more",
    [{"json": {}}, {"json": {"cancelReason": None}}, {}, {"content": b"", "headers": {"Content-Type": "text/plain"}}],
)
async def test_the_default_reason(ada: Person, more: dict[str, Any]) -> None:
    id_ = await ada.opens()
    assert (await ada.request("PUT", f"{PATH}/{id_}/cancel", **more)).status_code == 200
    assert (await ada.ticket(id_))["cancelReason"] == "Request no longer needed"


@pytest.mark.parametrize("reason", ["", "duplicate request", 5, [], "Duplicate request\0"])
async def test_wrong_reasons(ada: Person, reason: Any) -> None:
    id_ = await ada.opens()
    answer = await ada.put(f"{PATH}/{id_}/cancel", {"cancelReason": reason})
    assert message(answer) == "Payload 'cancelReason' has an invalid value."
    assert (await ada.ticket(id_))["status"] == "New"


async def test_bad_cancel_bodies(ada: Person) -> None:
    id_ = await ada.opens()
    json_type = {"Content-Type": "application/json"}
    path = f"{PATH}/{id_}/cancel"
    assert message(await ada.request("PUT", path, content=b"{", headers=json_type)) == "Bad request was submitted."
    assert message(await ada.request("PUT", path, content=b"[]", headers=json_type)) == "Bad request was submitted."
    assert message(await ada.request("PUT", path, content=b"{}"), 415) == "Unsupported media type."


async def _in(status: str, ada: Person, dora: Desk) -> str:
    id_ = await ada.opens()
    for move in {
        "New": [],
        "In Progress": ["start"],
        "Cancellation Requested": ["ask"],
        "Completed": ["start", "complete"],
        "Cancelled": ["ask", "grant-cancellation"],
    }[status]:
        answer = await ada.cancels(id_) if move == "ask" else await dora.does(move, id_)
        assert answer.status_code == 200
    assert (await ada.ticket(id_))["status"] == status
    return id_


@pytest.mark.parametrize(
    ("status", "update", "cancel", "speak"),
    [
        ("New", True, True, True),
        ("In Progress", True, True, True),
        ("Cancellation Requested", False, False, True),
        ("Completed", False, False, False),
        ("Cancelled", False, False, False),
    ],
)
async def test_what_a_customer_may_in_each_status(
    ada: Person, dora: Desk, status: str, update: bool, cancel: bool, speak: bool
) -> None:
    """The second table of contract.md section 14."""
    refused = f"The requested operation is not permitted for the status '{status}'."
    id_ = await _in(status, ada, dora)
    before = await ada.ticket(id_)
    tries = [
        (speak, await ada.comments(id_, "hello")),
        (speak, await ada.attaches(id_, b"hello")),
        (update, await ada.put(f"{PATH}/{id_}", {"customerReference": "x"})),
        (cancel, await ada.cancels(id_)),
    ]
    for may, answer in tries:
        if may:
            assert answer.status_code == 200
        else:
            assert message(answer) == refused
    if not speak:
        assert await ada.ticket(id_) == before
        assert (await ada.get(f"/v1/attachments/{id_}")).json() == []
    assert (await ada.get(f"/v1/comments/{id_}")).status_code == 200


async def test_fields_come_before_the_status(ada: Person, dora: Desk) -> None:
    id_ = await _in("Completed", ada, dora)
    assert "has an invalid value" in message(await ada.put(f"{PATH}/{id_}", {"customerReference": 5}))
    assert "has an invalid value" in message(await ada.put(f"{PATH}/{id_}/cancel", {"cancelReason": 5}))
    assert "null or empty" in message(await ada.comments(id_, " "))


async def test_an_empty_update_of_a_closed_ticket_is_refused_too(ada: Person, dora: Desk) -> None:
    id_ = await _in("Completed", ada, dora)
    assert "not permitted for the status" in message(await ada.put(f"{PATH}/{id_}", {}))


async def test_closed_on(ada: Person, dora: Desk) -> None:
    for status in ("Completed", "Cancelled"):
        ticket = await ada.ticket(await _in(status, ada, dora))
        assert ticket["closedOn"] == ticket["updatedOn"] != ""
