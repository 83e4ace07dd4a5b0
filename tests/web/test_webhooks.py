"""`/api/webhooks` (interfaces.md section 6): the ritual for each call."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from cast import Person
from delivering import makes, rest, until, worker
from receiver import Receiver
from remotehandsd.events import TOLD
from remotehandsd.house import House
from remotehandsd.webhooks import MOST_WEBHOOKS

URL = "https://receiver.example/hands"
PATH = "/api/webhooks"
KEYS = ["id", "url", "events", "description", "active", "createdOn"]
LINES = [
    ("POST", ""),
    ("GET", ""),
    ("GET", "/{}"),
    ("PUT", "/{}"),
    ("DELETE", "/{}"),
    ("POST", "/{}/rotate"),
    ("POST", "/{}/test"),
    ("GET", "/{}/deliveries"),
    ("POST", "/{}/deliveries/att_1/retry"),
]
OF_ONE = LINES[2:]


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["type"]) == (status, "about:blank")
    assert body["correlationId"]
    return body


async def _asks(person: Person, method: str, path: str, **more: Any) -> httpx.Response:
    body = {"url": URL} if (method, path) == ("POST", PATH) else {} if method in {"POST", "PUT"} else None
    return await person.request(method, path, json=body, **more)


async def test_made_and_looked_at(ada: Person, bob: Person) -> None:
    answer = await ada.post(PATH, {"url": URL, "events": ["ticket.started", "ticket.created"], "description": "Büro"})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    made = answer.json()
    assert list(made) == ["id", "url", "events", "description", "active", "secret", "createdOn"]
    assert answer.headers["location"] == f"{PATH}/{made['id']}"
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made.pop("secret"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", made["createdOn"])
    assert (made["url"], made["description"], made["active"]) == (URL, "Büro", True)
    assert made["events"] == ["ticket.created", "ticket.started"]
    second = await makes(ada, URL)
    assert second["events"] == list(TOLD)
    assert (await ada.get(f"{PATH}/{made['id']}")).json() == made
    # A colleague on the account sees the same, and nobody sees a secret again.
    for person in (ada, bob):
        listed = (await person.get(PATH)).json()
        assert [list(one) for one in listed] == [KEYS, KEYS]
        assert [one["id"] for one in listed] == [made["id"], second["id"]]
        assert "whsec_" not in (await person.get(PATH)).text


async def test_changed(ada: Person) -> None:
    made = await makes(ada, URL, description="one", events=["ticket.created"])
    path = f"{PATH}/{made['id']}"
    before = (await ada.get(path)).json()
    assert (await ada.put(path, {})).json() == before
    nulls = dict.fromkeys(("url", "events", "description", "active"))
    assert (await ada.put(path, nulls)).json() == before
    assert (await ada.put(path, {"description": "", "unknown": 1})).json() == before | {"description": ""}
    changed = (await ada.put(path, {"url": URL + "/2", "events": ["ticket.cancelled"], "active": False})).json()
    assert changed == before | {
        "description": "",
        "url": URL + "/2",
        "events": ["ticket.cancelled"],
        "active": False,
    }
    assert (await ada.get(path)).json() == changed


async def test_removed(ada: Person) -> None:
    made = await makes(ada, URL)
    answer = await ada.request("DELETE", f"{PATH}/{made['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await ada.get(PATH)).json() == []
    for method, path in OF_ONE:
        problem(await _asks(ada, method, PATH + path.format(made["id"])), 404)


async def test_a_new_secret(ada: Person) -> None:
    made = await makes(ada, URL)
    answer = await ada.post(f"{PATH}/{made['id']}/rotate")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json().keys() == made.keys()
    assert answer.json()["secret"] != made["secret"]


@pytest.mark.parametrize(("method", "path"), LINES)
async def test_who_may_not_come_in(ada: Person, eve: Person, method: str, path: str) -> None:
    made = await makes(ada, URL)
    url = PATH + path.format(made["id"])
    answer = await ada.web.request(method, url)
    assert "www-authenticate" in answer.headers
    problem(answer, 401)
    problem(await ada.web.request(method, url, headers={"Authorization": "Bearer x"}), 401)
    problem(await ada.web.request(method, url, headers={"Authorization": f"Bearer {ada.token}"}), 400)
    problem(await _asks(ada, method, url, headers={"Account-Id": "?"}), 400)
    problem(await _asks(ada, method, url, headers={"Account-Id": "0022B00002CcEF3GHI"}), 403)
    assert "permission" in problem(await _asks(eve, method, url), 403)["detail"]
    assert [one["id"] for one in (await ada.get(PATH)).json()] == [made["id"]]


@pytest.mark.parametrize(("method", "path"), OF_ONE)
async def test_another_tenants_is_not_there(
    ada: Person, ada_at_labs: Person, max: Person, pia: Person, method: str, path: str
) -> None:
    made = await makes(ada, URL)
    before = (await ada.get(f"{PATH}/{made['id']}")).json()
    for person in (ada_at_labs, max, pia):
        other = problem(await _asks(person, method, PATH + path.format(made["id"])), 404)
        never = problem(await _asks(person, method, PATH + path.format("wh_000000000000000000000000")), 404)
        assert other["detail"] == never["detail"]
        assert (await person.get(PATH)).json() == []
    assert (await ada.get(f"{PATH}/{made['id']}")).json() == before


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, ["url"]),
        ({"url": None}, ["url"]),
        ({"url": ""}, ["url"]),
        ({"url": 5}, ["url"]),
        ({"url": "receiver.example"}, ["url"]),
        ({"url": "http://receiver.example/"}, ["url"]),
        ({"url": "https://user:password@receiver.example/"}, ["url"]),
        ({"url": "https://127.0.0.1/"}, ["url"]),
        ({"url": "https://[::1]/"}, ["url"]),
        ({"url": "https://169.254.169.254/latest/meta-data"}, ["url"]),
        ({"url": "https://2130706433/"}, ["url"]),
        ({"url": "https://localhost/"}, ["url"]),
        ({"url": "https://receiver.example/" + "x" * 2024}, ["url"]),
        ({"url": "https://receiver.example/\u0000"}, ["url"]),
        ({"url": URL, "events": []}, ["events"]),
        ({"url": URL, "events": "ticket.created"}, ["events"]),
        ({"url": URL, "events": ["ticket.created", "ticket.noted"]}, ["events"]),
        ({"url": URL, "events": ["webhook.test"]}, ["events"]),
        ({"url": URL, "events": [5]}, ["events"]),
        ({"url": URL, "events": [[]]}, ["events"]),
        ({"url": URL, "description": "x" * 256}, ["description"]),
        ({"url": URL, "description": 5}, ["description"]),
        ({"url": URL, "description": "\u0000"}, ["description"]),
        ({"url": URL, "active": "yes"}, ["active"]),
        ({"url": URL, "active": 1}, ["active"]),
        ({"url": "x", "events": 1, "description": 2, "active": 3}, ["url", "events", "description", "active"]),
    ],
)
async def test_bad_fields(ada: Person, fields: dict[str, Any], faults: list[str]) -> None:
    said = problem(await ada.post(PATH, fields), 422)
    assert [error["field"] for error in said["errors"]] == faults
    assert all(error["message"].endswith(".") for error in said["errors"])
    assert (await ada.get(PATH)).json() == []
    if fields.get("url") is None:
        return
    made = await makes(ada, URL)
    before = (await ada.get(f"{PATH}/{made['id']}")).json()
    said = problem(await ada.put(f"{PATH}/{made['id']}", fields), 422)
    assert [error["field"] for error in said["errors"]] == faults
    assert (await ada.get(f"{PATH}/{made['id']}")).json() == before


async def test_the_longest_that_can_be(ada: Person) -> None:
    url = "https://receiver.example/" + "x" * 2023
    made = await makes(ada, url, description="ü" * 255)
    assert (len(made["url"]), len(made["description"])) == (2048, 255)


async def test_bad_bodies(ada: Person) -> None:
    made = await makes(ada, URL)
    for method, path in [line for line in LINES if line[0] in {"POST", "PUT"}]:
        url = PATH + path.format(made["id"])
        json_type = {"Content-Type": "application/json"}
        problem(await ada.request(method, url, content=b"{", headers=json_type), 422)
        problem(await ada.request(method, url, content=b"[]", headers=json_type), 422)
        problem(await ada.request(method, url, content=b"[" * 200 + b"]" * 200, headers=json_type), 422)
        problem(await ada.request(method, url, content=b"{}"), 415)
        problem(await ada.request(method, url, content=b"x" * 3_000_000, headers=json_type), 413)


async def test_only_so_many(ada: Person, max: Person) -> None:
    answers = await asyncio.gather(*(ada.post(PATH, {"url": URL}) for _ in range(MOST_WEBHOOKS + 5)))
    assert sorted(answer.status_code for answer in answers) == [201] * MOST_WEBHOOKS + [409] * 5
    said = problem(await ada.post(PATH, {"url": URL}), 409)
    assert "20" in said["detail"]
    await makes(max, URL)
    await ada.request("DELETE", f"{PATH}/{(await ada.get(PATH)).json()[0]['id']}")
    await makes(ada, URL)


async def test_one_that_is_off_is_sent_nothing(house: House, ada: Person) -> None:
    made = await makes(ada, URL)
    await ada.post(f"{PATH}/{made['id']}/test")
    async with worker(house):
        await rest(house)
    [attempt] = (await ada.get(f"{PATH}/{made['id']}/deliveries")).json()
    await ada.put(f"{PATH}/{made['id']}", {"active": False})
    problem(await ada.post(f"{PATH}/{made['id']}/test"), 409)
    problem(await ada.post(f"{PATH}/{made['id']}/deliveries/{attempt['id']}/retry"), 409)


async def test_attempts(house: House, environment: dict[str, str], ada: Person) -> None:
    """A name that leads nowhere, asked for again and again: newest first, in pages."""
    made, other = await makes(ada, "https://no-such-name.invalid/"), await makes(ada, URL)
    path = f"{PATH}/{made['id']}/deliveries"
    assert (await ada.get(path)).json() == []
    async with worker(house):
        for _ in range(3):
            name = (await ada.post(f"{PATH}/{made['id']}/test")).json()["eventId"]
            await rest(house)
    found = (await ada.get(path)).json()
    assert [list(one) for one in found] == [["id", "eventId", "type", "time", "status", "duration", "error"]] * 3
    assert found[0]["eventId"] == name
    assert (found[0]["type"], found[0]["status"]) == ("webhook.test", None)
    assert found[0]["error"] == "The host's name leads to no address."
    assert isinstance(found[0]["duration"], int)
    assert (await ada.get(path, params={"limit": 2})).json() == found[:2]
    assert (await ada.get(path, params={"limit": 2, "before": found[1]["id"]})).json() == found[2:]
    assert (await ada.get(path, params={"before": found[2]["id"]})).json() == []
    for query in ({"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"before": "x"}, {"before": "att_0"}):
        problem(await ada.get(path, params=query), 422)
    # An attempt belongs to its webhook.
    problem(await ada.post(f"{PATH}/{other['id']}/deliveries/{found[0]['id']}/retry"), 404)
    for unknown in ("att_fffffff", "att_0", "x", "att_ffffffffffffffff"):
        problem(await ada.post(f"{path}/{unknown}/retry"), 404)


async def test_the_operators_own_receivers(house: House, environment: dict[str, str], ada: Person) -> None:
    """Without the operator's leave nothing goes to loopback, whatever name leads there."""
    async with Receiver() as receiver, worker(house):
        made = await makes(ada, f"https://localtest.invalid:{receiver.port}/")
        problem(await ada.post(PATH, {"url": receiver.url}), 422)
        await ada.post(f"{PATH}/{made['id']}/test")
        await rest(house)
        assert receiver.connections == 0


