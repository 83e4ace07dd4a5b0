"""`POST /v1/remotehands-tickets` (contract.md section 11)."""

import json
import re
import time
from typing import Any

import pytest

from cast import OPENING, Person, message
from remotehandsd.tickets import CATEGORIES

PATH = "/v1/remotehands-tickets"
KEYS = [
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
UNEXPECTED = "Payload 'category' has an unexpected value for the given 'requestType'"


async def test_the_least(ada: Person) -> None:
    answer = await ada.post(PATH, OPENING)
    assert answer.status_code == 201
    body = answer.json()
    assert list(body) == KEYS
    assert re.fullmatch(r"WO[0-9]{7,}", body["id"])
    assert answer.headers["location"] == f"{PATH}/{body['id']}"
    at = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    assert body["createdOn"].startswith(at) or time.gmtime().tm_sec < 5
    assert (
        answer.content
        == (
            f'{{"id":"{body["id"]}","title":"Reboot the firewall in rack 7","status":"New","site":"PHX015","location":"",'
            '"requestType":"Urgent Work","category":"Power cycle or reboot","detailedInstruction":"",'
            '"customerReference":"","referenceTicket":"","cancelReason":null,'
            f'"createdOn":"{body["createdOn"]}","updatedOn":"{body["createdOn"]}","closedOn":"",'
            '"createdBy":"Ada Example","ticketType":"Remote Hands","notificationRecipients":"","comments":[]}'
        ).encode()
    )
    assert (await ada.get(f"{PATH}/{body['id']}")).content == answer.content, "what is read is what was answered"


async def test_everything_is_kept_as_sent(ada: Person) -> None:
    fields = {
        "title": "  Näme with blanks \U0001f9f0 ",
        "location": " Suite 1 ",
        "detailedInstruction": "line\nline\ttab",
        "customerReference": "REF\u2028",
        "referenceTicket": "WO0000000",
        "notificationRecipients": " a@b.c ,  d@e.f",
    }
    body = (await ada.post(PATH, OPENING | fields)).json()
    assert {name: body[name] for name in fields} == fields


async def test_numbers_rise(ada: Person, max: Person) -> None:
    first = await ada.opens()
    second = await max.opens(site="FRA003")
    assert int(second[2:]) > int(first[2:])


@pytest.mark.parametrize("pair", [(kind, one) for kind, all_ in CATEGORIES.items() for one in all_])
async def test_all_thirteen_pairs(ada: Person, pair: tuple[str, str]) -> None:
    body = (await ada.post(PATH, OPENING | {"requestType": pair[0], "category": pair[1]})).json()
    assert (body["requestType"], body["category"]) == pair


def test_there_are_thirteen_pairs() -> None:
    assert sum(map(len, CATEGORIES.values())) == 13


@pytest.mark.parametrize(
    "name", ["location", "detailedInstruction", "customerReference", "referenceTicket", "notificationRecipients"]
)
async def test_null_and_empty_are_as_not_given(ada: Person, name: str) -> None:
    for value in (None, ""):
        answer = await ada.post(PATH, OPENING | {name: value})
        assert answer.status_code == 201
        assert answer.json()[name] == ""


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("title", 160),
        ("location", 40),
        ("detailedInstruction", 32768),
        ("customerReference", 40),
        ("referenceTicket", 20),
    ],
)
async def test_lengths_count_characters(ada: Person, name: str, most: int) -> None:
    longest = "\U0001f9f0" * most
    assert (await ada.post(PATH, OPENING | {name: longest})).json()[name] == longest
    answer = await ada.post(PATH, OPENING | {name: longest + "x"})
    assert message(answer) == f"Payload '{name}' has exceeded the maximum length of {most}."


async def test_many_recipients(ada: Person) -> None:
    longest = ",".join(["abcdefgh@example.com"] * 1560)[:32768].rpartition(",")[0]
    assert (await ada.post(PATH, OPENING | {"notificationRecipients": longest})).status_code == 201
    answer = await ada.post(PATH, OPENING | {"notificationRecipients": "a" * 32769})
    assert message(answer) == "Payload 'notificationRecipients' has exceeded the maximum length of 32768."


