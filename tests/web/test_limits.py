"""Rate limits per app, and the limit on failed sign-ins (contract.md sections 17.13 and 17.21)."""

import asyncio
import base64

import httpx
import pytest

from cast import OPENING, Desk, Person, message
from conftest import SettableClock
from remotehandsd.settings import WrongSetting, read_settings

TOO_MANY = "Too many requests."
TICKETS = "/v1/remotehands-tickets"
RIGHT = "secret-of-ada-0123456789abcdef-0123"
HERE, THERE = "198.51.100.7", "198.51.100.8"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A proxy on this machine says where requests come from."""
    return environment | {"REMOTEHANDS_TRUSTED_PROXIES": "127.0.0.0/8"}


@pytest.fixture
def limited(environment: dict[str, str]) -> None:
    """Five requests a minute; asked for before the house is opened."""
    environment["REMOTEHANDS_RATE_LIMIT"] = "5/minute"


# Requests of an app


@pytest.mark.usefixtures("limited")
async def test_an_app_may_ask_so_often(ada: Person, bob: Person, clock: SettableClock) -> None:
    for left in (4, 3, 2, 1, 0):
        answer = await ada.get("/v1/sites")
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"default";q=5;w=60'
        assert answer.headers["ratelimit"].startswith(f'"default";r={left};t=')
        assert 50 < int(answer.headers["ratelimit"].partition(";t=")[2]) <= 60
    answer = await ada.get("/v1/sites")
    assert message(answer, 429) == TOO_MANY
    assert answer.headers["ratelimit"].startswith('"default";r=0;t=')
    assert 50 < int(answer.headers["retry-after"]) <= 60
    assert answer.headers["remotehands-features"] == "idempotency"
    assert (await bob.get("/v1/sites")).status_code == 200, "another app on the same account"
    clock.ahead = 61
    assert (await ada.get("/v1/sites")).status_code == 200


@pytest.mark.usefixtures("limited")
async def test_whatever_an_app_asks_counts(ada: Person, ada_at_labs: Person, max: Person) -> None:
    assert (await ada.post(TICKETS, OPENING)).headers["ratelimit"].startswith('"default";r=4;')
    assert (await ada.post(TICKETS, {})).headers["ratelimit"].startswith('"default";r=3;')
    assert (await ada.get(f"{TICKETS}/WO7568")).headers["ratelimit"].startswith('"default";r=2;')
    assert (await ada_at_labs.get("/v1/sites")).headers["ratelimit"].startswith('"default";r=1;')
    wrong = await ada.get("/v1/sites", headers={"Account-Id": "abcd"})
    assert (wrong.status_code, wrong.headers["ratelimit"][:13]) == (400, '"default";r=0')


@pytest.mark.usefixtures("limited")
async def test_the_order_of_checks(ada: Person) -> None:
    """After the token, before the account headers."""
    for _ in range(5):
        await ada.get("/v1/sites")
    assert (await ada.get("/v1/sites", headers={"Account-Id": "abcd"})).status_code == 429
    assert (await ada.get("/v1/accounts")).status_code == 429
    stranger = await ada.get("/v1/sites", headers={"Authorization": "Bearer abcde"})
    assert stranger.status_code == 401
    assert "ratelimit" not in stranger.headers
    assert (await ada.get("/v1/nothing")).status_code == 404
    assert (await ada.web.get("/healthz")).status_code == 200


@pytest.mark.usefixtures("limited")
async def test_nothing_is_done_above_it(ada: Person, bob: Person) -> None:
    for _ in range(8):
        await ada.post(TICKETS, OPENING)
    assert (await bob.get(TICKETS)).json()["pageable"]["totalElements"] == 5


@pytest.mark.usefixtures("limited")
async def test_staff_have_the_same_limit(dora: Desk) -> None:
    for _ in range(5):
        assert (await dora.get("/operator/v1/tickets")).status_code == 200
    answer = await dora.get("/operator/v1/tickets")
    assert (answer.status_code, answer.json()["detail"]) == (429, TOO_MANY)
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 50


async def test_without_the_setting_there_is_none(ada: Person) -> None:
    answers = [await ada.get("/v1/sites") for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("ratelimit" in answer.headers or "ratelimit-policy" in answer.headers for answer in answers)


# Failed sign-ins


async def sign_in(
    web: httpx.AsyncClient,
    secret: str = "wrong",
    *,
    who: str = "ada",
    address: str = HERE,
    path: str = "/v2/auth/token",
) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": who, "client_secret": secret}
    return await web.post(path, data=form, headers={"X-Forwarded-For": address})


async def test_twenty_wrong_ones_a_minute(web: httpx.AsyncClient, clock: SettableClock) -> None:
    for _ in range(20):
        assert (await sign_in(web)).status_code == 401
    answer = await sign_in(web)
    assert message(answer, 429) == TOO_MANY
    assert 50 < int(answer.headers["retry-after"]) <= 60
    assert (await sign_in(web, RIGHT)).status_code == 429, "the right one tells nothing either"
    assert (await sign_in(web, RIGHT, path="/oauth2/token")).status_code == 429
    assert (await sign_in(web, RIGHT, address=THERE)).status_code == 200
    assert (await sign_in(web, "secret-of-bob-0123456789abcdef-0123", who="bob")).status_code == 200
    clock.ahead = 61
    assert (await sign_in(web, RIGHT)).status_code == 200


async def test_the_standards_dialect(web: httpx.AsyncClient) -> None:
    for number in range(20):
        if number % 2:
            assert (await sign_in(web, path="/oauth2/token")).status_code == 401
        else:
            basic = "Basic " + base64.b64encode(b"ada:wrong").decode()
            headers = {"Authorization": basic, "X-Forwarded-For": HERE}
            form = {"grant_type": "client_credentials"}
            assert (await web.post("/oauth2/token", data=form, headers=headers)).status_code == 401
    answer = await sign_in(web, RIGHT, path="/oauth2/token")
    assert answer.status_code == 429
    assert answer.json() == {"error": "temporarily_unavailable", "error_description": TOO_MANY}
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["retry-after"]) > 50


async def test_of_many_guesses_at_once_twenty_are_answered(web: httpx.AsyncClient) -> None:
    """The right one is among the last: by then nobody is told."""
    secrets = ["wrong"] * 60 + [RIGHT]
    answers = await asyncio.gather(*(sign_in(web, secret) for secret in secrets))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) == 20
    assert statuses.count(429) == 41


async def test_right_ones_do_not_count(web: httpx.AsyncClient) -> None:
    for _ in range(19):
        assert (await sign_in(web)).status_code == 401
    answers = await asyncio.gather(*(sign_in(web, RIGHT) for _ in range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await sign_in(web)).status_code == 401
    assert (await sign_in(web, RIGHT)).status_code == 429


async def test_what_cannot_be_an_id_is_one_id(web: httpx.AsyncClient) -> None:
    for number in range(20):
        assert (await sign_in(web, who=f"{number:065}")).status_code == 401
    assert (await sign_in(web, who="x" * 99)).status_code == 429
    assert (await sign_in(web, RIGHT)).status_code == 200


async def test_a_malformed_request_is_no_failed_sign_in(web: httpx.AsyncClient) -> None:
    for _ in range(25):
        form = {"grant_type": "password", "client_id": "ada", "client_secret": "wrong"}
        assert (await web.post("/v2/auth/token", data=form, headers={"X-Forwarded-For": HERE})).status_code == 400
    assert (await sign_in(web, RIGHT)).status_code == 200


async def test_who_makes_up_addresses_is_not_believed(web: httpx.AsyncClient) -> None:
    """The proxy appends whom it heard from: what the client wrote in front of that says nothing."""
    for number in range(20):
        assert (await sign_in(web, address=f"203.0.113.{number}, {HERE}")).status_code == 401
    assert (await sign_in(web, RIGHT, address=f"203.0.113.99, {HERE}")).status_code == 429


# Settings


@pytest.mark.parametrize("text", ["0/second", "5/hour", "5", "-1/minute", "5 /minute", "none/minute", "1.5/second"])
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(WrongSetting, match="REMOTEHANDS_RATE_LIMIT: must be none, or a number"):
        read_settings({"REMOTEHANDS_RATE_LIMIT": text})


@pytest.mark.parametrize("text", ["proxy.example.com", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.7; 10.0.0.8"])
def test_what_is_no_proxy(text: str) -> None:
    with pytest.raises(WrongSetting, match="REMOTEHANDS_TRUSTED_PROXIES: must be addresses or networks"):
        read_settings({"REMOTEHANDS_TRUSTED_PROXIES": text})


def test_settings_that_are() -> None:
    settings = read_settings(
        {"REMOTEHANDS_RATE_LIMIT": "50/second", "REMOTEHANDS_TRUSTED_PROXIES": "10.0.0.7, 10.1.0.0/16,2001:db8::/32"}
    )
    assert settings.rate_limit is not None
    assert (settings.rate_limit.most, settings.rate_limit.seconds) == (50, 1)
    assert list(map(str, settings.trusted_proxies)) == ["10.0.0.7/32", "10.1.0.0/16", "2001:db8::/32"]
    assert read_settings({"REMOTEHANDS_RATE_LIMIT": "none"}).rate_limit is None
