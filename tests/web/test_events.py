"""`GET /api/events`: the feed and the stream."""

import asyncio
import json
import signal
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest

from cast import OPENING, Desk, Person, Server
from conftest import EXAMPLE, SettableClock, load_text
from remotehandsd.errors import Limited
from remotehandsd.house import House
from remotehandsd.web.api import events as module
from remotehandsd.web.api import stream
from remotehandsd.web.api.events import MOST_OF_APP
from remotehandsd.web.refused import Refused
from remotehandsd.wire import TOLD_COMMENTS

FEED = "/api/events"


async def _feed(person: Person, **query: Any) -> dict[str, Any]:
    answer = await person.get(FEED, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return dict(answer.json())


async def _walked(person: Person, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await _feed(person, after=after, limit=limit)
        found += page["events"]
        assert len(page["events"]) <= limit
        if not page["events"]:
            assert page["next"] == after
            return found
        after = page["next"]
        assert after == page["events"][-1]["id"]


async def test_a_page_ends_when_it_is_full(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each event holds its ticket with all comments, so that many are larger than what was said on it."""
    id_ = await ada.opens()
    for number in range(12):
        await ada.comments(id_, f"{number} " + "x" * 4000)
    whole = await _walked(ada, 1000)
    assert len((await _feed(ada, limit=1000))["events"]) == len(whole) == 13
    monkeypatch.setattr(module, "PAGE_BYTES", 100_000)
    first = await ada.get(FEED, params={"limit": 1000})
    assert 60_000 < len(first.content) < 101_000
    assert await _walked(ada, 1000) == whole, "nothing is missed"
    monkeypatch.setattr(module, "PAGE_BYTES", 1)
    assert len((await _feed(ada, limit=1000))["events"]) == 1
    assert await _walked(ada, 1000) == whole


async def test_each_event_with_the_ticket_as_it_stood(ada: Person, dora: Desk, clock: SettableClock) -> None:
    stood: list[tuple[str, dict[str, Any]]] = []
    id_ = ""

    async def after(kind: str) -> None:
        stood.append((kind, await ada.ticket(id_)))
        clock.ahead += 61

    id_ = await ada.opens(customerReference="REF 1", notificationRecipients="ops@example.com")
    await after("ticket.created")
    await ada.comments(id_, "first")
    await after("ticket.commented")
    await ada.put(f"/v1/remotehands-tickets/{id_}", {"customerReference": "REF 2", "notificationRecipients": ""})
    await after("ticket.updated")
    await dora.does("start", id_)
    await after("ticket.started")
    await dora.does("comments", id_, {"comment": "I am at the rack", "internal": False})
    await after("ticket.commented")
    await ada.cancels(id_)
    await after("ticket.cancellation_requested")
    await ada.attaches(id_, b"a photograph")
    await after("ticket.attachment_added")
    await dora.does("refuse-cancellation", id_, {"comment": "too late"})
    await after("ticket.cancellation_refused")
    await ada.cancels(id_)
    await after("ticket.cancellation_requested")
    await dora.does("complete", id_)
    await after("ticket.completed")

    told = (await _feed(ada))["events"]
    assert [(event["type"], event["data"]["ticket"]) for event in told] == stood
    assert [event["data"]["sequence"] for event in told] == list(range(1, len(stood) + 1))
    assert [list(event) for event in told] == [["id", "type", "timestamp", "data"]] * len(told)
    assert told[0]["timestamp"] == stood[0][1]["createdOn"].replace(" ", "T") + "Z"
    assert await _walked(ada, 3) == told
    assert len({event["id"] for event in told}) == len(told)


async def test_calling_off_by_phone(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    before = await ada.ticket(id_)
    await dora.does("cancel", id_, {"cancelReason": "Duplicate request"})
    told = (await _feed(ada))["events"]
    assert [event["type"] for event in told] == ["ticket.created", "ticket.cancelled"]
    assert [event["data"]["ticket"] for event in told] == [before, await ada.ticket(id_)]


async def test_of_a_long_talk_the_newest_comments_are_told(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    for number in range(TOLD_COMMENTS + 3):
        await ada.comments(id_, f"comment {number}")
    await dora.does("start", id_)
    data = [event["data"] for event in (await _feed(ada))["events"]]
    assert [one["earlierComments"] for one in data] == [0] * (TOLD_COMMENTS + 1) + [1, 2, 3, 3]
    said = [[comment["comment"] for comment in one["ticket"]["comments"]] for one in data]
    assert said[-2] == [f"comment {number}" for number in range(3, TOLD_COMMENTS + 3)]
    assert said[TOLD_COMMENTS + 1] == [f"comment {number}" for number in range(1, TOLD_COMMENTS + 1)]
    assert said[2] == ["comment 0", "comment 1"]


async def test_a_clock_that_runs_backwards(ada: Person, clock: SettableClock) -> None:
    id_ = await ada.opens()
    clock.ahead += 100
    await ada.comments(id_, "later")
    second = await ada.ticket(id_)
    clock.ahead -= 50
    await ada.comments(id_, "earlier")
    third = await ada.ticket(id_)
    told = (await _feed(ada))["events"]
    assert [event["data"]["ticket"]["updatedOn"] for event in told[1:]] == [second["updatedOn"], third["updatedOn"]]


async def test_what_is_internal_is_not_told(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    told = await _feed(ada)
    await dora.does("comments", id_, {"comment": "the customer owes us", "internal": True})
    await dora.does("assign", id_, {"email": "tess@operator.example"})
    assert await _feed(ada) == told
    await dora.does("start", id_)
    assert [event["data"]["sequence"] for event in (await _feed(ada))["events"]] == [1, 2]


async def test_of_this_account_only(ada: Person, max: Person, ada_at_labs: Person, pia: Person) -> None:
    await ada.opens()
    cursor = (await _feed(ada))["next"]
    for other in (max, ada_at_labs, pia):
        assert await _feed(other) == {"events": [], "next": ""}
        answer = await other.get(FEED, params={"after": cursor})
        assert answer.status_code == 422, answer.text


@pytest.mark.parametrize(
    "after",
    ["evt_1_ffffff", "evt_0_0", "evt_1", "1", "evt_-1_1", "evt_1_1 ", "evt_" + "f" * 16 + "_1", "x" * 5000, "\0"],
)
async def test_an_unknown_cursor(ada: Person, after: str) -> None:
    await ada.opens()
    answer = await ada.get(FEED, params={"after": after})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["after"]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x", "1.5", "²"])
async def test_a_wrong_limit(ada: Person, limit: str) -> None:
    answer = await ada.get(FEED, params={"limit": limit})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == ["limit"]


async def test_who_may_not(web: httpx.AsyncClient, ada: Person, eve: Person, dora: Desk) -> None:
    assert (await web.get(FEED)).status_code == 401
    assert (await eve.get(FEED)).status_code == 403
    assert (await dora.get(FEED)).status_code == 400
    assert (
        await dora.get(FEED, headers=dict(zip(("Master-Account-Id", "Account-Id"), EXAMPLE, strict=True)))
    ).status_code == 403
    malformed = await ada.get(FEED, headers={"Account-Id": "?"})
    assert malformed.status_code == 400
    assert malformed.headers["content-type"] == "application/problem+json"
    assert (await web.post(FEED)).status_code == 405
    assert (await web.get("/api/nothing")).headers["content-type"] == "application/problem+json"


# The stream, from a server as a user starts it


def _signed_in(server: Server, client_id: str = "ada") -> dict[str, str]:
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": f"secret-of-{client_id}-0123456789abcdef-0123",
    }
    token = httpx.post(f"{server.url}/v2/auth/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}", "Master-Account-Id": EXAMPLE[0], "Account-Id": EXAMPLE[1]}


class Listener:
    """A program that listens to the stream on a thread of its own."""

    def __init__(self, server: Server, headers: dict[str, str], **more: str) -> None:
        self.events: list[dict[str, Any]] = []
        self.is_over = threading.Event()
        self.is_there = threading.Event()
        self._url = f"{server.url}{FEED}"
        self._headers = headers | {"Accept": "text/event-stream"} | more
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.is_there.wait(10)

    def _listen(self) -> None:
        # A server that is killed at the end of a test breaks off.
        with (
            suppress(httpx.TransportError),
            httpx.stream("GET", self._url, headers=self._headers, timeout=60) as answer,
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            for name, value in (line.split(": ", 1) for line in self._lines(answer)):
                if name == "data":
                    self.events.append(json.loads(value))
        self.is_over.set()

    def _lines(self, answer: httpx.Response) -> Iterator[str]:
        for line in answer.iter_lines():
            self.is_there.set()
            if line and not line.startswith(":"):
                yield line

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 20
        while len(self.events) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.events


def _opens(server: Server, headers: dict[str, str]) -> str:
    answer = httpx.post(f"{server.url}/v1/remotehands-tickets", json=OPENING, headers=headers)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def test_a_stream(house: House, serve: Callable[..., Server]) -> None:
    server = serve()
    headers = _signed_in(server)
    _opens(server, headers)
    first = Listener(server, headers)
    ids = [_opens(server, headers) for _ in range(3)]
    heard = first.wait_for(3)
    assert [event["data"]["ticket"]["id"] for event in heard] == ids, "it begins with what happens from now on"
    again = Listener(server, headers, **{"Last-Event-ID": heard[0]["id"]})
    assert again.wait_for(2) == heard[1:]
    page = httpx.get(f"{server.url}{FEED}", headers=headers).json()
    assert page["events"][1:] == heard
    wrong = httpx.get(f"{server.url}{FEED}", headers=headers | {"Accept": "text/event-stream", "Last-Event-ID": "x"})
    assert wrong.status_code == 422
    began = time.monotonic()
    assert server.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < 10, "streams do not hold the server up"
    assert first.is_over.wait(5)
    assert again.is_over.wait(5)


async def test_a_stream_ends_with_the_token(house: House, serve: Callable[..., Server]) -> None:
    server = serve()
    bobs = Listener(server, _signed_in(server, "bob"))
    adas = Listener(server, _signed_in(server))
    await load_text(
        house,
        """
        environment = "playground"
        [[apps]]
        name = "tests"
        user = "bob@example.com"
        client_id = "bob"
        retired = true
        """,
    )
    assert bobs.is_over.wait(10), "a revoked app hears nothing more"
    assert not adas.is_over.is_set()


async def test_no_app_takes_all_streams(house: House, serve: Callable[..., Server]) -> None:
    server = serve()
    streaming = {"Accept": "text/event-stream"}
    adas, bobs = _signed_in(server) | streaming, _signed_in(server, "bob") | streaming
    listened_to: list[Iterator[bytes]] = []
    with httpx.Client(timeout=10) as client, ExitStack() as open_:

        def status(headers: dict[str, str], kept: ExitStack) -> int:
            answer = kept.enter_context(client.stream("GET", f"{server.url}{FEED}", headers=headers))
            if answer.status_code == 200:
                pieces = answer.iter_raw()
                next(pieces)
                listened_to.append(pieces)
            else:
                assert answer.headers["retry-after"] == "2"
            return answer.status_code

        last = ExitStack()
        open_.push(last)
        assert [status(adas, open_) for _ in range(MOST_OF_APP - 1)] == [200] * (MOST_OF_APP - 1)
        assert status(adas, last) == 200
        assert status(adas, open_) == 429
        assert status(bobs, open_) == 200, "it is each app's own"
        assert client.get(f"{server.url}{FEED}", headers=_signed_in(server)).status_code == 200, "a page is no stream"
        last.close()
        deadline = time.monotonic() + 20
        while (found := status(adas, open_)) == 429 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert found == 200, "who leaves makes room"


def test_all_apps_on_an_account_and_everybody_together_have_a_bound() -> None:
    streams = Counter({module.EVERYBODY: 999, "app a": 49, "account 1": 99})
    module.check_room(streams, "app a", "account 1")
    for full in ({"app a": 50}, {"account 1": 100}):
        with pytest.raises(Limited):
            module.check_room(streams | Counter(full), "app a", "account 1")
    with pytest.raises(Refused) as refused:
        module.check_room(streams | Counter({module.EVERYBODY: 1000}), "app b", "account 2")
    assert refused.value.status == 503


async def test_a_stream_that_nobody_reads_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "UNREAD_SECONDS", 0.05)
    said: list[str] = []

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                said.append("piece")
                yield b"data: x\n\n"
        finally:
            said.append("let go")

    async def send(message: Any) -> None:
        if len(said) == 3:
            # As the server's does while the client takes nothing.
            await asyncio.Event().wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    async with asyncio.timeout(10):
        await stream.EventStream(pieces(), has_body=True)({"type": "http"}, receive, send)
    assert said == ["piece"] * 3 + ["let go"]


class TestAnAppThatIsLimited:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_RATE_LIMIT": "3/minute"}

    async def test_a_stream_is_one_request(self, house: House, serve: Callable[..., Server]) -> None:
        server = serve()
        headers = _signed_in(server)
        listener = Listener(server, headers)
        time.sleep(4)
        assert not listener.is_over.is_set(), "it looks again and again whether the token holds, and is not counted"
        statuses = [httpx.get(f"{server.url}{FEED}", headers=headers).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
