"""`/v2/auth/token`, `/oauth2/token`, and what a token is good for."""

import base64
import json
import time

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from structlog.testing import capture_logs

from cast import Person, message
from conftest import EXAMPLE, SettableClock, load_text
from remotehandsd.house import House

GOOD = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": "secret-of-ada-0123456789abcdef-0123"}


async def test_the_familys_dialect(web: httpx.AsyncClient) -> None:
    answer = await web.post("/v2/auth/token", data=GOOD, headers={"Cache-Control": "no-cache"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert list(body) == ["access_token", "token_type", "expires_in", "scope"]
    assert body["token_type"] == "BearerToken"
    assert body["expires_in"] == "3599"
    assert body["scope"] == "playground_api"
    assert body["access_token"].count(".") == 2


async def test_the_standards_dialect(web: httpx.AsyncClient) -> None:
    answer = await web.post(
        "/oauth2/token", data={"grant_type": "client_credentials"}, auth=(GOOD["client_id"], GOOD["client_secret"])
    )
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 3599
    assert body["scope"] == "playground_api"
    in_body = await web.post("/oauth2/token", data=GOOD)
    assert in_body.status_code == 200


async def test_what_a_stranger_gets_wrong_is_no_fault_of_ours(web: httpx.AsyncClient) -> None:
    with capture_logs() as lines:
        for fields in ({}, GOOD | {"client_secret": "wrong"}, {"grant_type": "password"}):
            assert (await web.post("/oauth2/token", data=fields)).status_code in {400, 401}
        answer = await web.post("/oauth2/token", data=GOOD, headers={"Authorization": "Bearer x"})
        assert answer.json()["error"] == "invalid_client"
    assert [line["event"] for line in lines if line["log_level"] != "info"] == []


async def test_the_token_is_a_jwt_that_the_published_keys_verify(web: httpx.AsyncClient) -> None:
    token = (await web.post("/oauth2/token", data=GOOD)).json()["access_token"]
    keys = (await web.get("/.well-known/jwks.json")).json()
    assert all("d" not in key for key in keys["keys"]), "only public parts are published"
    decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"])
    assert decoded.header["typ"] == "at+jwt"
    claims = decoded.claims
    assert set(claims) == {"iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope"}
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - time.time()) < 5
    metadata = (await web.get("/.well-known/oauth-authorization-server")).json()
    assert metadata["issuer"] == claims["iss"]
    assert metadata["token_endpoint"].endswith("/oauth2/token")
    assert metadata["jwks_uri"].endswith("/.well-known/jwks.json")


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"client_secret": "wrong"}, 401, "Unauthorized. Client credentials are invalid."),
        ({"client_id": "nobody"}, 401, "Unauthorized. Client credentials are invalid."),
        ({"client_id": "x" * 65}, 401, "Unauthorized. Client credentials are invalid."),
        ({"client_secret": "x" * 65}, 401, "Unauthorized. Client credentials are invalid."),
        ({"client_id": "ada\0"}, 401, "Unauthorized. Client credentials are invalid."),
        ({"client_id": ""}, 400, "Mandatory payload 'client_id' is null or empty."),
        ({"grant_type": "password"}, 400, "Mandatory payload 'grant_type' has an invalid value."),
        (
            {"client_id": "", "client_secret": "", "grant_type": ""},
            400,
            "Mandatory payload 'client_id' is null or empty.,Mandatory payload 'client_secret' is null or empty.,"
            "Mandatory payload 'grant_type' is null or empty.",
        ),
    ],
)
async def test_wrong_credentials(web: httpx.AsyncClient, change: dict[str, str], status: int, text: str) -> None:
    assert message(await web.post("/v2/auth/token", data=GOOD | change), status) == text


async def test_json_is_no_form(web: httpx.AsyncClient) -> None:
    assert message(await web.post("/v2/auth/token", json=GOOD), 415) == "Unsupported media type."


async def test_a_form_is_small(web: httpx.AsyncClient) -> None:
    """Nobody has shown a credential yet: what is read for him is bounded."""
    assert message(await web.post("/v2/auth/token", data=GOOD | {"other": "x" * 8192}), 413) == "Payload too large."
    assert (await web.post("/oauth2/token", data=GOOD | {"other": "x" * 8192})).status_code == 413


async def test_basic_is_not_for_the_familys_dialect(web: httpx.AsyncClient) -> None:
    answer = await web.post(
        "/v2/auth/token", data={"grant_type": "client_credentials"}, auth=("ada", GOOD["client_secret"])
    )
    assert message(answer).startswith("Mandatory payload 'client_id' is null or empty.")


