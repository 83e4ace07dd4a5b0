"""The account's page."""

import re

import httpx
import pytest

from at_pages import OURS, at_pages, borrowed
from cast import Desk, Person
from conftest import load_text
from remotehandsd import people
from remotehandsd.act import Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from signing import act_in, with_password
from visiting import BOB_LOOKS_AFTER_IT, HOME, LABS, SAMPLE, Visit, hidden, visit

ACCOUNT = f"{HOME}/account"


@pytest.fixture
async def bob_visits(web: httpx.AsyncClient, house: House) -> Visit:
    """Bob, an administrator of Example Ltd."""
    await load_text(house, BOB_LOOKS_AFTER_IT)
    return await visit(web, house, "bob@example.com")


def _people(page: str) -> dict[str, str]:
    """Return what each of the people may, by name."""
    rows = re.findall(r'<th scope="row">(.*?)<.*?data-label="May">(.*?)</td>', page, re.DOTALL)
    return {name.strip(): may for name, may in rows}


async def test_what_was_done_by_whom(ada_visits: Visit, ada: Person, max: Person, dora: Desk) -> None:
    numbers = [await ada.opens() for _ in range(35)]
    await dora.does("comments", numbers[-1], {"comment": "x", "internal": True})
    await dora.does("start", numbers[-1])
    foreign = await max.opens(site="FRA003")
    page = (await ada_visits.get(f"{HOME}/account")).text
    assert "Dora Dispatcher began the work" in page
    rows = re.findall(r'tickets/(WO\d+)">', page)
    assert rows[:2] == [numbers[-1], numbers[-1]]
    assert len(rows) == 25
    assert foreign not in page
    older = re.search(r'href="([^"]*before=[^"]*)#done"', page)
    assert older
    rest = (await ada_visits.get(older[1].replace("&amp;", "&"))).text
    assert re.findall(r'tickets/(WO\d+)">', rest) == numbers[:11][::-1]
    assert "Newest" in rest
    assert (await ada_visits.get(f"{HOME}/account?before=evt_nonsense")).status_code == 422


async def test_who_one_is(ada_visits: Visit) -> None:
    page = (await ada_visits.get(f"{HOME}/account")).text
    for shown in ("Example Ltd", "0011A00001AaAB1ABC", "Example Holding", "100123", "ada@example.com", "Example Labs"):
        assert shown in page, shown


async def test_people_are_for_administrators(ada_visits: Visit, bob_visits: Visit) -> None:
    assert _people((await bob_visits.get(ACCOUNT)).text) == {
        "Ada Example": "open and follow tickets",
        "Bob Example": "open and follow tickets",
        "Eve Example": "look at the account only",
    }
    page = (await ada_visits.get(ACCOUNT)).text
    assert "eve@example.com" not in page
    assert "/account/invite" not in page
    assert "looked after by the account&#39;s administrators" in page


async def test_the_permission_is_granted_and_taken_away(
    web: httpx.AsyncClient, house: House, bob_visits: Visit
) -> None:
    eve = await visit(web, house, "eve@example.com")
    assert (await eve.get(f"{HOME}/tickets")).status_code == 403
    answer = await bob_visits.post(f"{ACCOUNT}/grant", {"email": "eve@example.com"})
    assert answer.headers["location"] == f"{ACCOUNT}?done=granted#people"
    assert (await eve.get(f"{HOME}/tickets")).status_code == 200
    page = (await bob_visits.get(f"{ACCOUNT}?done=granted")).text
    assert "The permission for tickets is granted." in page
    assert "Bob Example granted eve@example.com the permission for tickets" in page
    await bob_visits.post(f"{ACCOUNT}/take", {"email": "eve@example.com"})
    assert (await eve.get(f"{HOME}/tickets")).status_code == 403
    assert "Bob Example took the permission for tickets from eve@example.com" in (await bob_visits.get(ACCOUNT)).text


async def test_somebody_is_taken_out(web: httpx.AsyncClient, house: House, bob_visits: Visit) -> None:
    eve = await visit(web, house, "eve@example.com")
    assert (await eve.get(HOME)).status_code == 200
    answer = await bob_visits.post(f"{ACCOUNT}/take-out", {"email": "eve@example.com"})
    assert answer.status_code == 303
    assert (await eve.get(HOME)).status_code == 404
    page = (await bob_visits.get(ACCOUNT)).text
    assert "Eve Example" not in page
    assert "Bob Example removed eve@example.com from the account" in page
    oneself = await bob_visits.post(f"{ACCOUNT}/take-out", {"email": "bob@example.com"})
    assert oneself.status_code == 403
    assert "You cannot take yourself out." in oneself.text


