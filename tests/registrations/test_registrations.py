"""Asking to be let in, and the answers."""

import pytest

from conftest import SettableClock
from remotehandsd import accounts, people, registrations
from remotehandsd.accounts import REMOTE_HANDS
from remotehandsd.act import Environment
from remotehandsd.errors import Invalid, Limited, NotAllowed, NotFound, WrongMoment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.registrations import Registration, State
from signing import HERE, PASSWORD, act_of, signs_in, with_password

PLAYGROUND, SANDBOX, PRODUCTION = Environment
NEO = {"email": "Neo@Example.org ", "name": "Neo New", "company": "New Ltd", "reason": "We move in.\nSoon."}
EXAMPLE = "0011A00001AaAB1ABC"


async def asks(house: House, **other: str) -> str:
    return await registrations.register(house, PLAYGROUND, NEO | other, address=HERE)


async def opened(house: House, **other: str) -> Registration:
    token = await asks(house, **other)
    async with house.db.write() as tx:
        assert await registrations.confirm(tx, token, now=house.now()) is PLAYGROUND
    return (await waiting(house))[-1]


async def waiting(house: House) -> list[Registration]:
    async with house.db.read(EVERY_TENANT) as tx:
        return await registrations.waiting(await act_of(house, tx, "rita@operator.example"))


async def test_a_newcomer_is_let_in(house: House) -> None:
    token = await asks(house)
    assert await waiting(house) == []
    async with house.db.write() as tx:
        await registrations.confirm(tx, token, now=house.now())
        with pytest.raises(NotFound):
            await registrations.confirm(tx, token, now=house.now())
    (asked,) = await waiting(house)
    assert (asked.email, asked.name, asked.company) == ("neo@example.org", "Neo New", "New Ltd")
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        accepted = await registrations.accept(act, asked.key, EXAMPLE, has_permission=True)
        for late in (
            registrations.accept(act, asked.key, EXAMPLE),
            registrations.decline(act, asked.key, "No."),
        ):
            with pytest.raises(WrongMoment):
                await late
        assert await accounts.user_named(act, "neo@example.org") == accounts.KeptUser(
            "neo@example.org", "Neo New", (EXAMPLE,), (REMOTE_HANDS,)
        )
    assert accepted.token
    await people.set_password(house, accepted.token, PASSWORD)
    await signs_in(house, "neo@example.org")
    async with house.db.read(EVERY_TENANT) as tx:
        (own,) = await registrations.own_registrations(await act_of(house, tx, "neo@example.org"))
        rows = await tx.all("SELECT type FROM events WHERE about = 'neo@example.org' ORDER BY id")
    assert (own.state, own.decided_by) == (State.ACCEPTED, "Rita Root")
    assert [row[0] for row in rows] == [
        "registration.opened",
        "user.added",
        "registration.accepted",
        "person.invited",
        "person.password_set",
    ]


async def test_a_newcomer_is_declined_with_a_reason_and_may_ask_again(house: House) -> None:
    asked = await opened(house)
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        for reason in ("", "  ", "x" * 2001, "\0"):
            with pytest.raises(Invalid):
                await registrations.decline(act, asked.key, reason)
        declined = await registrations.decline(act, asked.key, "We do not know you.")
    assert (declined.email, declined.answer) == ("neo@example.org", "We do not know you.")
    assert await waiting(house) == []
    await opened(house)


async def test_only_one_waits_at_a_time(house: House) -> None:
    await opened(house)
    token = await asks(house)
    async with house.db.write() as tx:
        with pytest.raises(WrongMoment):
            await registrations.confirm(tx, token, now=house.now())
    assert len(await waiting(house)) == 1


async def test_the_newest_link_counts_for_a_day(house: House, clock: SettableClock) -> None:
    first, second = await asks(house), await asks(house)
    async with house.db.write() as tx:
        for token in (first, "", "x" * 5000, "\0"):
            with pytest.raises(NotFound):
                await registrations.confirm(tx, token, now=house.now())
    assert await registrations.forget_unconfirmed(house) == 0
    clock.ahead += 86_401
    async with house.db.write() as tx:
        with pytest.raises(NotFound):
            await registrations.confirm(tx, second, now=house.now())
    assert await registrations.forget_unconfirmed(house) == 0, "an administrator may still confirm it by hand"
    clock.ahead += 6 * 86_400
    assert await registrations.forget_unconfirmed(house) == 1


