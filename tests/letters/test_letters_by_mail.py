"""Letters about people, through a real mail server: each goes to its own mailbox, and is forgotten when it went."""

import re

import httpx
import pytest

from at_pages import OURS, at_pages, borrowed
from conftest import SettableClock
from mailing import work
from postoffice import PostOffice, Received
from remotehandsd.house import House
from remotehandsd.people import PlaygroundKind
from remotehandsd.worker.posting import forget_letters
from signing import PASSWORD, with_password

DESK = "/desk/administration"
NEO = {
    "environment": "playground",
    "email": "neo@example.org",
    "name": "Neo New",
    "company": "<b>New</b> Ltd",
    "reason": "Buy now: https://spam.example",
}
URL = "https://hands.operator.example"

pytestmark = pytest.mark.usefixtures("mailing")


async def ours(web: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await web.post(path, data=fields, headers={"Origin": URL})


async def newest(house: House, office: PostOffice, to: str) -> Received:
    await work(house)
    found = office.received[-1]
    assert found.to == [to]
    async with house.db.read() as tx:
        assert await tx.all("SELECT key FROM letters") == [], "forgotten when it went"
    return found


def link_in(letter: Received, path: str) -> str:
    found = re.search(rf"{URL}({path}/[\w-]{{43}})\n", letter.text)
    assert found, letter.text
    assert found[0].strip() in letter.html
    return found[1]


@pytest.fixture
async def ruth(web: httpx.AsyncClient, house: House) -> dict[str, str]:
    """Headers of an administrator's browser; the cookie is the one of https."""
    visitor = await at_pages(web, house, "rita@operator.example")
    return {"Cookie": visitor.headers["Cookie"].replace("remotehands=", "__Host-remotehands="), **OURS}


async def _does(web: httpx.AsyncClient, by: dict[str, str], path: str, **fields: str) -> httpx.Response:
    return await web.post(f"{DESK}/{path}", data={"_environment": "playground", **fields}, headers=by)


async def _confirmed(web: httpx.AsyncClient, house: House, office: PostOffice) -> int:
    asked = await ours(web, "/developer/register", **NEO)
    assert "We have sent a link to neo@example.org." in asked.text
    letter = await newest(house, office, "neo@example.org")
    assert "spam" not in letter.text, "what a stranger typed is mailed to nobody"
    assert "New Ltd" not in letter.text
    assert (await ours(web, link_in(letter, "/developer/confirm"))).status_code == 303
    async with house.db.read() as tx:
        row = await tx.one("SELECT key FROM registrations WHERE state = 'open'")
    assert row is not None
    return int(row[0])


async def test_a_newcomer_from_the_request_to_the_password(
    web: httpx.AsyncClient, house: House, office: PostOffice, ruth: dict[str, str]
) -> None:
    key = await _confirmed(web, house, office)
    accept = {"account": "0011A00001AaAB1ABC", "may_order": "yes", "_once": "k"}
    for _ in range(2):
        done = await _does(web, ruth, f"registrations/{key}/accept", **accept)
        assert done.headers["location"].endswith("?done=accepted")
    before = len(office.received)
    letter = await newest(house, office, "neo@example.org")
    assert len(office.received) == before + 1, "a form that comes twice mails once"
    assert letter.message["Subject"] == "You are let in"
    link = link_in(letter, "/password")
    assert (await ours(web, link, password=PASSWORD)).status_code == 303
    assert (await ours(web, "/sign-in", email="neo@example.org", password=PASSWORD)).status_code == 303


async def test_who_has_a_password_is_let_in_without_a_link(
    web: httpx.AsyncClient, house: House, office: PostOffice, ruth: dict[str, str]
) -> None:
    await with_password(house, "pia@example.com")
    await ours(web, "/developer/register", **(NEO | {"email": "pia@example.com"}))
    await ours(web, link_in(await newest(house, office, "pia@example.com"), "/developer/confirm"))
    async with house.db.read() as tx:
        row = await tx.one("SELECT key FROM registrations WHERE state = 'open'")
    assert row is not None
    await _does(web, ruth, f"registrations/{row[0]}/accept", account="0011A00001AaAB1ABC")
    letter = await newest(house, office, "pia@example.com")
    assert "/password/" not in letter.text
    assert f"{URL}/developer\n" in letter.text


async def test_a_reason(web: httpx.AsyncClient, house: House, office: PostOffice, ruth: dict[str, str]) -> None:
    key = await _confirmed(web, house, office)
    await _does(web, ruth, f"registrations/{key}/decline", reason="We <b>do not</b> know you.\r\nCall us.")
    letter = await newest(house, office, "neo@example.org")
    assert "> We <b>do not</b> know you.\n> Call us." in letter.text
    assert "<b>do not</b>" not in letter.html


async def test_a_forgotten_password(web: httpx.AsyncClient, house: House, office: PostOffice) -> None:
    known = await ours(web, "/password/forgotten", email="Ada@Example.com")
    letter = await newest(house, office, "ada@example.com")
    unknown = await ours(web, "/password/forgotten", email="adb@example.com")
    assert known.text == unknown.text
    await work(house)
    assert len(office.received) == 1
    assert (await ours(web, link_in(letter, "/password"), password=PASSWORD)).status_code == 303


async def test_an_administrator_invites(
    web: httpx.AsyncClient, house: House, office: PostOffice, ruth: dict[str, str]
) -> None:
    page = await web.get(f"{DESK}/users/one?id=ada%40example.com", headers=ruth)
    assert f'action="{DESK}/users/invite"' in page.text
    done = await _does(web, ruth, "users/invite", email="ada@example.com")
    assert done.headers["location"] == f"{DESK}/users/one?id=ada%40example.com&done=invited"
    letter = await newest(house, office, "ada@example.com")
    assert "Rita Root has put you on the playground environment" in letter.text
    assert link_in(letter, "/password") not in done.text
    await with_password(house, "ada@example.com")
    again = await _does(web, ruth, "users/invite", email="ada@example.com")
    assert again.headers["location"].endswith("&done=has_password")
    await work(house)
    assert len(office.received) == 1
    assert (await _does(web, ruth, "users/invite", email="nobody@example.com")).status_code == 404
    assert (await _does(web, ruth, "sites/invite", email="ada@example.com")).status_code == 404
    assert (await _does(web, ruth, "staff/invite", email="<b>")).status_code == 403


async def test_who_borrows_a_session_mails_nobody(web: httpx.AsyncClient, house: House, office: PostOffice) -> None:
    somebody = await borrowed(web, house, PlaygroundKind.ADMINISTRATOR)
    by = {"Cookie": somebody.headers["Cookie"].replace("remotehands=", "__Host-remotehands="), **OURS}
    page = await web.get(f"{DESK}/users/one?id=ada%40example.com", headers=by)
    assert page.status_code == 200
    assert "/users/invite" not in page.text
    assert (await _does(web, by, "users/invite", email="ada@example.com")).status_code == 403
    await work(house)
    assert office.received == []


async def test_what_waits_to_be_sent_cannot_be_read(web: httpx.AsyncClient, house: House, office: PostOffice) -> None:
    await ours(web, "/developer/register", **NEO)
    async with house.db.read() as tx:
        row = await tx.one("SELECT name, sealed FROM letters")
        assert row is not None
    assert b"neo" not in row[1]
    assert b"confirm" not in row[1]
    letter = await newest(house, office, "neo@example.org")
    assert link_in(letter, "/developer/confirm")


async def test_an_address_that_the_server_refuses(
    web: httpx.AsyncClient, house: House, office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    office.answers["neo@example.org"] = "550 no such mailbox"
    await ours(web, "/developer/register", **NEO)
    await work(house)
    assert office.received == []
    async with house.db.read() as tx:
        assert await tx.all("SELECT key FROM letters") == []
        assert await tx.all("SELECT key FROM jobs") == []
    assert "/developer/confirm/" not in capsys.readouterr().out


async def test_a_letter_that_nobody_takes_is_forgotten(
    web: httpx.AsyncClient, house: House, office: PostOffice, clock: SettableClock
) -> None:
    await ours(web, "/developer/register", **NEO)
    assert await forget_letters(house) == 0
    clock.ahead += 7 * 86_400
    assert await forget_letters(house) == 1
    await work(house)
    assert office.received == []


class TestOtherDomains:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MAIL_DOMAINS": "example.com"}

    async def test_are_not_mailed(self, web: httpx.AsyncClient, house: House, office: PostOffice) -> None:
        answer = await ours(web, "/developer/register", **NEO)
        assert "the operator makes sure that the address is yours" in answer.text
        await work(house)
        assert office.received == []
