"""Tokens: fetched when needed, shared, renewed; and the account that is worked for."""

import asyncio
import threading
import time

import pytest

from odd import ACCOUNT, Family, refused
from remotehands import AsyncClient, Client, NotAllowed, NotAServer, NotSignedIn, WrongSetting, tokens
from remotehands.exchange import Answer

STALE = refused(401, "Unauthorized. Access token is missing or invalid.")


def test_nothing_is_fetched_before_it_is_needed(family: Family, client: Client) -> None:
    assert family.seen == []
    client.tickets.get("WO1000000")
    client.tickets.get("WO1000000")
    assert [one.path for one in family.seen[:2]] == ["/v2/auth/token", "/v1/accounts"]
    assert family.tokens == 1
    asked = family.asked[0]
    assert asked.headers["authorization"] == "Bearer a.b.1"
    assert (asked.headers["master-account-id"], asked.headers["account-id"]) == ("1", "A" * 15)
    form = family.seen[0]
    assert form.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form.body == b"grant_type=client_credentials&client_id=id&client_secret=secret"
    assert "idempotency-key" not in form.headers


@pytest.mark.parametrize("life", ["3599", 3599])
def test_a_life_may_be_a_text_or_a_number(family: Family, client: Client, life: object) -> None:
    family.token = family.token | {"expires_in": life}
    client.tickets.get("WO1000000")
    client.tickets.get("WO1000000")
    assert family.tokens == 1


def test_a_token_is_renewed_before_it_ends(family: Family, client: Client) -> None:
    family.token = family.token | {"expires_in": "1"}
    client.tickets.get("WO1000000")
    time.sleep(0.95)
    client.tickets.get("WO1000000")
    assert family.tokens == 2
    assert family.asked[-1].headers["authorization"] == "Bearer a.b.2"


def test_a_token_is_used_for_most_of_its_life() -> None:
    assert tokens.read(Answer(200, {}, b'{"access_token":"a.b.c","expires_in":"3600"}'), 100.0).ends_at == 3670
    assert tokens.read(Answer(200, {}, b'{"access_token":"a.b.c","expires_in":10}'), 100.0).ends_at == 109


def test_a_token_that_is_not_taken_is_renewed_once(family: Family, client: Client) -> None:
    client.tickets.get("WO1000000")
    family.before = [STALE]
    client.tickets.create(title="T", site="PHX015", request_type="Urgent Work", category="Other")
    assert (family.tokens, len(family.made)) == (2, 1)
    family.before = [STALE, STALE]
    with pytest.raises(NotSignedIn, match="Access token is missing or invalid"):
        client.tickets.get("WO1000000")
    assert family.tokens == 3


def test_not_permitted_is_not_a_stale_token(family: Family, client: Client) -> None:
    family.before = [refused(401, "The requested operation is not permitted for the user.")]
    with pytest.raises(NotAllowed) as caught:
        client.tickets.get("WO1000000")
    assert caught.value.status == 401
    assert len(caught.value.correlation_id) == 36
    assert family.tokens == 1


def test_threads_share_one_fetch(family: Family, client: Client) -> None:
    threads = [threading.Thread(target=client.tickets.get, args=("WO1000000",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (family.tokens, len(family.asked)) == (1, 8)
    assert len([one for one in family.seen if one.path == "/v1/accounts"]) == 1


def test_threads_share_one_renewal(family: Family, client: Client) -> None:
    client.tickets.get("WO1000000")
    family.revoked = "a.b.1"
    threads = [threading.Thread(target=client.tickets.get, args=("WO1000000",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert family.tokens == 2


async def test_tasks_share_one_renewal(family: Family, async_client: AsyncClient) -> None:
    async with async_client as client:
        await client.tickets.get("WO1000000")
        family.revoked = "a.b.1"
        await asyncio.gather(*(client.tickets.get("WO1000000") for _ in range(8)))
    assert family.tokens == 2


async def test_tasks_share_one_fetch(family: Family, async_client: AsyncClient) -> None:
    async with async_client as client:
        await asyncio.gather(*(client.tickets.get("WO1000000") for _ in range(8)))
    assert (family.tokens, len(family.asked)) == (1, 8)


@pytest.mark.parametrize("token", [{"access_token": "a\r\nb"}, {"access_token": None}, {"expires_in": "soon"}])
def test_a_token_that_is_none(family: Family, client: Client, token: dict[str, object]) -> None:
    family.token = family.token | token
    with pytest.raises(NotAServer):
        client.tickets.get("WO1000000")


OTHER = ACCOUNT | {"masterAccountId": "2", "accountId": "B" * 15}


def test_the_account_that_is_named(family: Family, address: str) -> None:
    family.accounts = [ACCOUNT, OTHER]
    with Client(address, "id", "secret", "B" * 15) as client:
        client.tickets.get("WO1000000")
    assert family.asked[0].headers["master-account-id"] == "2"
    with Client(address, "id", "secret", "C" * 15) as client, pytest.raises(NotAllowed, match=r"A{15}, B{15}"):
        client.tickets.get("WO1000000")


def test_the_default_account(family: Family, client: Client) -> None:
    family.accounts = [ACCOUNT, OTHER | {"defaultAccount": True}]
    client.tickets.get("WO1000000")
    assert family.asked[0].headers["account-id"] == "B" * 15
    assert family.seen[1].query == {"defaultAccount": "true"}


def test_no_account_is_guessed(family: Family, client: Client) -> None:
    family.accounts = [ACCOUNT, OTHER]
    with pytest.raises(WrongSetting, match="not clear which account"):
        client.tickets.get("WO1000000")
    family.accounts = []
    with pytest.raises(NotAllowed):
        client.tickets.get("WO1000000")
    assert family.asked == []
