"""What the operator's administrators change, by the world file's own verbs."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from conftest import load_text
from remotehandsd import accounts, administration
from remotehandsd.act import Act, Environment, Role
from remotehandsd.errors import Invalid, NotAllowed, NotFound
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.world import Kind
from signing import act_of, with_password

SITE = {
    "code": "LON001",
    "address": "1 New Street",
    "city": "London",
    "metro": "London",
    "country": "United Kingdom",
    "timezone": "Europe/London",
}


@pytest.fixture
async def rita(house: House) -> AsyncIterator[Act]:
    async with house.db.write(EVERY_TENANT) as tx:
        yield await act_of(house, tx, "rita@operator.example")


async def test_everything_is_added_and_changed(rita: Act) -> None:
    await administration.keep(rita, Kind.SITE, SITE, is_new=True)
    await administration.keep(rita, Kind.LOCATION, {"name": "Hall 1"}, within="LON001", is_new=True)
    await administration.keep(rita, Kind.LOCATION, {"name": "Cage 1", "parent": "Hall 1"}, within="LON001")
    await administration.keep(rita, Kind.MASTER, {"id": "300", "name": "New Group"}, is_new=True)
    account = {"id": "0033A00001AaAB1ABC", "name": "New Ltd", "sites": ["LON001"]}
    await administration.keep(rita, Kind.ACCOUNT, account, within="300", is_new=True)
    user = {"email": "Neo@example.org", "name": "Neo New", "accounts": ["0033A00001AaAB1ABC"]}
    await administration.keep(rita, Kind.USER, user, is_new=True)
    staff = {"email": "una@operator.example", "name": "Una", "roles": ["technician"], "sites": ["LON001"]}
    await administration.keep(rita, Kind.STAFF, staff, is_new=True)
    await administration.keep(rita, Kind.SITE, {"code": "LON001", "city": "Slough"})
    await administration.keep(rita, Kind.USER, {"email": "neo@example.org", "retired": True})
    now = await administration.everything(rita)
    assert Kind.APP not in now
    assert now[Kind.SITE]["LON001"].city == "Slough"
    assert now[Kind.LOCATION]["LON001/Cage 1"].parent == "Hall 1"
    assert now[Kind.ACCOUNT]["0033A00001AaAB1ABC"].sites == ("LON001",)
    assert now[Kind.USER]["neo@example.org"].retired
    assert now[Kind.STAFF]["una@operator.example"].sites == ("LON001",)
    rows = await rita.tx.all("SELECT type FROM events WHERE done_by = 'Rita Root' ORDER BY id")
    assert [row[0] for row in rows] == [
        "site.added",
        "location.added",
        "location.added",
        "master_account.added",
        "account.added",
        "user.added",
        "staff.added",
        "site.changed",
        "user.changed",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "within", "faults"),
    [
        (Kind.SITE, SITE | {"code": "x", "timezone": "Mars"}, "", ["code", "timezone"]),
        (Kind.SITE, {"code": "LON001"}, "", ["address", "city", "metro", "country", "timezone"]),
        (Kind.SITE, {}, "", ["code"]),
        (Kind.SITE, SITE | {"code": "PHX015"}, "", ["code"]),
        (Kind.LOCATION, {"name": "Cage", "parent": "Nowhere"}, "PHX015", ["parent"]),
        (Kind.LOCATION, {"name": "Data Hall A"}, "PHX015", ["name"]),
        (Kind.ACCOUNT, {"id": "1", "name": "One", "sites": ["NOWHER"]}, "100123", ["sites"]),
        (Kind.MASTER, {"id": "100123", "name": "Again"}, "", ["id"]),
        (Kind.USER, {"email": "(a):b@x.y", "name": "A", "accounts": ["(x): y"]}, "", ["accounts"]),
        (Kind.USER, {"email": "no", "name": ""}, "", ["email", "name"]),
        (Kind.USER, {"email": "tom@operator.example", "name": "Tom"}, "", [""]),
        (Kind.USER, {"email": "a@x.y", "name": "A", "colour": "red"}, "", ["colour"]),
        (Kind.STAFF, {"email": "a@x.y", "name": "A"}, "", ["roles"]),
        (Kind.STAFF, {"email": "a@x.y", "name": "A", "roles": ["king"]}, "", ["roles"]),
    ],
)
async def test_every_wrong_field_is_named(
    rita: Act, kind: Kind, given: dict[str, Any], within: str, faults: list[str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        await administration.keep(rita, kind, given, within=within, is_new=True)
    assert [fault.field for fault in invalid.value.faults] == faults
    assert all(fault.sentence for fault in invalid.value.faults)


async def test_another_environment_is_not_touched(house: House, rita: Act) -> None:
    await administration.keep(rita, Kind.SITE, {"code": "PHX015", "city": "Tempe"})
    rows = await rita.tx.all("SELECT environment, city FROM sites WHERE code = 'PHX015' ORDER BY environment")
    assert rows == [("playground", "Tempe"), ("production", "Phoenix")]


@pytest.mark.parametrize("email", ["dora@operator.example", "tess@operator.example", "ada@example.com"])
async def test_others_may_nothing(house: House, email: str) -> None:
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, email)
        for verb in (
            administration.everything(act),
            administration.keep(act, Kind.SITE, SITE),
            administration.invite(act, "tom@operator.example"),
        ):
            with pytest.raises(NotAllowed):
                await verb


async def test_an_administrator_who_is_bound_to_sites_may_nothing(house: House) -> None:
    await load_text(
        house, 'environment = "playground"\n[[staff]]\nemail = "rita@operator.example"\nsites = ["PHX015"]\n'
    )
    async with house.db.write(EVERY_TENANT) as tx:
        with pytest.raises(NotAllowed):
            await administration.everything(await act_of(house, tx, "rita@operator.example"))


async def test_people_of_the_environment_are_invited(house: House) -> None:
    await with_password(house, "max@example.net")
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        assert act.by.environment is Environment.PLAYGROUND
        assert await administration.invite(act, "Tom@operator.example")
        assert await administration.invite(act, "ada@example.com")
        assert await administration.invite(act, "max@example.net") is None
        for email in ("pia@example.com", "otto@operator.example", "nobody@example.com", "\0"):
            with pytest.raises(NotFound):
                await administration.invite(act, email)
        assert await accounts.user_named(act, "pia@example.com") is None


@pytest.mark.parametrize(
    "given", [{"retired": True}, {"roles": ["technician"]}, {"roles": ["administrator"], "sites": ["PHX015"]}]
)
async def test_the_last_administrator_stays(house: House, given: dict[str, Any]) -> None:
    async def change(email: str, **fields: Any) -> None:
        async with house.db.write(EVERY_TENANT) as tx:
            rita = await act_of(house, tx, "rita@operator.example")
            await administration.keep(rita, Kind.STAFF, {"email": email, **fields})

    with pytest.raises(Invalid) as refused:
        await change("rita@operator.example", **given)
    assert "would leave nobody to administer this environment" in refused.value.faults[0].sentence
    async with house.db.read(EVERY_TENANT) as tx:
        rita = await act_of(house, tx, "rita@operator.example")
        assert Role.ADMINISTRATOR in rita.by.roles
    await change("una@operator.example", name="Una", roles=["administrator"])
    await change("rita@operator.example", **given)