NULL = "Mandatory payload '{}' is null or empty."
INVALID = "Payload '{}' has an invalid value."
MANDATORY_INVALID = "Mandatory payload '{}' has an invalid value."


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"title": None}, NULL.format("title")),
        ({"title": ""}, NULL.format("title")),
        ({"title": " \t"}, NULL.format("title")),
        ({"title": 5}, INVALID.format("title")),
        ({"title": ["x"]}, INVALID.format("title")),
        ({"title": {}}, INVALID.format("title")),
        ({"title": False}, INVALID.format("title")),
        ({"title": "a\0b"}, INVALID.format("title")),
        ({"title": "\0"}, INVALID.format("title")),
        ({"site": None}, NULL.format("site")),
        ({"site": "      "}, NULL.format("site")),
        ({"site": "PHX01"}, INVALID.format("site")),
        ({"site": "PHX0155"}, INVALID.format("site")),
        ({"site": 123456}, INVALID.format("site")),
        ({"requestType": None}, NULL.format("requestType")),
        ({"requestType": ""}, NULL.format("requestType")),
        ({"requestType": "urgent work"}, MANDATORY_INVALID.format("requestType")),
        ({"requestType": "Urgent Work "}, MANDATORY_INVALID.format("requestType")),
        ({"requestType": 1}, MANDATORY_INVALID.format("requestType")),
        ({"requestType": "x", "category": "x"}, MANDATORY_INVALID.format("requestType")),
        (
            {"requestType": "x", "category": ""},
            MANDATORY_INVALID.format("requestType") + "," + NULL.format("category"),
        ),
        ({"category": "Tape swaps"}, UNEXPECTED),
        ({"category": "Tape"}, UNEXPECTED + "," + MANDATORY_INVALID.format("category")),
        ({"category": 5}, UNEXPECTED + "," + MANDATORY_INVALID.format("category")),
        (
            {"category": ""},
            UNEXPECTED + "," + MANDATORY_INVALID.format("category") + "," + NULL.format("category"),
        ),
        (
            {"category": None},
            UNEXPECTED + "," + MANDATORY_INVALID.format("category") + "," + NULL.format("category"),
        ),
        ({"location": 5}, INVALID.format("location")),
        ({"notificationRecipients": ["a@b.c"]}, INVALID.format("notificationRecipients")),
        (
            {"title": "", "category": "Tape swaps", "notificationRecipients": "x"},
            UNEXPECTED + "," + NULL.format("title") + ",Payload 'notificationRecipients' has an invalid email.",
        ),
    ],
)
async def test_faults(ada: Person, change: dict[str, Any], text: str) -> None:
    assert message(await ada.post(PATH, OPENING | change)) == text
    assert (await ada.get(PATH)).json()["pageable"]["totalElements"] == 0, "nothing is stored"


async def test_only_a_title(ada: Person) -> None:
    assert message(await ada.post(PATH, {"title": "x"})) == ",".join(
        map(NULL.format, ("site", "requestType", "category"))
    )


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("a@b.c", True),
        ("a@b.", True),
        ("o'hara+x@sub.example.com", True),
        ("ü@exämple.de", True),
        ("a@b", False),
        ("a@@b.com", False),
        ("a@b@c.d", False),
        ("@b.c", False),
        ("a b@c.d", False),
        ("a\u00a0b@c.d", False),
        ("<a@b.c>", False),
        ('"a"@b.c', False),
        ("a\n@b.c", False),
        ("a@b.c,", False),
        (",a@b.c", False),
        ("a@b.c,,d@e.f", False),
        ("a@b.c;d@e.f", False),
        ("x" * 250 + "@b.c", True),
        ("x" * 251 + "@b.c", False),
    ],
)
async def test_the_rule_for_addresses(ada: Person, address: str, good: bool) -> None:
    answer = await ada.post(PATH, OPENING | {"notificationRecipients": address})
    if good:
        assert answer.json()["notificationRecipients"] == address
    else:
        assert message(answer) == "Payload 'notificationRecipients' has an invalid email."


