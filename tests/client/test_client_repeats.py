"""What is sent again, and what is not (interfaces.md section 7)."""

import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from odd import CUT, Family, Reply, refused
from remotehands import (
    AsyncClient,
    Client,
    ConnectionFailed,
    ConnectionLost,
    Invalid,
    Limited,
    OutcomeUnknown,
    RemotehandsError,
    Unavailable,
    pacing,
)
from remotehands.exchange import Answer

NEW = {"title": "T", "site": "PHX015", "request_type": "Urgent Work", "category": "Other"}
AT_ONCE = {"Retry-After": "0"}
AWAY = Reply(503, b"", AT_ONCE)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "FIRST_SECONDS", 0.01)


@pytest.mark.parametrize("trouble", [CUT, AWAY, Reply(502, b"<html>", AT_ONCE), Reply(504, b"", AT_ONCE), Reply(429)])
def test_a_read_is_repeated(family: Family, client: Client, trouble: Reply | None) -> None:
    family.before = [trouble, trouble]
    assert client.tickets.get("WO1000000").title == "T"
    assert len(family.asked) == 3


async def test_a_read_is_repeated_under_asyncio(family: Family, async_client: AsyncClient) -> None:
    family.before = [CUT, AWAY]
    async with async_client as client:
        assert (await client.tickets.get("WO1000000")).title == "T"
    assert len(family.asked) == 3


def test_in_the_end_a_read_gives_up(family: Family, client: Client) -> None:
    family.before = [CUT] * 9
    with pytest.raises(ConnectionLost):
        client.tickets.get("WO1000000")
    assert len(family.asked) == 4
    family.before = [AWAY] * 9
    with pytest.raises(Unavailable) as caught:
        client.tickets.get("WO1000000")
    assert caught.value.status == 503
    assert len(family.asked) == 8


@pytest.mark.parametrize("trouble", [CUT, AWAY, Reply(502, b"<html>", AT_ONCE)])
def test_a_change_is_not_repeated_where_nobody_recognises_it(
    family: Family, client: Client, trouble: Reply | None
) -> None:
    family.after = [trouble]
    with pytest.raises(OutcomeUnknown, match="not known whether"):
        client.tickets.create(**NEW)
    assert (len(family.asked), len(family.made)) == (1, 1)


@pytest.mark.parametrize("trouble", [CUT, AWAY, Reply(502, b"<html>", AT_ONCE)])
def test_a_change_is_repeated_under_its_key_where_it_is_recognised(
    family: Family, client: Client, trouble: Reply | None
) -> None:
    family.recognises = True
    family.after = [trouble, trouble]
    family.before = ["go on", trouble]
    ticket = client.tickets.create(**NEW)
    assert ticket.id == "WO1000000"
    assert (len(family.asked), len(family.made)) == (3, 1)
    assert len({one.headers["idempotency-key"] for one in family.asked}) == 1
    client.tickets.create(**NEW)
    assert len(family.made) == 2, "another ticket has another key"


async def test_a_change_is_repeated_under_asyncio(family: Family, async_client: AsyncClient) -> None:
    family.recognises = True
    family.after = [CUT]
    async with async_client as client:
        assert (await client.tickets.create(**NEW)).id == "WO1000000"
    assert (len(family.asked), len(family.made)) == (2, 1)


def test_a_recognised_change_that_is_never_answered_is_unknown(family: Family, client: Client) -> None:
    family.recognises = True
    family.after = [CUT]
    family.before = ["go on", CUT, CUT, AWAY]
    with pytest.raises(OutcomeUnknown):
        client.tickets.create(**NEW)
    assert len(family.asked) == 4


@pytest.mark.parametrize(
    "then",
    [
        refused(401, "The requested operation is not permitted for the user."),
        refused(500, "There was an unexpected system error."),
        Reply(301, b"", {"Location": "https://elsewhere.example/"}),
        Reply(404, b"<html>", {"Content-Type": "text/html"}),
    ],
)
def test_what_does_not_come_from_the_change_itself_does_not_tell_its_outcome(
    family: Family, client: Client, then: Reply
) -> None:
    family.recognises = True
    family.after = [CUT]
    family.before = ["go on", then]
    with pytest.raises(OutcomeUnknown) as caught:
        client.tickets.create(**NEW)
    assert isinstance(caught.value.__cause__, RemotehandsError)
    assert str(caught.value.__cause__) in str(caught.value)


def test_a_token_that_cannot_be_renewed_does_not_tell_the_outcome_either(family: Family, client: Client) -> None:
    family.recognises = True
    family.token = family.token | {"expires_in": "0"}
    family.after = [CUT]
    client.account()
    family.refuses_tokens_after = family.tokens + 1
    with pytest.raises(OutcomeUnknown, match="Client credentials are invalid"):
        client.tickets.create(**NEW)
    assert len(family.made) == 1


def test_a_refusal_of_the_repeat_is_the_outcome(family: Family, client: Client) -> None:
    family.recognises = True
    family.before = [CUT, refused(400, "Payload 'title' has an invalid value.")]
    with pytest.raises(Invalid):
        client.tickets.create(**NEW)


def test_a_repeat_waits_while_the_first_is_carried_out(family: Family, client: Client) -> None:
    family.recognises = True
    family.before = [CUT, refused(409, "A request with this Idempotency-Key is in progress.", **AT_ONCE)]
    assert client.tickets.create(**NEW).id == "WO1000000"
    assert len(family.asked) == 3


def test_what_was_limited_is_repeated_even_if_it_changes(family: Family, client: Client) -> None:
    family.before = [refused(429, "Too many requests.", **AT_ONCE)]
    client.tickets.create(**NEW)
    assert (len(family.asked), len(family.made)) == (2, 1)


def test_a_file_is_sent_again_from_its_beginning(family: Family, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(b"x" * 300_000)
    family.recognises = True
    family.before = [CUT]
    client.tickets.attach("WO1000000", file)
    first, second = family.asked
    for one in (first, second):
        assert b"x" * 300_000 in one.body
        assert int(one.headers["content-length"]) == len(one.body)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


def test_the_servers_pause_is_kept(family: Family, client: Client) -> None:
    family.before = [Reply(503, b"", {"Retry-After": "1"})]
    began = time.monotonic()
    client.tickets.get("WO1000000")
    assert time.monotonic() - began >= 1


def test_a_pause_beyond_patience_is_a_refusal_at_once(family: Family, patient: Callable[..., Client]) -> None:
    family.before = [refused(429, "Too many requests.", **{"Retry-After": "3600"})]
    with pytest.raises(Limited, match="Too many requests") as caught:
        patient(patience=5).tickets.get("WO1000000")
    assert caught.value.retry_after == 3600
    assert len(family.asked) == 1


def test_retry_after_may_be_a_date() -> None:
    at = datetime.now(UTC) + timedelta(seconds=30)
    said = pacing.retry_after(Answer(503, {"retry-after": format_datetime(at, usegmt=True)}))
    assert said is not None
    assert 25 < said <= 30
    assert pacing.retry_after(Answer(503, {"retry-after": "soon"})) is None
    assert pacing.retry_after(Answer(503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"})) == 0


def test_nobody_there_is_tried_again_and_is_a_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with (
            Client(f"http://127.0.0.1:{port}", "id", "secret") as client,
            pytest.raises(ConnectionFailed, match=rf"^127\.0\.0\.1:{port} cannot be reached: .*\.$"),
        ):
            client.tickets.create(**NEW)
