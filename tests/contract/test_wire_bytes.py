"""The wire's bytes, by raw requests, beside what the client makes of them."""

import json
import re
from collections.abc import Callable

import httpx
import msgspec
import pytest

from cast import message
from live import NEW
from remotehands import Client
from remotehands.reading import wire_name
from remotehands.records import Attachment, Comment, ListedTicket, Ticket

Raw = Callable[..., httpx.Client]
DETAIL = [
    "id",
    "title",
    "status",
    "site",
    "location",
    "requestType",
    "category",
    "detailedInstruction",
    "customerReference",
    "referenceTicket",
    "cancelReason",
    "createdOn",
    "updatedOn",
    "closedOn",
    "createdBy",
    "ticketType",
    "notificationRecipients",
    "comments",
]
ITEM = [
    "id",
    "title",
    "status",
    "site",
    "location",
    "category",
    "requestType",
    "createdOn",
    "updatedOn",
    "closedOn",
    "createdBy",
]
PAGEABLE = ["last", "totalPages", "totalElements", "size", "number", "numberOfElements", "first", "empty"]


@pytest.mark.parametrize(("record", "keys"), [(Ticket, DETAIL), (ListedTicket, ITEM)])
def test_the_records_are_the_contracts_objects(record: type[msgspec.Struct], keys: list[str]) -> None:
    assert [wire_name(name) for name in record.__struct_fields__] == keys


def test_a_tickets_keys_in_their_order(customer: Client, raw: Raw) -> None:
    id_ = customer.tickets.create(**NEW).id
    said = customer.tickets.comment(id_, "Grüße")
    with raw("ada") as web:
        answer = web.get(f"/v1/remotehands-tickets/{id_}")
        body = answer.json()
        assert list(body) == DETAIL
        assert answer.content == json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        assert body["cancelReason"] is None
        assert [body[key] for key in ("location", "closedOn", "customerReference", "notificationRecipients")] == [
            ""
        ] * 4
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", body["createdOn"])
        raw_comments = web.get(f"/v1/comments/{id_}").text
        assert raw_comments[1:-1] in answer.text, "existing clients look for one inside the other"
        listed = web.get("/v1/remotehands-tickets", params={"size": 1}).json()
    assert list(listed) == ["content", "pageable"]
    assert list(listed["content"][0]) == ITEM
    assert list(listed["pageable"]) == PAGEABLE
    assert list(body["comments"][0]) == [wire_name(name) for name in Comment.__struct_fields__]
    assert f"{said.commented_on:%Y-%m-%d %H:%M:%S}" == body["comments"][0]["commentedOn"]


def test_statuses(customer: Client, raw: Raw) -> None:
    fields = {wire_name(name): value for name, value in NEW.items()}
    with raw("ada") as web:
        created = web.post("/v1/remotehands-tickets", json=fields)
        assert created.status_code == 201
        id_ = created.json()["id"]
        assert web.post("/v1/comments", json={"requestId": id_, "comment": "C"}).status_code == 200
        attached = web.post(
            "/v1/attachments",
            params={"requestId": id_, "file_name": "f"},
            files={"file": ("g", b"bytes", "text/plain")},
        )
        assert attached.status_code == 200
        assert list(attached.json()) == [wire_name(name) for name in Attachment.__struct_fields__]
        assert web.put(f"/v1/remotehands-tickets/{id_}", json={}).status_code == 200
        cancelled = web.put(f"/v1/remotehands-tickets/{id_}/cancel")
    assert cancelled.status_code == 200
    assert list(cancelled.json()) == ["message"]
    assert customer.tickets.get(id_).status == "Cancellation Requested"


def test_tokens(customer: Client, raw: Raw) -> None:
    assert customer.sites()
    form = {
        "grant_type": "client_credentials",
        "client_id": "ada",
        "client_secret": "secret-of-ada-0123456789abcdef-0123",
    }
    with raw("ada") as web:
        body = web.post("/v2/auth/token", data=form).json()
    assert list(body) == ["access_token", "token_type", "expires_in", "scope"]
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("BearerToken", "3599", "playground_api")


def test_refusals(raw: Raw) -> None:
    with raw("ada") as web:
        assert message(web.get("/v1/remotehands-tickets/WO7568"), 404) == "Resource not found."
        assert message(web.get("/v1/sites", headers={"Authorization": "Bearer abcde"}), 401) == (
            "Unauthorized. Access token is missing or invalid."
        )
        assert message(web.get("/v1/sites", headers={"Account-Id": "abcd"})) == "Bad request was submitted."
        assert message(web.post("/v1/remotehands-tickets", json={"title": "x"})) == (
            "Mandatory payload 'site' is null or empty.,Mandatory payload 'requestType' is null or empty.,"
            "Mandatory payload 'category' is null or empty."
        )
        assert message(web.get("/v1/remotehands-tickets", params={"status": "new"})) == "Request is invalid."
        assert message(web.delete("/v1/remotehands-tickets"), 405) == "Method not allowed."
