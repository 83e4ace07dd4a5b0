"""Accounts, sites and locations (contract.md sections 5 to 7)."""

import re

import pytest

from cast import Person, message
from conftest import load_text
from remotehandsd.house import House


async def test_accounts(ada: Person) -> None:
    answer = await ada.web.get("/v1/accounts", headers={"Authorization": f"Bearer {ada.token}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == (
        b'[{"masterAccountId":"100123","masterAccountName":"Example Holding","accountId":"0011A00001AaAB1ABC",'
        b'"accountName":"Example Ltd","defaultAccount":true},'
        b'{"masterAccountId":"100123","masterAccountName":"Example Holding","accountId":"0011A00001BbCD2DEF",'
        b'"accountName":"Example Labs","defaultAccount":false}]'
    )


async def test_account_headers_are_ignored_on_accounts(ada: Person) -> None:
    answer = await ada.get("/v1/accounts", headers={"Account-Id": "abcd", "Master-Account-Id": "x"})
    assert answer.status_code == 200


async def test_the_default_account(ada: Person) -> None:
    assert [one["accountId"] for one in (await ada.get("/v1/accounts?defaultAccount=true")).json()] == [
        "0011A00001AaAB1ABC"
    ]
    assert len((await ada.get("/v1/accounts?defaultAccount=false")).json()) == 2
    assert len((await ada.get("/v1/accounts?defaultAccount=")).json()) == 2
    wrong = await ada.get("/v1/accounts?defaultAccount=yes")
    assert message(wrong) == "Query parameter 'defaultAccount' has an unexpected value."


async def test_sites_of_the_account(ada: Person, ada_at_labs: Person, max: Person) -> None:
    assert (await ada.get("/v1/sites")).content == (
        b'[{"site":"IAD024","address":"7 Sample Street","city":"Ashburn","metro":"Northern Virginia",'
        b'"country":"United States"},{"site":"PHX015","address":"12 Example Road","city":"Phoenix",'
        b'"metro":"Phoenix","country":"United States"}]'
    )
    assert [site["site"] for site in (await ada_at_labs.get("/v1/sites")).json()] == ["IAD024"]
    assert [site["site"] for site in (await max.get("/v1/sites")).json()] == ["FRA003"]


@pytest.mark.parametrize("path", ["/v1/global-sites", "/v1/globalsites"])
async def test_global_sites(max: Person, path: str) -> None:
    assert [site["site"] for site in (await max.get(path)).json()] == ["FRA003", "IAD024", "PHX015"]


async def test_locations(ada: Person) -> None:
    answer = await ada.get("/v1/locations?site=PHX015&accountId=x&type=room&region=y")
    locations = answer.json()
    assert [list(location) for location in locations] == [["id", "location", "parentId"]] * 3
    assert [location["location"] for location in locations] == [
        "Data Hall A",
        "Data Hall A, Cage 12",
        "Example Building",
    ]
    assert all(re.fullmatch("[0-9a-f]{32}", location["id"]) for location in locations)
    hall, cage, building = locations
    assert building["parentId"] is None
    assert hall["parentId"] == building["id"]
    assert cage["parentId"] == hall["id"]


async def test_locations_of_an_unknown_or_foreign_site_are_none(ada: Person) -> None:
    for site in ("FRA003", "ABC123", "x", "%00"):
        answer = await ada.get(f"/v1/locations?site={site}")
        assert (answer.status_code, answer.content) == (200, b"[]")


async def test_the_site_is_mandatory(ada: Person) -> None:
    for query in ("", "?site=", "?site=%20"):
        answer = await ada.get(f"/v1/locations{query}")
        assert message(answer) == "Mandatory query parameter 'site' is null or empty."


async def test_a_retired_location_hides_what_stands_in_it(house: House, ada: Person) -> None:
    """Otherwise a `parentId` would name nothing in the same reply."""
    await load_text(
        house,
        """
        environment = "playground"
        [[sites]]
        code = "PHX015"
          [[sites.locations]]
          name = "Data Hall A"
          retired = true
        """,
    )
    locations = (await ada.get("/v1/locations?site=PHX015")).json()
    assert [location["location"] for location in locations] == ["Example Building"]


async def test_a_retired_site_is_gone(house: House, ada: Person) -> None:
    await load_text(house, 'environment = "playground"\n[[sites]]\ncode = "PHX015"\nretired = true')
    assert [site["site"] for site in (await ada.get("/v1/sites")).json()] == ["IAD024"]
    assert "PHX015" not in (await ada.get("/v1/global-sites")).text
    assert (await ada.get("/v1/locations?site=PHX015")).json() == []
