"""Signing keys: rotation with overlap, by timer and by command."""

import asyncio
import base64
import json

import httpx
import pytest

from cast import Person, message
from conftest import SettableClock
from remotehandsd import access
from remotehandsd.house import House
from remotehandsd.kit.sealing import Seal, WrongKey

GOOD = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": "secret-of-ada-0123456789abcdef-0123"}
DAY = 86_400


async def _published(web: httpx.AsyncClient) -> list[str]:
    return [key["kid"] for key in (await web.get("/.well-known/jwks.json")).json()["keys"]]


async def _kid_of_a_new_token(web: httpx.AsyncClient) -> str:
    token = (await web.post("/v2/auth/token", data=GOOD)).json()["access_token"]
    return str(json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"])


async def test_a_new_key_is_published_before_it_signs_and_the_old_one_goes_on_verifying(
    house: House, web: httpx.AsyncClient, ada: Person, clock: SettableClock
) -> None:
    [old] = await _published(web)
    assert await _kid_of_a_new_token(web) == old
    new = await access.rotate(house)
    clock.ahead += 5
    assert await _published(web) == [old, new]
    assert await _kid_of_a_new_token(web) == old, "not yet: who caches keys must see it first"
    clock.ahead += 6
    assert await _kid_of_a_new_token(web) == new
    assert (await ada.get("/v1/accounts")).status_code == 200, "the old key's token still lives"
    assert await access.forget_old(house) == []
    clock.ahead += 2 * DAY
    assert await access.forget_old(house) == [old]
    clock.ahead += 5
    assert await _published(web) == [new]


async def test_the_timer(house: House, web: httpx.AsyncClient, clock: SettableClock) -> None:
    assert not await access.rotate_when_due(house)
    clock.ahead += 31 * DAY
    assert await access.rotate_when_due(house)
    assert not await access.rotate_when_due(house), "once"
    clock.ahead += 11
    old, new = await _published(web)
    assert await _kid_of_a_new_token(web) == new != old


async def test_two_servers_that_rotate_at_once_make_one_key(
    house: House, web: httpx.AsyncClient, clock: SettableClock
) -> None:

    clock.ahead += 31 * DAY
    await asyncio.gather(access.rotate_when_due(house), access.rotate_when_due(house))
    assert len(await _published(web)) == 2


async def test_a_forgotten_keys_tokens_are_refused(house: House, ada: Person, clock: SettableClock) -> None:
    assert (await ada.get("/v1/accounts")).status_code == 200
    async with house.db.write() as tx:
        await tx.run("DELETE FROM signing_keys")
    clock.ahead += 5
    assert message(await ada.get("/v1/accounts"), 401)


async def test_keys_are_kept_sealed(house: House) -> None:
    async with house.db.read() as tx:
        row = await tx.one("SELECT kid, sealed FROM signing_keys")
    assert row is not None
    assert b"PRIVATE" not in row[1]
    opened = house.seal.open(row[1], f"signing key {row[0]}")
    assert opened.startswith(b"-----BEGIN PRIVATE KEY-----")
    with pytest.raises(WrongKey):
        house.seal.open(row[1], "signing key of another name")
    with pytest.raises(WrongKey):
        Seal(base64.b64encode(bytes(32)).decode()).open(row[1], f"signing key {row[0]}")


@pytest.mark.engine("sqlite")
async def test_secrets_are_kept_as_hashes(house: House) -> None:
    content = house.settings.data.joinpath("remotehands.db").read_bytes()
    wal = house.settings.data.joinpath("remotehands.db-wal")
    content += wal.read_bytes() if wal.exists() else b""
    assert b"secret-of-ada" not in content


@pytest.mark.parametrize("key", ["nonsense!", base64.b64encode(bytes(31)).decode()])
def test_wrong_master_keys(key: str) -> None:
    with pytest.raises(WrongKey):
        Seal(key)


async def test_a_key_that_was_made_before_the_first_server_started_signs_at_once(
    house: House, web: httpx.AsyncClient, clock: SettableClock
) -> None:
    async with house.db.write() as tx:
        await tx.run("DELETE FROM signing_keys")
    made = await access.rotate(house)
    clock.ahead += 5
    assert await _kid_of_a_new_token(web) == made