async def test_an_administrator_confirms_by_hand(house: House) -> None:
    await asks(house)
    async with house.db.read(EVERY_TENANT) as tx:
        with pytest.raises(NotAllowed):
            await registrations.unconfirmed(await act_of(house, tx, "dora@operator.example"))
        (asked,) = await registrations.unconfirmed(await act_of(house, tx, "rita@operator.example"))
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        with pytest.raises(NotAllowed):
            await registrations.confirm_by_hand(await act_of(house, tx, "dora@operator.example"), asked.key)
        with pytest.raises(NotFound):
            await registrations.confirm_by_hand(act, asked.key + 1)
        await registrations.confirm_by_hand(act, asked.key)
        with pytest.raises(NotFound):
            await registrations.confirm_by_hand(act, asked.key)
    assert [one.email for one in await waiting(house)] == ["neo@example.org"]
    await asks(house)
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        (again,) = await registrations.unconfirmed(act)
        with pytest.raises(WrongMoment):
            await registrations.confirm_by_hand(act, again.key)


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"email": "no", "name": "", "company": "\t\n", "reason": " "}, ["email", "name", "company", "reason"]),
        ({"reason": "x" * 2001}, ["reason"]),
        ({"reason": "a\0b"}, ["reason"]),
        ({"company": "x" * 256}, ["company"]),
    ],
)
async def test_every_wrong_field_is_named(house: House, other: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(Invalid) as invalid:
        await asks(house, **other)
    assert [fault.field for fault in invalid.value.faults] == fields


async def test_asking_is_limited(house: House) -> None:
    for _ in range(3):
        await asks(house)
    with pytest.raises(Limited):
        await asks(house)
    for number in range(6):
        await asks(house, email=f"neo{number}@example.org")
    with pytest.raises(Limited):
        await asks(house, email="neo9@example.org")


async def test_who_is_a_user_already_gets_the_account_in_addition(house: House) -> None:
    await with_password(house, "max@example.net")
    asked = await opened(house, email="max@example.net")
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        before = await accounts.user_named(act, "max@example.net")
        assert before
        accepted = await registrations.accept(act, asked.key, EXAMPLE)
        after = await accounts.user_named(act, "max@example.net")
    assert after
    assert accepted.token is None
    assert (after.name, after.permissions) == (before.name, before.permissions)
    assert after.accounts == (*before.accounts, EXAMPLE)


@pytest.mark.parametrize(("email", "account"), [("neo@example.org", "1"), ("tom@operator.example", EXAMPLE)])
async def test_who_cannot_be_accepted_still_waits(house: House, email: str, account: str) -> None:
    asked = await opened(house, email=email)
    with pytest.raises(Invalid):
        async with house.db.write(EVERY_TENANT) as tx:
            await registrations.accept(await act_of(house, tx, "rita@operator.example"), asked.key, account)
    assert await waiting(house) == [asked]


async def test_only_administrators_of_the_environment_decide(house: House) -> None:
    asked = await opened(house)
    for email, environment in [
        ("dora@operator.example", PLAYGROUND),
        ("ada@example.com", PLAYGROUND),
        ("otto@operator.example", PRODUCTION),
    ]:
        async with house.db.write(EVERY_TENANT) as tx:
            act = await act_of(house, tx, email, environment)
            for verb in (
                registrations.waiting(act),
                registrations.accept(act, asked.key, EXAMPLE),
                registrations.decline(act, asked.key, "No."),
            ):
                with pytest.raises(NotAllowed):
                    await verb
    async with house.db.write(EVERY_TENANT) as tx:
        rita = await act_of(house, tx, "rita@operator.example")
        with pytest.raises(NotFound):
            await registrations.accept(rita, asked.key + 1, EXAMPLE)


async def test_a_user_asks_for_another_environment(house: House) -> None:
    await with_password(house, "pia@example.com")
    async with house.db.write(EVERY_TENANT) as tx:
        pia = await act_of(house, tx, "pia@example.com", PRODUCTION)
        await registrations.ask_access(pia, PLAYGROUND, "To try things out.")
        with pytest.raises(WrongMoment):
            await registrations.ask_access(pia, PLAYGROUND, "Please.")
        with pytest.raises(WrongMoment):
            await registrations.ask_access(pia, PRODUCTION, "Please.")
        with pytest.raises(Invalid):
            await registrations.ask_access(pia, SANDBOX, " ")
        await registrations.ask_access(pia, SANDBOX, "To test.")
        assert [(one.environment, one.state) for one in await registrations.own_registrations(pia)] == [
            (SANDBOX, State.OPEN),
            (PLAYGROUND, State.OPEN),
        ]
    (asked,) = await waiting(house)
    assert (asked.name, asked.company, asked.reason) == ("Pia Production", "Example Ltd", "To try things out.")
    async with house.db.write(EVERY_TENANT) as tx:
        rita = await act_of(house, tx, "rita@operator.example")
        assert (await registrations.accept(rita, asked.key, EXAMPLE)).token is None
        assert await accounts.environments_of_person(tx, (await act_person(tx, "pia@example.com"))) == [
            PRODUCTION,
            PLAYGROUND,
        ]


async def act_person(tx, email: str) -> int:  # type: ignore[no-untyped-def]
    row = await tx.one("SELECT key FROM people WHERE email = :email", email=email)
    return int(row[0])


async def test_made_up_people_and_staff_ask_for_nothing(house: House) -> None:
    async with house.db.write(EVERY_TENANT) as tx:
        for email in ("ada@example.com", "tom@operator.example"):
            act = await act_of(house, tx, email)
            with pytest.raises(NotAllowed):
                await registrations.ask_access(act, PRODUCTION, "Let me in.")
            assert await registrations.own_registrations(act) == []
