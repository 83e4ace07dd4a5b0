"""Idempotency-Key on every POST and PUT (interfaces.md section 7, contract.md sections 17.13 and 17.21)."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from cast import OPENING, Desk, Person, message
from conftest import SettableClock, load_text
from places import folder_of
from remotehandsd import repeats
from remotehandsd import web as web_package
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, embedded_file

WEB = Path(web_package.__file__).parent
TICKETS = "/v1/remotehands-tickets"
IN_PROGRESS = "A request with this Idempotency-Key is in progress."
OTHER = "Idempotency-Key was used with another request."


def key(value: str = "order-1") -> dict[str, str]:
    return {"Idempotency-Key": value}


def same(one: httpx.Response, two: httpx.Response) -> bool:
    """Nothing but what is new in every answer may tell them apart."""
    return (one.status_code, one.content, list(one.headers.multi_items())) == (
        two.status_code,
        two.content,
        list(two.headers.multi_items()),
    )


async def kept(house: House) -> int:
    async with house.db.read(EVERY_TENANT) as tx:
        row = await tx.one("SELECT COUNT(*) FROM repeats")
    assert row is not None
    return int(row[0])


async def test_a_create_that_is_sent_again_opens_one_ticket(ada: Person, house: House) -> None:
    first = await ada.post(TICKETS, OPENING, headers=key())
    assert first.status_code == 201
    assert await ada.post(TICKETS, OPENING) != first
    again = await ada.post(TICKETS, OPENING, headers=key())
    assert same(first, again)
    assert again.headers["location"] == f"{TICKETS}/{first.json()['id']}"
    assert (await ada.get(TICKETS)).json()["pageable"]["totalElements"] == 2, "one under the key, one without"
    assert await kept(house) == 1


async def test_every_change_can_be_sent_again(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    steps: list[tuple[Person | Desk, str, str, Any]] = [
        (ada, "PUT", f"{TICKETS}/{id_}", {"customerReference": "A1"}),
        (ada, "POST", "/v1/comments", {"requestId": id_, "comment": "Hello."}),
        (dora, "POST", f"/operator/v1/tickets/{id_}/comments", {"comment": "A note.", "internal": True}),
        (dora, "POST", f"/operator/v1/tickets/{id_}/assign", {"email": "dora@operator.example"}),
        (ada, "PUT", f"{TICKETS}/{id_}/cancel", None),
        (dora, "POST", f"/operator/v1/tickets/{id_}/refuse-cancellation", {"comment": "No."}),
        (dora, "POST", f"/operator/v1/tickets/{id_}/start", None),
        (dora, "POST", f"/operator/v1/tickets/{id_}/complete", {}),
    ]
    for number, (who, method, path, body) in enumerate(steps):
        person = who.person if isinstance(who, Desk) else who
        sent = {} if body is None else {"json": body}
        first = await person.request(method, path, headers=key(f"step-{number}"), **sent)
        assert first.status_code == 200, first.text
        again = await person.request(method, path, headers=key(f"step-{number}"), **sent)
        assert same(first, again), path
    ticket = await dora.sees(id_)
    assert [event["type"] for event in ticket["history"]] == [
        "ticket.created",
        "ticket.updated",
        "ticket.commented",
        "ticket.noted",
        "ticket.assigned",
        "ticket.cancellation_requested",
        "ticket.cancellation_refused",
        "ticket.started",
        "ticket.completed",
    ]
    assert [one["comment"] for one in ticket["comments"]] == ["Hello.", "No."]


def test_every_endpoint_that_changes_something_answers_once() -> None:
    """Who runs an act in a door makes the answer after the commit, where it cannot be kept with the effect."""
    apis = [path for part in ("*.py", "v1/*.py", "api/*.py", "operator/*.py") for path in WEB.glob(part)]
    assert len(apis) > 40
    acting = {path.name for path in apis if "call.act(" in path.read_text(encoding="utf-8")}
    # A page's form of files: each of them is known again by its name and its hash.
    assert acting == {"sent_files.py"}, "use call.once"
    answering = {path.name for path in apis if "call.once(" in path.read_text(encoding="utf-8")}
    assert answering >= {"tickets.py", "comments.py", "attaching.py", "moving.py"}


async def test_another_request_under_the_key_is_refused(ada: Person, ada_at_labs: Person, house: House) -> None:
    id_ = await ada.opens()
    body = {"customerReference": "A1"}
    path = f"{TICKETS}/{id_}"
    assert (await ada.put(path, body, headers=key())).status_code == 200
    others = [
        ada.put(path, body | {"customerReference": "A2"}, headers=key()),
        ada.put(f"{path}?x=1", body, headers=key()),
        ada.put(f"{TICKETS}/WO7568", body, headers=key()),
        ada.put(f"{path}/cancel", body, headers=key()),
        ada.post(TICKETS, OPENING, headers=key()),
        ada_at_labs.put(path, body, headers=key()),
        ada_at_labs.post(TICKETS, OPENING, headers=key()),
    ]
    for other in others:
        assert message(await other, 422) == OTHER
    assert (await ada.put(path, body, headers=key())).status_code == 200
    assert (await ada.ticket(id_))["status"] == "New"
    assert await kept(house) == 1


async def test_a_key_is_the_apps_own(ada: Person, bob: Person) -> None:
    first = (await ada.post(TICKETS, OPENING, headers=key())).json()
    second = (await bob.post(TICKETS, OPENING, headers=key())).json()
    assert first["id"] != second["id"], "Bob's app on the same account"
    assert second["createdBy"] == "Bob Example"


async def test_a_refusal_frees_the_key(ada: Person, house: House) -> None:
    assert (await ada.post(TICKETS, OPENING | {"title": ""}, headers=key())).status_code == 400
    assert (await ada.post(TICKETS, OPENING | {"site": "ZZZ999"}, headers=key())).status_code == 404
    assert await kept(house) == 0
    assert (await ada.post(TICKETS, OPENING, headers=key())).status_code == 201


async def test_a_day_later_it_is_new(ada: Person, clock: SettableClock, house: House) -> None:
    first = (await ada.post(TICKETS, OPENING, headers=key())).json()
    clock.ahead = repeats.KEPT_SECONDS - 60
    ada = await _again(ada)
    assert (await ada.post(TICKETS, OPENING, headers=key())).json() == first
    clock.ahead += 120
    ada = await _again(ada)
    second = await ada.post(TICKETS, OPENING | {"title": "Another"}, headers=key())
    assert second.status_code == 201
    assert second.json()["id"] != first["id"]
    assert (await ada.post(TICKETS, OPENING | {"title": "Another"}, headers=key())).json() == second.json()
    assert await kept(house) == 1


async def _again(person: Person) -> Person:
    """The same person with a new token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": "ada",
        "client_secret": "secret-of-ada-0123456789abcdef-0123",
    }
    token = (await person.web.post("/v2/auth/token", data=form)).json()["access_token"]
    return Person(person.web, token, ("100123", "0011A00001AaAB1ABC"))