async def test_a_newcomer_is_invited_and_nobody_sees_the_link(bob_visits: Visit, house: House) -> None:
    answer = await bob_visits.post(f"{ACCOUNT}/invite", {"email": "Nia@Example.com ", "name": "Nia New"})
    assert answer.headers["location"] == f"{ACCOUNT}?done=invited#people"
    page = (await bob_visits.get(f"{ACCOUNT}?done=invited")).text
    assert _people(page)["Nia New"] == "look at the account only"
    assert "nia@example.com" in page
    assert "has no password yet" in page
    assert "Bob Example invited nia@example.com" in page
    assert "Bob Example put nia@example.com on the account" in page
    assert "/password/" not in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"email": "", "name": ""}, 422),
        ({"email": "no address", "name": "Nia"}, 422),
        ({"email": "nia@example.com", "name": "x" * 500}, 422),
        ({"email": "rita@operator.example", "name": "Rita"}, 422),
        ({"email": "<b>@example.com", "name": "<b>"}, 422),
        ({"email": "nul\0@example.com", "name": "\0"}, 422),
    ],
)
async def test_who_cannot_be_invited(bob_visits: Visit, fields: dict[str, str], status: int) -> None:
    answer = await bob_visits.post(f"{ACCOUNT}/invite", fields)
    assert answer.status_code == status, answer.text
    assert 'role="alert"' in answer.text
    assert "<b>" not in answer.text


async def test_nobody_beyond_the_account_is_touched(
    web: httpx.AsyncClient, house: House, ada: Person, bob_visits: Visit
) -> None:
    for path in ("grant", "take", "take-out"):
        for email in ("max@example.net", "tom@operator.example", "nobody@example.com", "x", "\0", ""):
            answer = await bob_visits.post(f"{ACCOUNT}/{path}", {"email": email})
            assert answer.status_code == 404, f"{path} {email}"
            assert "There is no such person on the account." in answer.text
    # Ada is on another account as well, which is not Bob's.
    answer = await bob_visits.post(f"{ACCOUNT}/take", {"email": "ada@example.com"})
    assert answer.status_code == 403
    assert "This person is on other accounts, too" in answer.text
    await ada.opens()
    for foreign in (LABS, SAMPLE):
        assert (await bob_visits.post(f"{foreign}/account/invite", {"email": "a@b.example"})).status_code == 404


async def test_nobody_is_invited_in_a_borrowed_name(web: httpx.AsyncClient, house: House) -> None:
    """Anybody may be the playground's administrator: an invitation would end the true ones of that person."""
    await load_text(house, BOB_LOOKS_AFTER_IT)
    async with house.db.write(EVERY_TENANT) as tx:
        secret = await people.sign_in_as(
            act_in(house, tx, Environment.PLAYGROUND), PlaygroundKind.ACCOUNT_ADMINISTRATOR, device="tests"
        )
    bob = Visit(web, secret)
    page = await bob.get(ACCOUNT)
    assert hidden(page.text, "_environment") == "playground"
    answer = await bob.post(f"{ACCOUNT}/invite", {"email": "otto@operator.example", "name": "Otto"})
    assert answer.status_code == 403
    assert "nobody is invited in that name" in answer.text
    assert "otto@operator.example" not in (await bob.get(ACCOUNT)).text


async def test_what_was_done_elsewhere_is_not_told(
    web: httpx.AsyncClient, house: House, ada: Person, bob_visits: Visit
) -> None:
    # Somebody with rights elsewhere is put on an account by the operator alone.
    await load_text(house, 'environment = "playground"\n[[users]]\nemail = "max@example.net"\npermissions = []\n')
    await bob_visits.post(f"{ACCOUNT}/invite", {"email": "max@example.net", "name": "Another name"})
    page = (await bob_visits.get(ACCOUNT)).text
    assert "Max Sample" in page, "a name is the person's, not the administrator's to give"
    assert "Sample AG" not in page
    assert "0022B00002CcEF3GHI" not in page
    foreign = await web.post(f"{ACCOUNT}/grant", data={"email": "max@example.net"}, headers=bob_visits.headers | OURS)
    assert foreign.status_code == 403, "without its environment it is no form of ours"


async def test_a_borrowed_administrator_sees_and_touches_no_real_person(web: httpx.AsyncClient, house: House) -> None:
    """Who has a password is somebody: strangers who try the playground out must not harvest or throw out any."""
    await load_text(house, BOB_LOOKS_AFTER_IT)
    await with_password(house, "eve@example.com")
    somebody = await borrowed(web, house, PlaygroundKind.ACCOUNT_ADMINISTRATOR)
    page = (await somebody.get(ACCOUNT)).text
    assert "bob@example.com" in page
    assert "eve@example.com" not in page
    for move in ("take", "take-out", "grant"):
        answer = await somebody.post(f"{ACCOUNT}/{move}", {"email": "Eve@Example.com "})
        assert answer.status_code == 403, move
    eve = await at_pages(web, house, "eve@example.com")
    assert (await eve.get(ACCOUNT)).status_code == 200, "she is still on the account"


async def test_a_mailbox_is_not_flooded_with_invitations(bob_visits: Visit) -> None:
    new = {"email": "new@example.com", "name": "New"}
    answers = [await bob_visits.post(f"{ACCOUNT}/invite", new) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    other = await bob_visits.post(f"{ACCOUNT}/invite", {"email": "other@example.com", "name": "Other"})
    assert other.status_code == 303
