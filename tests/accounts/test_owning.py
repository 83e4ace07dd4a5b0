"""Apps that people make for themselves."""

from collections.abc import Callable

import httpx
import pytest

from cast import Server
from conftest import SettableClock
from remotehandsd import accounts
from remotehandsd.access import Gate
from remotehandsd.accounts import NewApp, OwnApp
from remotehandsd.act import Environment
from remotehandsd.errors import Invalid, NotFound, NotSignedIn, WrongMoment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from signing import act_of

WEEK = 7 * 86_400


async def made(house: House, name: str = "inventory", email: str = "ada@example.com") -> NewApp:
    async with house.db.write(EVERY_TENANT) as tx:
        return await accounts.make_app(await act_of(house, tx, email), name)


async def own(house: House, client_id: str, email: str = "ada@example.com") -> OwnApp:
    async with house.db.read(EVERY_TENANT) as tx:
        apps = await accounts.apps_of(await act_of(house, tx, email))
    return next(app for app in apps if app.client_id == client_id)


async def test_an_app_acts_as_who_made_it(house: House, web: httpx.AsyncClient) -> None:
    app = await made(house, " inventory ")
    gate = Gate(house)
    issued = await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")
    caller = await gate.admit(issued.token)
    assert caller.by.name == "Ada Example"
    assert len(caller.accounts) == 2
    form = {"grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.client_secret}
    assert (await web.post("/v2/auth/token", data=form)).status_code == 200
    kept = await own(house, app.client_id)
    assert kept.name == "inventory"
    assert kept.made_at
    assert kept.used_at is None
    assert not kept.is_revoked
    async with house.db.read() as tx:
        rows = await tx.all("SELECT before, after FROM events WHERE about = :about", about=app.client_id)
    assert rows == [("{}", '{"name":"inventory"}')]


async def test_staff_have_apps_of_their_own(house: House) -> None:
    app = await made(house, "board", "dora@operator.example")
    gate = Gate(house)
    assert (await gate.admit((await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")).token)).is_staff


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "\0", "tests"])
async def test_names_that_may_not_be(house: House, name: str) -> None:
    with pytest.raises(Invalid):
        await made(house, name)


async def test_one_person_has_so_many_apps(house: House) -> None:
    for number in range(24):
        await made(house, f"app {number}")
    with pytest.raises(WrongMoment):
        await made(house, "one more")


async def test_two_secrets_are_good_while_rotating(house: House, clock: SettableClock) -> None:
    app = await made(house)
    gate = Gate(house)
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "ada@example.com")
        second = await accounts.begin_rotation(act, app.client_id)
        with pytest.raises(WrongMoment):
            await accounts.begin_rotation(act, app.client_id)
    for secret in (app.client_secret, second):
        await gate.issue(app.client_id, secret, address="192.0.2.1")
    with pytest.raises(NotSignedIn):
        await gate.issue(app.client_id, "wrong", address="192.0.2.1")
    kept = await own(house, app.client_id)
    assert kept.rotation_ends_at is not None
    assert abs(kept.rotation_ends_at - house.now() - WEEK) < 5
    async with house.db.write(EVERY_TENANT) as tx:
        await accounts.finish_rotation(await act_of(house, tx, "ada@example.com"), app.client_id)
    with pytest.raises(NotSignedIn):
        await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")
    await gate.issue(app.client_id, second, address="192.0.2.1")
    assert (await own(house, app.client_id)).rotation_ends_at is None
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "ada@example.com")
        for verb in (accounts.finish_rotation, accounts.take_back_rotation):
            with pytest.raises(WrongMoment):
                await verb(act, app.client_id)


@pytest.mark.parametrize("is_settled", [False, True])
async def test_a_rotation_ends_by_itself(house: House, clock: SettableClock, is_settled: bool) -> None:
    app = await made(house)
    async with house.db.write(EVERY_TENANT) as tx:
        second = await accounts.begin_rotation(await act_of(house, tx, "ada@example.com"), app.client_id)
    assert await accounts.settle_rotations(house) == 0
    clock.ahead += WEEK + 2
    if is_settled:
        assert await accounts.settle_rotations(house) == 1
        assert await accounts.settle_rotations(house) == 0
    gate = Gate(house)
    with pytest.raises(NotSignedIn):
        await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")
    await gate.issue(app.client_id, second, address="192.0.2.1")
    assert (await own(house, app.client_id)).rotation_ends_at is None
    # And the next rotation begins from the second.
    async with house.db.write(EVERY_TENANT) as tx:
        third = await accounts.begin_rotation(await act_of(house, tx, "ada@example.com"), app.client_id)
    for secret in (second, third):
        await gate.issue(app.client_id, secret, address="192.0.2.1")