async def test_the_worker_forgets_them_after_a_day(
    ada: Person, max: Person, dora: Desk, house: House, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remotehandsd.repeats.keeping.AT_ONCE", 2)
    for number in range(3):
        await ada.post(TICKETS, OPENING, headers=key(f"old-{number}"))
    assert (await max.post(TICKETS, OPENING | {"site": "FRA003"}, headers=key())).status_code == 201
    id_ = await ada.opens()
    await dora.person.post(f"/operator/v1/tickets/{id_}/start", headers=key())
    assert await kept(house) == 5
    assert await repeats.forget_old(house) == 0
    clock.ahead = 3600
    ada = await _again(ada)
    await ada.post(TICKETS, OPENING, headers=key("young"))
    clock.ahead = repeats.KEPT_SECONDS + 60
    assert await repeats.forget_old(house) == 5
    assert await kept(house) == 1


@pytest.mark.parametrize("value", ["", "k" * 256, "with blank", "ключ", "tab\there", "\x7f"])
async def test_what_is_no_key(value: str, ada: Person, dora: Desk) -> None:
    headers = [(b"Idempotency-Key", value.encode())]
    answer = await _raw(ada, "POST", TICKETS, headers, OPENING)
    assert message(answer) == "Bad request was submitted."
    id_ = await ada.opens()
    answer = await _raw(dora.person, "POST", f"/operator/v1/tickets/{id_}/start", headers, {})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Idempotency-Key" in answer.json()["detail"]


async def _raw(person: Person, method: str, path: str, more: list[tuple[bytes, bytes]], body: Any) -> httpx.Response:
    headers = [(name.encode(), value.encode()) for name, value in person.headers.items()] + more
    return await person.web.request(method, path, headers=headers, json=body)


async def test_two_keys_are_none(ada: Person) -> None:
    answer = await _raw(ada, "POST", TICKETS, [(b"Idempotency-Key", b"a"), (b"Idempotency-Key", b"b")], OPENING)
    assert message(answer) == "Bad request was submitted."
    assert (await ada.post(TICKETS, OPENING, headers=key('"!~' + "k" * 252))).status_code == 201


async def test_the_order_of_checks(ada: Person, eve: Person, tom: Desk) -> None:
    """After permission, content type, size and syntax; before existence and fields."""
    await ada.post(TICKETS, OPENING, headers=key())
    assert message(await eve.post(TICKETS, OPENING, headers=key()), 401).startswith("The requested operation")
    bad = await ada.request("POST", TICKETS, content=b"{", headers=key() | {"Content-Type": "application/json"})
    assert message(bad) == "Bad request was submitted."
    assert (await ada.request("POST", TICKETS, content=b"x", headers=key())).status_code == 415
    assert message(await ada.put(f"{TICKETS}/WO7568", {}, headers=key()), 422) == OTHER
    assert message(await ada.post(TICKETS, {}, headers=key()), 422) == OTHER
    id_ = await ada.opens()
    refused = await tom.person.post(f"/operator/v1/tickets/{id_}/cancel", headers=key("nothing visible"))
    assert refused.status_code == 403, "the role goes before the key"


async def test_a_revoked_app_gets_no_kept_answer(ada: Person, house: House, clock: SettableClock) -> None:
    assert (await ada.post(TICKETS, OPENING, headers=key())).status_code == 201
    await load_text(house, RETIRED)
    clock.ahead = 6
    assert (await ada.post(TICKETS, OPENING, headers=key())).status_code == 401


async def test_without_the_permission_there_is_no_kept_answer(ada: Person, house: House, clock: SettableClock) -> None:
    assert (await ada.post(TICKETS, OPENING, headers=key())).status_code == 201
    async with house.db.write() as tx:
        await tx.run("DELETE FROM user_permissions")
    clock.ahead = 6
    assert message(await ada.post(TICKETS, OPENING, headers=key()), 401).startswith("The requested operation")


async def test_without_the_role_there_is_no_kept_answer(
    ada: Person, dora: Desk, house: House, clock: SettableClock
) -> None:
    path = f"/operator/v1/tickets/{await ada.opens()}/cancel"
    assert (await dora.post(path, headers=key())).status_code == 200
    assert (await dora.post(path, headers=key())).status_code == 200
    async with house.db.write() as tx:
        await tx.run("DELETE FROM staff_roles WHERE role = 'dispatcher'")
    clock.ahead = 6
    assert (await dora.post(path, headers=key())).status_code == 403


RETIRED = """
environment = "playground"
[[apps]]
name = "tests"
user = "ada@example.com"
client_id = "ada"
retired = true
"""


async def test_the_operators_words(ada: Person, dora: Desk) -> None:
    first, second = await ada.opens(), await ada.opens()
    assert (await dora.post(f"/operator/v1/tickets/{first}/start", headers=key())).status_code == 200
    answer = await dora.post(f"/operator/v1/tickets/{second}/start", headers=key())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"] == [{"field": "Idempotency-Key", "message": OTHER}]


async def test_token_calls_know_no_key(web: httpx.AsyncClient, ada: Person, house: House) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "ada",
        "client_secret": "secret-of-ada-0123456789abcdef-0123",
    }
    for path in ("/v2/auth/token", "/oauth2/token"):
        answers = [await web.post(path, data=form, headers=key(value)) for value in ("a", "a", "no key at all")]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert len({answer.json()["access_token"] for answer in answers}) == 3
    assert await kept(house) == 0


