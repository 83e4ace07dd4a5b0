"""The failure table of contract.md section 2, on every call that it is about."""

import pytest

from cast import OPENING, Desk, Person, message
from remotehandsd.app import Health
from remotehandsd.web.front import Front
from remotehandsd.web.people import SigningIn
from remotehandsd.web.routes import routes

V1 = [
    (route.method, route.path.format(id="WO1000001", file_id="0" * 32))
    for route in routes(Health(), Front(None), SigningIn(has_playground=False))
    if route.path.startswith("/v1/") and route.path != "/v1/accounts"
]
ABOUT_TICKETS = [line for line in V1 if "sites" not in line[1] and line[1] != "/v1/locations"]
NOT_PERMITTED = "The requested operation is not permitted for the user."
BAD = "Bad request was submitted."


def test_the_table_is_about_something() -> None:
    assert len(V1) > 15
    assert len(V1) - len(ABOUT_TICKETS) == 4


@pytest.mark.parametrize(("method", "path"), V1)
async def test_no_token_comes_first(ada: Person, method: str, path: str) -> None:
    answer = await ada.web.request(method, path, headers={"Account-Id": "!", "Content-Type": "text/odd"}, content=b"{")
    assert message(answer, 401) == "Unauthorized. Access token is missing or invalid."


@pytest.mark.parametrize(("method", "path"), V1)
@pytest.mark.parametrize(
    "headers",
    [
        {"Master-Account-Id": "abcde"},
        {"Account-Id": "abcd"},
        {"Master-Account-Id": ""},
        {"Account-Id": ""},
        {"Master-Account-Id": "1" * 21},
        {"Account-Id": "0011A00001AaAB1A"},
        {"Account-Id": "0011A00001AaAB1\u00e9BC".encode().decode("latin-1")},
    ],
)
async def test_malformed_account_headers(ada: Person, method: str, path: str, headers: dict[str, str]) -> None:
    encoded = {name: value.encode("latin-1") for name, value in (ada.headers | headers).items()}
    assert message(await ada.web.request(method, path, headers=encoded)) == BAD


async def test_missing_account_headers(ada: Person) -> None:
    answer = await ada.web.get("/v1/sites", headers={"Authorization": ada.headers["Authorization"]})
    assert message(answer) == BAD


@pytest.mark.parametrize(("method", "path"), V1)
@pytest.mark.parametrize(
    "pair",
    [
        ("200456", "0022B00002CcEF3GHI"),  # another customer's
        ("100123", "0022B00002CcEF3GHI"),  # another customer's under her own master account
        ("200456", "0011A00001AaAB1ABC"),  # her own under another's
        ("999999", "999999999999999"),  # nobody's
    ],
)
async def test_foreign_and_unknown_pairs(ada: Person, method: str, path: str, pair: tuple[str, str]) -> None:
    headers = {"Master-Account-Id": pair[0], "Account-Id": pair[1]}
    assert message(await ada.request(method, path, headers=headers), 401) == NOT_PERMITTED


@pytest.mark.parametrize(("method", "path"), ABOUT_TICKETS)
async def test_the_permission_is_needed_for_tickets(eve: Person, method: str, path: str) -> None:
    assert message(await eve.request(method, path), 401) == NOT_PERMITTED


async def test_the_permission_is_not_needed_beside_them(eve: Person) -> None:
    for path in ("/v1/accounts", "/v1/sites", "/v1/global-sites", "/v1/globalsites", "/v1/locations?site=PHX015"):
        assert (await eve.get(path)).status_code == 200


@pytest.mark.parametrize(("method", "path"), [*V1, ("GET", "/v1/accounts")])
async def test_staff_are_not_permitted(dora: Desk, method: str, path: str) -> None:
    headers = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
    assert message(await dora.person.request(method, path, headers=headers), 401) == NOT_PERMITTED


async def test_environments_are_walls(ada: Person, pia: Person, dora: Desk, otto: Desk) -> None:
    """The same account ids, site codes and numbers exist on both sides; nothing is seen through."""
    here, there = await ada.opens(), await pia.opens(title="True work")
    for person, foreign in ((ada, there), (pia, here)):
        assert message(await person.get(f"/v1/remotehands-tickets/{foreign}"), 404)
        assert message(await person.comments(foreign, "hello"), 404)
        listed = (await person.get("/v1/remotehands-tickets")).json()
        assert [item["id"] for item in listed["content"]] != [foreign]
        assert listed["pageable"]["totalElements"] == 1
    assert (await ada.get("/v1/sites")).json()[1]["address"] == "12 Example Road"
    assert [site["address"] for site in (await pia.get("/v1/sites")).json()] == ["99 True Road"]
    assert len((await pia.get("/v1/global-sites")).json()) == 1
    assert (await otto.get(f"/operator/v1/tickets/{here}")).status_code == 404
    assert (await dora.get(f"/operator/v1/tickets/{there}")).status_code == 404
    assert (await otto.does("start", here)).status_code == 404
    queue = (await otto.get("/operator/v1/tickets")).json()
    assert [item["id"] for item in queue["content"]] == [there]


async def test_headers_that_clients_send_beside_are_ignored(ada: Person) -> None:
    more = {"User-Email": "x", "Cache-Control": "no-cache", "Content-Type": "application/json"}
    assert (await ada.get("/v1/remotehands-tickets", headers=more)).status_code == 200
    answer = await ada.post("/v1/remotehands-tickets", OPENING | {"accountName": "x"}, headers=more)
    assert answer.status_code == 201