async def test_a_lost_second_secret_is_taken_back(house: House) -> None:
    app = await made(house)
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "ada@example.com")
        second = await accounts.begin_rotation(act, app.client_id)
        await accounts.take_back_rotation(act, app.client_id)
    gate = Gate(house)
    await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")
    with pytest.raises(NotSignedIn):
        await gate.issue(app.client_id, second, address="192.0.2.1")


async def test_a_revoked_app_is_refused_within_five_seconds(house: House, clock: SettableClock) -> None:
    app = await made(house)
    gate = Gate(house)
    token = (await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")).token
    await gate.admit(token)
    async with house.db.write(EVERY_TENANT) as tx:
        await accounts.revoke_app(await act_of(house, tx, "ada@example.com"), app.client_id)
    clock.ahead += 5
    with pytest.raises(NotSignedIn):
        await gate.admit(token)
    with pytest.raises(NotSignedIn):
        await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")
    assert (await own(house, app.client_id)).is_revoked
    # Its name is free again.
    await made(house)


async def test_an_app_is_its_persons_only(house: House) -> None:
    app = await made(house)
    for email, environment in [
        ("bob@example.com", Environment.PLAYGROUND),
        ("dora@operator.example", Environment.PLAYGROUND),
        ("pia@example.com", Environment.PRODUCTION),
    ]:
        async with house.db.write(EVERY_TENANT) as tx:
            act = await act_of(house, tx, email, environment)
            assert app.client_id not in {one.client_id for one in await accounts.apps_of(act)}
            for verb in (
                accounts.begin_rotation,
                accounts.finish_rotation,
                accounts.take_back_rotation,
                accounts.revoke_app,
                accounts.calls_per_day,
            ):
                with pytest.raises(NotFound):
                    await verb(act, app.client_id)
    await Gate(house).issue(app.client_id, app.client_secret, address="192.0.2.1")


async def test_calls_are_counted_and_written_later(house: House, clock: SettableClock) -> None:
    app = await made(house)
    gate, other = Gate(house), Gate(house)
    token = (await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")).token
    clock.ahead += 86_400 - (clock() % 86_400) + 3600
    token = (await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")).token
    for _ in range(3):
        await gate.admit(token)
    await other.admit(token)
    assert (await own(house, app.client_id)).used_at is None
    for one in (gate, other, gate):
        await one.write_calls()
    used_at = (await own(house, app.client_id)).used_at
    assert used_at is not None
    assert abs(used_at - house.now()) < 5
    clock.ahead += 86_400
    await gate.admit((await gate.issue(app.client_id, app.client_secret, address="192.0.2.1")).token)
    await gate.write_calls()
    async with house.db.read(EVERY_TENANT) as tx:
        days = await accounts.calls_per_day(await act_of(house, tx, "ada@example.com"), app.client_id, days=4)
    assert [calls for _, calls in days] == [0, 0, 4, 1]
    assert days[-1][0] == house.now() // 86_400 * 86_400


async def test_a_server_that_ends_has_written_its_calls(
    house: House, serve: Callable[..., Server], web: httpx.AsyncClient
) -> None:
    server = serve()
    form = {
        "grant_type": "client_credentials",
        "client_id": "ada",
        "client_secret": "secret-of-ada-0123456789abcdef-0123",
    }
    token = httpx.post(f"{server.url}/v2/auth/token", data=form).json()["access_token"]
    for _ in range(5):
        answer = httpx.get(f"{server.url}/v1/accounts", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text
    assert server.end() == 0
    async with house.db.read() as tx:
        assert await tx.all("SELECT c.calls FROM app_calls c JOIN apps a ON a.key = c.app") == [(5,)]