@pytest.mark.parametrize(
    ("data", "auth", "status", "error"),
    [
        (GOOD | {"client_secret": "wrong"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, None, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, ("ada", "wrong"), 401, "invalid_client"),
        (GOOD, ("ada", GOOD["client_secret"]), 400, "invalid_request"),
        (GOOD | {"grant_type": "password"}, None, 400, "unsupported_grant_type"),
        (GOOD | {"grant_type": ""}, None, 400, "invalid_request"),
        (GOOD | {"scope": "production_api"}, None, 400, "invalid_scope"),
        (GOOD | {"grant_type": ["client_credentials", "client_credentials"]}, None, 400, "invalid_request"),
    ],
)
async def test_the_standards_errors(
    web: httpx.AsyncClient, data: dict[str, str], auth: tuple[str, str] | None, status: int, error: str
) -> None:
    answer = await web.post("/oauth2/token", data=data, auth=auth)
    assert answer.status_code == status
    assert answer.json()["error"] == error
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_oauth_says_no_in_its_own_words_to_another_method_and_type(web: httpx.AsyncClient) -> None:
    assert (await web.get("/oauth2/token")).json()["error"] == "invalid_request"
    assert (await web.get("/oauth2/token")).status_code == 405
    assert (await web.post("/oauth2/token", json=GOOD)).json()["error"] == "invalid_request"


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER   {}", "{}"])
async def test_ways_to_send_a_token(web: httpx.AsyncClient, ada: Person, form: str) -> None:
    answer = await web.get("/v1/accounts", headers={"Authorization": form.format(ada.token)})
    assert answer.status_code == 200


def _encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _reforged(token: str, **claims: object) -> str:
    head, body, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{_encoded(said | claims)}.{signature}"


async def test_no_garbage_comes_in(web: httpx.AsyncClient, ada: Person) -> None:
    stranger = RSAKey.generate_key(2048)
    head = json.loads(base64.urlsafe_b64decode(ada.token.split(".")[0] + "=="))
    claims = json.loads(base64.urlsafe_b64decode(ada.token.split(".")[1] + "=="))
    none = _encoded({"alg": "none", "typ": "at+jwt"})
    garbage = [
        "abcde",
        "a.b.c",
        "..",
        "Bearer",
        ada.token[:-4],
        ada.token + "x",
        _reforged(ada.token, scope="production_api"),
        _reforged(ada.token, client_id="max"),
        f"{none}.{ada.token.split('.')[1]}.",
        jwt.encode(head, claims, stranger),
        jwt.encode({"alg": "RS256", "typ": "at+jwt"}, claims, stranger),
        f"{_encoded({'alg': 'RS256', 'kid': ['x']})}.{ada.token.split('.', 1)[1]}",
        f"{_encoded({'alg': 'RS256', 'kid': 'x', 'crit': ['b64']})}.{ada.token.split('.', 1)[1]}",
        "x" * 5000,
        "\u00e9.\u00e9.\u00e9",
        "e30.e30.e30",
        "bnVsbA.bnVsbA.bnVsbA",
    ]
    for token in garbage:
        answer = await web.get("/v1/accounts", headers={"Authorization": f"Bearer {token}".encode()})
        assert message(answer, 401) == "Unauthorized. Access token is missing or invalid."
    assert message(await web.get("/v1/accounts"), 401) == "Unauthorized. Access token is missing or invalid."


async def test_a_token_is_over_to_the_second(web: httpx.AsyncClient, ada: Person, clock: SettableClock) -> None:
    claims = json.loads(base64.urlsafe_b64decode(ada.token.split(".")[1] + "=="))
    clock.ahead = claims["exp"] - time.time() - 0.5
    assert (await ada.get("/v1/accounts")).status_code == 200
    clock.ahead = claims["exp"] - time.time()
    assert message(await ada.get("/v1/accounts"), 401)


async def test_many_tokens_live_at_once(web: httpx.AsyncClient, ada: Person) -> None:
    other = (await web.post("/v2/auth/token", data=GOOD)).json()["access_token"]
    assert other != ada.token
    assert (await ada.get("/v1/accounts")).status_code == 200
    assert (await Person(web, other, EXAMPLE).get("/v1/sites")).status_code == 200


RETIRED = """
environment = "playground"
[[apps]]
name = "tests"
user = "ada@example.com"
client_id = "ada"
retired = true
"""


async def test_a_retired_app_is_refused_within_five_seconds(house: House, ada: Person, clock: SettableClock) -> None:
    assert (await ada.get("/v1/sites")).status_code == 200
    await load_text(house, RETIRED)
    clock.ahead += 5
    assert message(await ada.get("/v1/sites"), 401)
    again = await ada.web.post("/v2/auth/token", data=GOOD)
    assert message(again, 401) == "Unauthorized. Client credentials are invalid."