async def test_staff_have_none(tess: Any) -> None:
    for method, path in LINES:
        answer = await tess.person.request(method, PATH + path.format("wh_1"))
        problem(answer, 400)


async def test_unknown_paths_and_methods(ada: Person) -> None:
    problem(await ada.get("/api/nothing"), 404)
    answer = await ada.request("PATCH", f"{PATH}/wh_1")
    problem(answer, 405)
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PUT"


async def test_many_at_once_leave_one_newest_secret(house: House, ada: Person) -> None:
    """Rotations at once are done one after the other: each has its own secret, and all of them sign."""
    made = await makes(ada, URL)
    answers = await asyncio.gather(*(ada.post(f"{PATH}/{made['id']}/rotate") for _ in range(4)))
    assert len({answer.json()["secret"] for answer in answers}) == 4


async def test_an_event_reaches_the_others_when_one_account_has_no_webhook(
    house: House, environment: dict[str, str], ada: Person, max: Person
) -> None:
    async with worker(house):
        await max.opens(site="FRA003")
        await makes(ada, "https://no-such-name.invalid/")
        await ada.opens()
        await max.opens(site="FRA003")
        await rest(house)
        made = (await ada.get(PATH)).json()[0]
        await until(lambda: True)
    assert len((await ada.get(f"{PATH}/{made['id']}/deliveries")).json()) == 1


async def test_what_is_sent_again_under_a_key_is_done_once(ada: Person, max: Person) -> None:
    key = {"Idempotency-Key": "one-webhook"}
    made = await ada.post(PATH, {"url": URL}, headers=key)
    again = await ada.post(PATH, {"url": URL}, headers=key)
    assert (again.status_code, again.content) == (made.status_code, made.content)
    assert again.headers["location"] == made.headers["location"]
    assert len((await ada.get(PATH)).json()) == 1
    problem(await ada.post(PATH, {"url": f"{URL}other"}, headers=key), 422)
    assert (await max.post(PATH, {"url": URL}, headers=key)).json()["id"] != made.json()["id"], "another app's"
    place = f"{PATH}/{made.json()['id']}"
    turned = [await ada.post(f"{place}/rotate", headers={"Idempotency-Key": "turn"}) for _ in range(2)]
    assert turned[0].json()["secret"] == turned[1].json()["secret"]
    gone = [await ada.request("DELETE", place, headers={"Idempotency-Key": "away"}) for _ in range(2)]
    assert [answer.status_code for answer in gone] == [204, 204]
    problem(await ada.request("DELETE", place), 404)
