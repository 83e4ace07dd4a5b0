"""Where a customer's day begins."""

import re

import httpx

from cast import Desk, Person
from conftest import SettableClock
from remotehandsd.house import House
from visiting import HOME, LABS, Visit, visit


async def test_the_default_account_is_where_one_begins(ada_visits: Visit) -> None:
    assert (await ada_visits.get("/portal")).headers["location"] == HOME


async def test_the_link_in_mails_finds_the_account(ada_visits: Visit, ada_at_labs: Person, max: Person) -> None:
    number = await ada_at_labs.opens(site="IAD024")
    assert (await ada_visits.get(f"/portal/tickets/{number}")).headers["location"] == f"{LABS}/tickets/{number}"
    foreign = await max.opens(site="FRA003")
    for nothing in (foreign, "WO7568", "WO99999999999999999999", "x", "%00", "<b>"):
        assert (await ada_visits.get(f"/portal/tickets/{nothing}")).status_code == 404, nothing


async def test_counts_lead_to_the_list_and_changes_to_the_ticket(
    ada_visits: Visit, ada: Person, ada_at_labs: Person, dora: Desk, clock: SettableClock
) -> None:
    clock.ahead = -3 * 86_400
    await ada.opens(title="An old one")
    clock.ahead = 0
    number = await ada.opens(title="Swap <b>drive</b> 4")
    await dora.does("start", number)
    await dora.does("comments", number, {"comment": "not for customers", "internal": True})
    await ada_at_labs.opens(site="IAD024", title="On the other account")
    page = (await ada_visits.get(HOME)).text
    counts = re.findall(r'href="([^"]*)">[^/]*<span class="status.*?<strong>([\d,]+)</strong>', page, re.DOTALL)
    assert counts == [
        (f"{HOME}/tickets?status=New", "1"),
        (f"{HOME}/tickets?status=In%20Progress", "1"),
        (f"{HOME}/tickets?status=Cancellation%20Requested", "0"),
        (f"{HOME}/tickets?status=Completed", "0"),
        (f"{HOME}/tickets?status=Cancelled", "0"),
    ]
    assert "Swap &lt;b&gt;drive&lt;/b&gt; 4" in page
    assert "Dora Dispatcher began the work" in page
    assert "On the other account" not in page
    assert "not for customers" not in page
    days = re.findall(r"<tr><td>(\d{4}-\d\d-\d\d)</td><td>(\d+)</td></tr>", page)
    assert len(days) == 30
    assert days == sorted(days)
    assert [count for _, count in days if count != "0"] == ["1", "1"]


async def test_the_switch_stands_where_there_are_several_accounts(
    ada_visits: Visit, web: httpx.AsyncClient, house: House
) -> None:
    for here, there in (
        (HOME, LABS),
        (f"{HOME}/tickets", f"{LABS}/tickets"),
        (f"{LABS}/tickets/new", f"{HOME}/tickets/new"),
    ):
        assert f'href="{there}"' in (await ada_visits.get(here)).text
    bob = await visit(web, house, "bob@example.com")
    page = (await bob.get(HOME)).text
    assert "Example Ltd" in page
    assert "Example Labs" not in page


async def test_without_the_permission_one_is_told_who_can_help(
    web: httpx.AsyncClient, house: House, ada: Person
) -> None:
    await ada.opens(title="Not for Eve")
    eve = await visit(web, house, "eve@example.com")
    page = await eve.get(HOME)
    assert page.status_code == 200
    assert "You do not have the permission for tickets." in page.text
    assert "Not for Eve" not in page.text
    assert "tickets/new" not in page.text.partition("<main")[2]
    assert "Not for Eve" not in (await eve.get(f"{HOME}/account")).text


async def test_pages_are_kept_to_what_is_ours(ada_visits: Visit) -> None:
    page = await ada_visits.get(HOME)
    assert page.headers["cache-control"] == "no-store"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
