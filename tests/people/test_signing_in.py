"""Signing in, staying signed in, and the end of it."""

import asyncio

import pytest
from argon2 import PasswordHasher

from conftest import SettableClock, load_text
from remotehandsd import accounts, people
from remotehandsd.act import Environment
from remotehandsd.errors import Invalid, Limited, NotAllowed, NotFound, NotSignedIn
from remotehandsd.house import House
from remotehandsd.people import KNOWN_SECONDS, PlaygroundKind, Session, passwords
from remotehandsd.people.knowing import is_known
from signing import HERE, PASSWORD, act_in, signs_in, with_password

PIA_IN_SANDBOX = """
environment = "sandbox"
[[master_accounts]]
id = "1"
name = "One"
  [[master_accounts.accounts]]
  id = "0011A00001AaAB1ABC"
  name = "One Ltd"
[[users]]
email = "pia@example.com"
name = "Pia Sandbox"
accounts = ["0011A00001AaAB1ABC"]
"""


async def session_of(house: House, secret: str) -> Session | None:
    async with house.db.read() as tx:
        return await people.session(tx, secret, now=house.now())


async def test_with_the_password_a_session_begins(house: House) -> None:
    await with_password(house, "pia@example.com")
    secret = await people.sign_in(house, " Pia@Example.COM ", PASSWORD, address=HERE, device="Browser\n1")
    session = await session_of(house, secret)
    assert session is not None
    assert session.environment is Environment.PRODUCTION
    assert not session.is_bound
    assert session.by_device == "Browser1"
    async with house.db.read() as tx:
        caller = await accounts.caller_of_person(tx, session.person, session.environment)
        kept = await tx.all("SELECT secret_hash FROM sessions")
    assert caller is not None
    assert caller.by.name == "Pia Production"
    assert [account.id for account in caller.accounts] == ["0011A00001AaAB1ABC"]
    assert secret.encode() not in kept[0][0]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("pia@example.com", "not the password"),
        ("pia@example.com", PASSWORD.upper()),
        ("pia@example.com", ""),
        ("pia@example.com", "x" * 100_000),
        ("pia@example.com", "\ud800 half a character"),
        ("nobody@example.com", PASSWORD),
        ("no address", PASSWORD),
        ("\0@example.com", PASSWORD),
        ("", ""),
        # Known, without a password.
        ("otto@operator.example", PASSWORD),
    ],
)
async def test_every_wrong_attempt_hears_the_same(house: House, email: str, password: str) -> None:
    await with_password(house, "pia@example.com")
    with pytest.raises(NotSignedIn) as refused:
        await signs_in(house, email, password)
    assert refused.value.sentence == "Address or password is wrong."