async def test_a_site_that_the_account_does_not_have(ada: Person) -> None:
    for site in ("FRA003", "ABC123", "phx015", "ÄÖÜÄÖÜ"):
        assert message(await ada.post(PATH, OPENING | {"site": site}), 404) == "Resource not found."
    fields_first = await ada.post(PATH, OPENING | {"site": "FRA003", "title": ""})
    assert message(fields_first) == NULL.format("title")


async def test_any_location_is_taken(ada: Person) -> None:
    assert (await ada.post(PATH, OPENING | {"location": "Nowhere"})).status_code == 201


class TestCheckedLocations:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_CHECK_LOCATION": "yes"}

    async def test_a_location_that_the_site_does_not_have(self, ada: Person) -> None:
        assert message(await ada.post(PATH, OPENING | {"location": "Nowhere"}), 404) == "Resource not found."
        for location in ("Data Hall A", "", None):
            assert (await ada.post(PATH, OPENING | {"location": location})).status_code == 201


DEEP = b'{"x":' + b"[" * 100 + b"]" * 100 + b"}"
NOT_DEEP = b'{"x":' + b"[" * 99 + b"]" * 99 + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"5",
        b"{'title': 'x'}",
        b'\xef\xbb\xbf{"title":"x"}',
        b'{"title":"\xff"}',
        rb'{"title":"\ud800"}',
        rb'{"other":"\udc00\ud800"}',
        b'{"title":NaN}',
        b'{"title":"x","beyond all floats":1e999999}',
        b'{"title":"x"} trailing',
        DEEP,
        b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"x":' + b'{"y":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
        "{}".encode("utf-16"),
    ],
)
async def test_bodies_that_are_no_json_object(ada: Person, body: bytes) -> None:
    answer = await ada.request("POST", PATH, content=body, headers={"Content-Type": "application/json"})
    assert message(answer) == "Bad request was submitted."


@pytest.mark.parametrize(
    "body",
    [
        NOT_DEEP,
        json.dumps({"title": "[" * 5000}).encode(),
        json.dumps({"title": '\\"[[[[' * 100 + "\\"}).encode(),
        json.dumps({"list": [[]] * 500}).encode(),
        b'{"title":"x","huge":' + b"9" * 3000 + b"}",
    ],
)
async def test_odd_json_that_is_json(ada: Person, body: bytes) -> None:
    answer = await ada.request("POST", PATH, content=body, headers={"Content-Type": "application/json"})
    assert "is null or empty" in message(answer)


async def test_of_repeated_keys_the_last_wins(ada: Person) -> None:
    body = json.dumps(OPENING)[:-1] + ',"title":"the last"}'
    answer = await ada.request("POST", PATH, content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["title"] == "the last"


@pytest.mark.parametrize(
    ("content_type", "good"),
    [
        ("application/json", True),
        ("application/json; charset=utf-8", True),
        ('Application/JSON;Charset="UTF-8"', True),
        ("application/json; charset=latin-1", False),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("", False),
    ],
)
async def test_content_types(ada: Person, content_type: str, good: bool) -> None:
    answer = await ada.request("POST", PATH, content=json.dumps(OPENING), headers={"Content-Type": content_type})
    if good:
        assert answer.status_code == 201
    else:
        assert message(answer, 415) == "Unsupported media type."


async def test_a_body_over_the_limit(ada: Person) -> None:
    body = json.dumps(OPENING | {"other": "x" * 2_097_152})
    json_type = {"Content-Type": "application/json"}
    assert message(await ada.request("POST", PATH, content=body, headers=json_type), 413) == "Payload too large."
    assert message(await ada.request("POST", PATH, content=body, headers={"Content-Type": "text/plain"}), 415)

    async def in_pieces() -> Any:
        for _ in range(50):
            yield b"x" * 65536

    assert message(await ada.request("POST", PATH, content=in_pieces(), headers=json_type), 413)
    fits = json.dumps(OPENING | {"other": "x" * 2_000_000})
    assert (await ada.request("POST", PATH, content=fits, headers=json_type)).status_code == 201
