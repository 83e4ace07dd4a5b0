"""Invitations and resets: single use, one at a time, and what using one ends."""

import asyncio
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from conftest import SettableClock
from remotehandsd import people
from remotehandsd.act import Environment
from remotehandsd.errors import Invalid, Limited, NotFound, NotSignedIn
from remotehandsd.house import House
from signing import HERE, PASSWORD, act_in, signs_in, with_password


async def invited(house: House, email: str = "pia@example.com") -> str:
    async with house.db.write() as tx:
        return await people.invite(act_in(house, tx, Environment.PRODUCTION), email)


async def test_a_link_sets_the_password_once(house: House) -> None:
    token = await invited(house)
    async with house.db.read() as tx:
        link = await people.link(tx, token, now=house.now())
        kept = await tx.all("SELECT secret_hash FROM password_links")
    assert (link.email, link.kind) == ("pia@example.com", "invitation")
    assert token.encode() not in kept[0][0]
    assert await people.set_password(house, token, PASSWORD) == link.person
    await signs_in(house, "pia@example.com")
    with pytest.raises(NotFound):
        await people.set_password(house, token, "another password")
    await signs_in(house, "pia@example.com")


async def test_of_two_uses_at_once_one_succeeds(house: House) -> None:
    token = await invited(house)
    words = [f"password number {number}" for number in range(4)]
    outcomes = await asyncio.gather(
        *(people.set_password(house, token, word) for word in words), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["NotFound", "NotFound", "NotFound", "int"]
    right = words[[isinstance(one, int) for one in outcomes].index(True)]
    await signs_in(house, "pia@example.com", right)


async def test_a_password_that_may_not_be_leaves_the_link(house: House) -> None:
    token = await invited(house)
    for password in ("short", "pia@example.com"):
        with pytest.raises(Invalid):
            await people.set_password(house, token, password)
    await people.set_password(house, token, PASSWORD)


@pytest.mark.parametrize(("kind", "seconds"), [("invitation", 7 * 86_400), ("reset", 3600)])
async def test_a_link_ends(house: House, clock: SettableClock, kind: str, seconds: int) -> None:
    token = await (invited(house) if kind == "invitation" else people.ask_reset(house, "pia@example.com", address=HERE))
    assert token
    clock.ahead += seconds - 5
    async with house.db.read() as tx:
        assert (await people.link(tx, token, now=house.now())).kind == kind
    clock.ahead += 6
    with pytest.raises(NotFound):
        await people.set_password(house, token, PASSWORD)


async def test_a_newer_link_ends_the_older_of_its_kind(house: House) -> None:
    first, second = await invited(house), await invited(house)
    reset = await people.ask_reset(house, "pia@example.com", address=HERE)
    assert reset
    with pytest.raises(NotFound):
        await people.set_password(house, first, PASSWORD)
    await people.set_password(house, second, PASSWORD)
    # Using one ends all others.
    with pytest.raises(NotFound):
        await people.set_password(house, reset, PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\0", "\ud800"])
async def test_a_made_up_token_is_nothing(house: House, token: str) -> None:
    with pytest.raises(NotFound):
        await people.set_password(house, token, PASSWORD)


async def test_using_a_link_ends_the_persons_sessions(house: House) -> None:
    await with_password(house, "pia@example.com")
    await with_password(house, "ada@example.com")
    pias = [await signs_in(house, "pia@example.com") for _ in range(2)]
    adas = await signs_in(house, "ada@example.com")
    await with_password(house, "pia@example.com", "another password")
    assert [await people.admit(house, secret) for secret in pias] == [None, None]
    assert await people.admit(house, adas) is not None
    with pytest.raises(NotSignedIn):
        await signs_in(house, "pia@example.com", PASSWORD)


async def test_a_sign_in_does_not_slip_by_a_reset(house: House) -> None:
    """Both at once, again and again: with the old password no session is left."""
    await with_password(house, "pia@example.com")
    for number in range(5):
        token = await invited(house)
        old = PASSWORD if number == 0 else f"password number {number - 1}"
        _, *signed_in = await asyncio.gather(
            people.set_password(house, token, f"password number {number}"),
            *(signs_in(house, "pia@example.com", old, address=f"198.51.100.{one}") for one in range(4)),
            return_exceptions=True,
        )
        secrets = [one for one in signed_in if isinstance(one, str)]
        assert [await people.admit(house, secret) for secret in secrets] == [None] * len(secrets)


async def test_a_reset_is_for_who_is_there_and_takes_as_long_for_who_is_not(house: House) -> None:
    loop = asyncio.get_running_loop()
    for email, is_there in [("PIA@example.com ", True), ("nobody@example.com", False), ("no address", False)]:
        before = loop.time()
        token = await people.ask_reset(house, email, address=HERE)
        assert (token is not None) is is_there
        assert loop.time() - before >= 0.24
    with pytest.raises(NotFound):
        await invited(house, "nobody@example.com")


async def test_resets_are_limited(house: House, clock: SettableClock) -> None:
    for _ in range(3):
        await people.ask_reset(house, "nobody@example.com", address=HERE)
    with pytest.raises(Limited):
        await people.ask_reset(house, "nobody@example.com", address=HERE)
    clock.ahead += 1201
    await people.ask_reset(house, "nobody@example.com", address=HERE)


async def test_who_is_signed_in_changes_the_password(house: House) -> None:
    await with_password(house, "pia@example.com")
    mine, other = await signs_in(house, "pia@example.com"), await signs_in(house, "pia@example.com")
    session = await people.admit(house, mine)
    assert session is not None
    with pytest.raises(NotSignedIn):
        await people.change_password(house, session, "wrong", "another password", address=HERE)
    with pytest.raises(Invalid):
        await people.change_password(house, session, PASSWORD, "short", address=HERE)
    new = await people.change_password(house, session, PASSWORD, "another password", address=HERE)
    assert await people.admit(house, mine) is None
    assert await people.admit(house, other) is None
    assert await people.admit(house, new) == session
    await signs_in(house, "pia@example.com", "another password")


async def test_what_happens_is_written_down_without_a_secret(house: House) -> None:
    token = await invited(house)
    await people.set_password(house, token, PASSWORD)
    async with house.db.read() as tx:
        written = await tx.all(
            "SELECT type, environment, about, done_by, before, after FROM events WHERE type LIKE 'person.%' ORDER BY id"
        )
    assert written == [
        ("person.invited", "production", "pia@example.com", "tests", "{}", "{}"),
        ("person.password_set", "production", "pia@example.com", "Pia Production", "{}", "{}"),
    ]


async def test_the_command_prints_a_link(house: House, command: Callable[..., CompletedProcess[str]]) -> None:
    done = command("invite", "Pia@example.com", REMOTEHANDS_PUBLIC_URL="https://hands.example.com/")
    assert done.returncode == 0, done.stderr
    start, _, token = done.stdout.strip().rpartition("/")
    assert start == "https://hands.example.com/password"
    await people.set_password(house, token, PASSWORD)
    await signs_in(house, "pia@example.com")


@pytest.mark.parametrize("email", ["nobody@example.com", "no address", b"\xff@example.com"])
async def test_the_command_knows_nobody_else(
    house: House, command: Callable[..., CompletedProcess[str]], email: object
) -> None:
    given = email.decode(errors="surrogateescape") if isinstance(email, bytes) else email
    done = command("invite", given)
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


async def test_who_guesses_elsewhere_does_not_keep_a_session_from_another_password(house: House) -> None:
    await with_password(house, "pia@example.com")
    session = await people.admit(house, await signs_in(house, "pia@example.com"))
    assert session is not None
    for number in range(40):
        with pytest.raises(NotSignedIn):
            await signs_in(house, "pia@example.com", "wrong password", address=f"198.51.100.{number}")
    for _ in range(9):
        with pytest.raises(NotSignedIn):
            await people.change_password(house, session, "wrong password", "another password", address=HERE)
    assert await people.change_password(house, session, PASSWORD, "another password", address=HERE)