async def test_a_hash_is_verified_for_nobody_too(house: House, dear: None, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_password(house, "pia@example.com")
    verified = []
    verify = passwords._verify
    monkeypatch.setattr(passwords, "_verify", lambda kept, form: verified.append(kept) or verify(kept, form))
    for email in ("pia@example.com", "nobody@example.com", "otto@operator.example", "no address"):
        with pytest.raises(NotSignedIn):
            await signs_in(house, email, "wrong password")
    assert len(verified) == 4
    costs = {tuple(kept.split("$")[1:4]) for kept in verified}
    assert costs == {("argon2id", "v=19", "m=65536,t=3,p=4")}


async def test_a_decomposed_letter_is_the_same_password(house: House) -> None:
    await with_password(house, "pia@example.com", "Zürich im Winter")
    await signs_in(house, "pia@example.com", "Zu\u0308rich\u00a0im\u2003Winter")
    with pytest.raises(NotSignedIn):
        await signs_in(house, "pia@example.com", "Zürich im \uff37inter")


async def test_who_is_retired_everywhere_cannot_sign_in(house: House) -> None:
    await with_password(house, "pia@example.com")
    secret = await signs_in(house, "pia@example.com")
    await load_text(house, 'environment = "production"\n[[users]]\nemail = "pia@example.com"\nretired = true\n')
    with pytest.raises(NotSignedIn):
        await signs_in(house, "pia@example.com")
    session = await session_of(house, secret)
    assert session is not None
    async with house.db.read() as tx:
        assert await accounts.caller_of_person(tx, session.person, session.environment) is None
        assert await accounts.environments_of_person(tx, session.person) == []


async def test_an_old_hash_is_made_anew(house: House, dear: None) -> None:
    await with_password(house, "pia@example.com")
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    async with house.db.write() as tx:
        await tx.run("UPDATE passwords SET hash = :hash", hash=cheap)
    await signs_in(house, "pia@example.com")
    async with house.db.read() as tx:
        row = await tx.one("SELECT hash FROM passwords")
    assert row is not None
    assert "m=65536,t=3,p=4" in row[0]
    await signs_in(house, "pia@example.com")


async def test_a_session_is_over_after_twelve_idle_hours_and_thirty_days(house: House, clock: SettableClock) -> None:
    await with_password(house, "pia@example.com")
    secret = await signs_in(house, "pia@example.com")
    clock.ahead += 12 * 3600 - 5
    assert await people.admit(house, secret) is not None
    for _ in range(58):
        clock.ahead += 12 * 3600 - 5
        assert await people.admit(house, secret) is not None, clock.ahead
    clock.ahead += 12 * 3600 - 5
    assert clock.ahead < 30 * 86_400
    assert await people.admit(house, secret) is not None
    clock.ahead += 600
    assert await people.admit(house, secret) is None

    secret = await signs_in(house, "pia@example.com")
    clock.ahead += 12 * 3600 + 1
    assert await people.admit(house, secret) is None
    assert await people.forget_over(house) == 2
    assert await people.forget_over(house) == 0


async def test_use_is_noted_once_a_minute(house: House, clock: SettableClock) -> None:
    await with_password(house, "pia@example.com")
    secret = await signs_in(house, "pia@example.com")
    began = await people.admit(house, secret)
    assert began is not None
    clock.ahead += 30
    again = await people.admit(house, secret)
    assert again == began
    clock.ahead += 31
    later = await people.admit(house, secret)
    assert later is not None
    assert later.seen_at > began.seen_at
    assert await session_of(house, secret) == later


async def test_a_rotated_secret_is_refused(house: House) -> None:
    await with_password(house, "pia@example.com")
    old = await signs_in(house, "pia@example.com")
    session = await session_of(house, old)
    assert session is not None
    async with house.db.write() as tx:
        new = await people.rotate(tx, session)
    assert await session_of(house, old) is None
    assert await session_of(house, new) == session
    assert await session_of(house, "x" * 10_000) is None


async def test_sessions_are_listed_and_ended(house: House) -> None:
    await with_password(house, "pia@example.com")
    await with_password(house, "ada@example.com")
    mine, other, third = [await signs_in(house, "pia@example.com") for _ in range(3)]
    adas = await signs_in(house, "ada@example.com")
    session, others = await session_of(house, mine), await session_of(house, other)
    foreign = await session_of(house, adas)
    assert session and others and foreign
    async with house.db.write() as tx:
        listed = await people.sessions_of_person(tx, session.person, now=house.now())
        assert len(listed) == 3
        await people.end(tx, session.person, others.key)
        with pytest.raises(NotFound):
            await people.end(tx, session.person, others.key)
        with pytest.raises(NotFound):
            await people.end(tx, session.person, foreign.key)
    assert await session_of(house, other) is None
    async with house.db.write() as tx:
        assert await people.end_others(tx, session) == 1
    assert await session_of(house, third) is None
    assert await session_of(house, mine) == session
    assert await session_of(house, adas) == foreign
    async with house.db.write() as tx:
        await people.end(tx, session.person, session.key)
        with pytest.raises(NotSignedIn):
            await people.rotate(tx, session)


async def test_the_environment_is_switched_under_a_new_secret(house: House) -> None:
    await load_text(house, PIA_IN_SANDBOX)
    await with_password(house, "pia@example.com")
    old = await signs_in(house, "pia@example.com")
    session = await session_of(house, old)
    assert session is not None
    async with house.db.write() as tx:
        assert await accounts.environments_of_person(tx, session.person) == ["production", "sandbox"]
        with pytest.raises(NotAllowed):
            await people.switch(tx, session, Environment.PLAYGROUND)
        new = await people.switch(tx, session, Environment.SANDBOX)
    assert await session_of(house, old) is None
    moved = await session_of(house, new)
    assert moved is not None
    assert moved.environment is Environment.SANDBOX
    # The next sign-in goes on where the last one was.
    again = await session_of(house, await signs_in(house, "pia@example.com"))
    assert again is not None
    assert again.environment is Environment.SANDBOX


async def test_the_playground_offers_one_person_of_each_kind(house: House) -> None:
    await load_text(house, 'environment = "playground"\n[[users]]\nemail = "bob@example.com"\nadministrator = true\n')
    async with house.db.write() as tx:
        act = act_in(house, tx, Environment.PLAYGROUND)
        offered = {one.kind: one.email for one in await people.offered(act)}
        assert offered == {
            PlaygroundKind.USER: "ada@example.com",
            PlaygroundKind.ACCOUNT_ADMINISTRATOR: "bob@example.com",
            PlaygroundKind.TECHNICIAN: "tom@operator.example",
            PlaygroundKind.DISPATCHER: "dora@operator.example",
            PlaygroundKind.ADMINISTRATOR: "rita@operator.example",
        }
        secret = await people.sign_in_as(act, PlaygroundKind.ADMINISTRATOR, device="Browser")
        session = await people.session(tx, secret, now=house.now())
        assert session is not None
        assert session.is_bound
        for environment in Environment:
            with pytest.raises(NotAllowed):
                await people.switch(tx, session, environment)
        with pytest.raises(NotAllowed):
            await people.end_others(tx, session)
        with pytest.raises(NotAllowed):
            await people.sign_in_as(act_in(house, tx, Environment.PRODUCTION), PlaygroundKind.USER, device="")
    with pytest.raises(NotAllowed):
        await people.change_password(house, session, "", "a good long password", address=HERE)


async def test_nobody_becomes_somebody_real(house: House) -> None:
    """Ada has a password, Max is known in production, Tom in the sandbox: none of them is offered."""
    await with_password(house, "ada@example.com")
    await load_text(
        house,
        'environment = "production"\n[[users]]\nemail = "max@example.net"\nname = "Max"\n'
        'accounts = ["0011A00001AaAB1ABC"]\n',
    )
    await load_text(
        house,
        'environment = "sandbox"\n[[staff]]\nemail = "tom@operator.example"\nname = "Tom"\nroles = ["technician"]\n',
    )
    async with house.db.read() as tx:
        offered = {one.kind: one.email for one in await people.offered(act_in(house, tx, Environment.PLAYGROUND))}
    assert offered[PlaygroundKind.USER] == "bob@example.com"
    assert offered[PlaygroundKind.TECHNICIAN] == "tess@operator.example"
    assert PlaygroundKind.ACCOUNT_ADMINISTRATOR not in offered


async def test_one_address_cannot_guess_one_person(house: House, clock: SettableClock) -> None:
    await with_password(house, "pia@example.com")
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            await signs_in(house, "pia@example.com", "wrong password")
    with pytest.raises(Limited) as limited:
        await signs_in(house, "pia@example.com")
    assert 0 < limited.value.seconds <= 60
    # Elsewhere the person gets in, and somebody else gets in from here.
    await signs_in(house, "pia@example.com", address="198.51.100.7")
    clock.ahead += 61
    for _ in range(3):
        await signs_in(house, "pia@example.com")


async def test_many_addresses_cannot_guess_one_person_nor_one_many(house: House) -> None:
    await with_password(house, "pia@example.com")
    for number in range(40):
        with pytest.raises(NotSignedIn):
            await signs_in(house, "pia@example.com", "wrong password", address=f"198.51.100.{number}")
    with pytest.raises(Limited):
        await signs_in(house, "pia@example.com", address="203.0.113.5")
    for number in range(60):
        with pytest.raises(NotSignedIn):
            await signs_in(house, f"p{number}@example.com", address=f"2001:db8::{number:x}")
    with pytest.raises(Limited):
        await signs_in(house, "p60@example.com", address="2001:db8::ffff")
    with pytest.raises(NotSignedIn):
        await signs_in(house, "p60@example.com", address="2001:db8:0:1::1")


async def test_who_guesses_elsewhere_does_not_keep_a_person_out(house: House) -> None:
    pia, ada = "pia@example.com", "ada@example.com"
    await with_password(house, pia)
    await with_password(house, ada)
    badge, other = people.badge(house, pia), people.badge(house, ada)
    for number in range(40):
        with pytest.raises(NotSignedIn):
            await signs_in(house, pia, "wrong password", address=f"198.51.100.{number}")
    for shown in ("", other, badge[:-2], badge + "x", "x" * 5000, "\u00e4", "\0"):
        with pytest.raises(Limited):
            await signs_in(house, pia, address="203.0.113.5", badge=shown)
    assert await signs_in(house, pia.upper(), address="203.0.113.5", badge=badge)
    # The badge is no way to guess: it is counted, too, and forgives nothing.
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            await signs_in(house, pia, "wrong password", address="203.0.113.5", badge=badge)
    for shown in (badge, people.badge(house, pia), ""):
        with pytest.raises(Limited):
            await signs_in(house, pia, address="203.0.113.5", badge=shown)


async def test_a_badge_is_over_after_half_a_year(house: House, clock: SettableClock) -> None:
    badge = people.badge(house, "pia@example.com")
    clock.ahead += KNOWN_SECONDS - 1
    assert is_known(house, badge, "pia@example.com")
    clock.ahead += 1
    assert not is_known(house, badge, "pia@example.com")


async def test_who_sets_a_password_by_a_link_is_forgiven_the_guesses(house: House) -> None:
    await with_password(house, "pia@example.com")
    for number in range(40):
        with pytest.raises(NotSignedIn):
            await signs_in(house, "pia@example.com", "wrong password", address=f"198.51.100.{number}")
    with pytest.raises(Limited):
        await signs_in(house, "pia@example.com", address="203.0.113.5")
    await with_password(house, "pia@example.com", "another good password")
    assert await signs_in(house, "pia@example.com", "another good password", address="203.0.113.5")


async def test_many_at_once_do_not_hold_up_the_loop(house: House, dear: None) -> None:
    await with_password(house, "pia@example.com")

    async def attempt(number: int) -> str:
        try:
            return await signs_in(house, "pia@example.com", address=f"198.51.100.{number}")
        except Limited:
            return "limited"

    attempts = asyncio.gather(*(attempt(number) for number in range(passwords.MOST_WAITING - 5)))
    longest = 0.0
    loop = asyncio.get_running_loop()
    while not attempts.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before)
    secrets = await attempts
    assert len(set(secrets)) == len(secrets)
    assert "limited" not in secrets
    assert longest < 1.0


async def test_who_comes_when_too_many_wait_is_told_so(house: House, dear: None) -> None:
    await with_password(house, "pia@example.com")
    outcomes = await asyncio.gather(
        *(
            signs_in(house, f"p{number}@example.com", address=f"198.51.100.{number}")
            for number in range(passwords.MOST_WAITING + 10)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Limited) for one in outcomes) == 10
    assert sum(isinstance(one, NotSignedIn) for one in outcomes) == passwords.MOST_WAITING
    await signs_in(house, "pia@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "123456789",
        "pia@example.com",
        "PIA@example.com",
        "Password123",
        "aaaaaaaaaaaa",
        "with\ttabulator",
        "x" * 1025,
    ],
)
def test_passwords_that_may_not_be(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.check(password, "pia@example.com")


@pytest.mark.parametrize("password", ["0123456788", "correct horse", "ключ от стойки", "x y" * 341, "  blanks count  "])
def test_passwords_that_may_be(password: str) -> None:
    assert passwords.check(password, "pia@example.com") == password