async def test_what_is_kept_cannot_be_read_in_the_database(ada: Person, house: House) -> None:
    await ada.post(TICKETS, OPENING | {"title": "A secret of ours"}, headers=key())
    async with house.db.read(EVERY_TENANT) as tx:
        [[sealed, app]] = await tx.all("SELECT sealed, app FROM repeats")
        assert b"secret" not in bytes(sealed)
    assert b"A secret of ours" in house.seal.open(bytes(sealed), f"answer to {app} order-1")


@asynccontextmanager
async def nobody_writes(house: House) -> AsyncIterator[None]:
    """Another program holds what every change of a ticket needs."""
    url = house.settings.database_url
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(embedded_file(url), isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    async with house.db.write(EVERY_TENANT) as tx:
        await tx.all("SELECT number FROM tickets FOR UPDATE")
        yield


async def test_a_request_that_is_being_done_is_not_begun_again(ada: Person, dora: Desk, house: House) -> None:
    id_ = await ada.opens()
    path, body = f"{TICKETS}/{id_}", {"customerReference": "A1"}
    move = f"/operator/v1/tickets/{id_}/start"
    async with nobody_writes(house):
        first = asyncio.create_task(ada.put(path, body, headers=key()))
        start = asyncio.create_task(dora.post(move, headers=key()))
        await asyncio.sleep(0.5)
        assert not first.done()
        meanwhile = await asyncio.wait_for(ada.put(path, body, headers=key()), 2)
        assert message(meanwhile, 409) == IN_PROGRESS
        assert meanwhile.headers["retry-after"] == "1"
        problem = await asyncio.wait_for(dora.post(move, headers=key()), 2)
        assert (problem.status_code, problem.json()["detail"]) == (409, IN_PROGRESS)
        file = await asyncio.wait_for(_attach(ada, id_, b"x"), 2)
        assert message(file, 409) == IN_PROGRESS
    answer = await first
    assert answer.status_code == 200
    assert (await start).status_code == 200
    assert same(answer, await ada.put(path, body, headers=key()))


async def test_a_client_that_is_gone_still_holds_its_key_until_the_commit(ada: Person, house: House) -> None:
    """Cancelled while it waits: nothing was done, and the key is free."""
    id_ = await ada.opens()
    path, body = f"{TICKETS}/{id_}", {"customerReference": "A1"}
    async with nobody_writes(house):
        first = asyncio.create_task(ada.put(path, body, headers=key()))
        await asyncio.sleep(0.3)
        first.cancel()
        await asyncio.wait([first])
    answer = await ada.put(path, body, headers=key())
    assert answer.status_code == 200
    assert (await ada.ticket(id_))["customerReference"] == "A1"


async def test_many_at_once_open_one_ticket(ada: Person) -> None:
    async def order() -> httpx.Response:
        while True:
            answer = await ada.post(TICKETS, OPENING, headers=key())
            if answer.status_code != 409:
                return answer
            await asyncio.sleep(0.005)

    answers = await asyncio.gather(*(order() for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (await ada.get(TICKETS)).json()["pageable"]["totalElements"] == 1


# Uploads


async def _attach(
    person: Person,
    id_: str,
    content: bytes,
    *,
    name: str = "report.txt",
    kind: str = "text/plain",
    under: str = "order-1",
) -> httpx.Response:
    return await person.request(
        "POST",
        "/v1/attachments",
        params={"requestId": id_, "file_name": name},
        files={"file": ("report.txt", content, kind)},
        headers=key(under),
    )


def files_of(house: House) -> list[str]:
    return [path.name for path in folder_of(house).rglob("*") if path.is_file()]


async def test_an_upload_that_is_sent_again(ada: Person, dora: Desk, house: House) -> None:
    id_ = await ada.opens()
    first = await _attach(ada, id_, b"content")
    assert first.status_code == 200
    assert same(first, await _attach(ada, id_, b"content")), "under another boundary"
    assert len(files_of(house)) == 1
    for other in (
        _attach(ada, id_, b"contenT"),
        _attach(ada, id_, b"content", name="other.txt"),
        _attach(ada, id_, b"content", kind="image/png"),
        _attach(ada, "WO7568", b"content"),
    ):
        assert message(await other, 422) == OTHER
    assert len(files_of(house)) == 1
    await dora.does("cancel", id_)
    assert same(first, await _attach(ada, id_, b"content")), "the ticket is closed by now"
    assert (await _attach(ada, id_, b"content", under="order-2")).status_code == 400
    assert len((await ada.get(f"/v1/attachments/{id_}")).json()) == 1
    assert len(files_of(house)) == 1


async def test_a_refused_upload_frees_the_key(ada: Person, house: House) -> None:
    id_ = await ada.opens()
    assert (await _attach(ada, id_, b"")).status_code == 400
    assert (await _attach(ada, id_, b"", name="\n")).status_code == 400
    assert (await _attach(ada, "WO7568", b"content")).status_code == 404
    assert await kept(house) == 0
    assert (await _attach(ada, id_, b"content")).status_code == 200


async def test_of_uploads_at_once_one_is_kept(ada: Person, house: House) -> None:
    """All of them stream before any is written down; who comes second finds the answer and leaves its file."""
    id_ = await ada.opens()
    may_end = asyncio.Event()

    async def body(has_begun: asyncio.Event) -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: text/plain\r\n\r\nfirst half, '
        has_begun.set()
        await may_end.wait()
        yield b"second half\r\n--b--\r\n"

    def upload(has_begun: asyncio.Event) -> asyncio.Task[httpx.Response]:
        return asyncio.create_task(
            ada.request(
                "POST",
                "/v1/attachments",
                params={"requestId": id_, "file_name": "x"},
                content=body(has_begun),
                headers=key() | {"Content-Type": "multipart/form-data; boundary=b"},
            )
        )

    running = []
    for _ in range(6):
        has_begun = asyncio.Event()
        running.append(upload(has_begun))
        await asyncio.wait_for(has_begun.wait(), 5)
    may_end.set()
    answers = await asyncio.gather(*running)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.content for answer in answers if answer.status_code == 200}) == 1
    assert len((await ada.get(f"/v1/attachments/{id_}")).json()) == 1
    assert len(files_of(house)) == 1


async def test_a_photograph_from_the_desk_that_is_sent_again(ada: Person, dora: Desk, house: House) -> None:
    """It is made anew, so its bytes differ from what was sent; what was sent is compared."""
    path = f"/operator/v1/tickets/{await ada.opens()}/attachments"

    async def attach(content: bytes) -> httpx.Response:
        asked = {"file_name": "rack.png", "photograph": "true"}
        return await dora.person.request(
            "POST", path, params=asked, files={"file": ("x.png", content, "image/png")}, headers=key()
        )

    first = await attach(picture("red"))
    assert first.status_code == 200, first.text
    assert same(first, await attach(picture("red")))
    assert (await attach(picture("blue"))).status_code == 422
    assert len(files_of(house)) == 1


def picture(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "PNG")
    return made.getvalue()


# What it costs, and what it says


async def test_without_a_key_nothing_more_is_asked_of_the_database(
    ada: Person, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    path = "sqlite_tx.SqliteTx" if house.settings.database_url.startswith("sqlite") else "postgres_tx.PostgresTx"
    for name in ("one", "all", "run"):
        original = _attribute(f"remotehandsd.kit.db.{path}", name)

        async def spy(self: Any, sql: str, original: Any = original, **values: Any) -> Any:
            asked.append(sql)
            return await original(self, sql, **values)

        monkeypatch.setattr(f"remotehandsd.kit.db.{path}.{name}", spy)
    await ada.post(TICKETS, OPENING)
    asked.clear()
    await ada.post(TICKETS, OPENING)
    assert len(asked) == 2, asked
    assert not any("repeats" in sql or "advisory" in sql for sql in asked)
    await ada.post(TICKETS, OPENING, headers=key())
    assert sum("repeats" in sql for sql in asked) == 2


def _attribute(path: str, name: str) -> Any:
    module, _, owner = path.rpartition(".")
    return getattr(getattr(__import__(module, fromlist=[owner]), owner), name)


async def test_every_answer_says_that_it_is_there(web: httpx.AsyncClient, ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    for answer in [
        await web.get("/"),
        await web.get("/nothing"),
        await web.get("/v1/nothing"),
        await web.get("/operator/v1/tickets"),
        await web.get("/healthz"),
        await web.get("/openapi.json"),
        await web.get(f"{TICKETS}/{id_}"),
        await web.post("/v2/auth/token", data={}),
        await web.post("/oauth2/token", data={}),
        await web.post(
            "/v2/auth/token",
            data={
                "grant_type": "client_credentials",
                "client_id": "ada",
                "client_secret": "secret-of-ada-0123456789abcdef-0123",
            },
        ),
        await web.delete("/v1/accounts"),
        await ada.get(f"{TICKETS}/{id_}"),
        await ada.post(TICKETS, {}),
        await dora.get(f"/operator/v1/tickets/{id_}"),
        await ada.request("HEAD", f"{TICKETS}/{id_}"),
    ]:
        assert answer.headers.get_list("remotehands-features") == ["idempotency"], answer.request.url


async def test_the_figures_and_the_log_know_a_repeat(ada: Person, web: httpx.AsyncClient) -> None:
    for _ in range(3):
        await ada.post(TICKETS, OPENING, headers=key())
    figures = (await web.get("/metrics")).text
    assert 'remotehands_repeated_total{route="/v1/remotehands-tickets"} 2.0' in figures
    assert 'remotehands_requests_total{method="POST",route="/v1/remotehands-tickets",status="201"} 3.0' in figures
