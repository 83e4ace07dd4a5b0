"""Letters about no ticket: who gets which, once, and nobody else learns what stands in them."""

import re
from typing import Any

import httpx
import pytest

from cast import Person
from conftest import SettableClock
from delivering import makes, rest, until, worker
from mailing import work
from postoffice import PostOffice
from receiver import Receiver, answer
from remotehandsd import letters
from remotehandsd.act import Act, By, Environment, Role
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.letters import Kind
from remotehandsd.web import inviting

pytestmark = pytest.mark.usefixtures("mailing")

OURS = {"Sec-Fetch-Site": "same-origin"}
DAY = 86_400
RITA = By(
    name="Rita Root", environment=Environment.PLAYGROUND, staff=1, roles=frozenset({Role.ADMINISTRATOR}), sites=None
)


async def _post(house: House, kind: Kind, to: str = "ada@example.com", **values: str) -> None:
    async with house.db.write() as tx:
        await letters.post(tx, house.seal, to, kind, environment="playground", now=house.now(), **values)


async def _rows(house: House) -> int:
    async with house.db.read() as tx:
        row = await tx.one("SELECT COUNT(*) FROM letters")
    assert row is not None
    return int(row[0])


async def test_a_forgotten_password(web: httpx.AsyncClient, house: House, office: PostOffice) -> None:
    for email in ("ada@example.com", "nobody@example.com"):
        page = await web.post("/password/forgotten", data={"email": email}, headers=OURS)
        assert page.status_code == 200
        assert "/password/" not in re.sub(r'(action|href)="[^"]*"', "", page.text)
    await work(house)
    [mail] = office.received
    assert mail.to == ["ada@example.com"]
    assert mail.message["Subject"] == "A new password for Remotehands"
    [link] = re.findall(r"https://hands\.operator\.example(/password/[\w-]+)", mail.text)
    assert (await web.get(link)).status_code == 200
    assert await _rows(house) == 0, "what went out is forgotten"


async def test_an_invitation_by_staff(web: httpx.AsyncClient, house: House, office: PostOffice) -> None:
    async with house.db.write(EVERY_TENANT) as tx:
        await inviting.invite(Act(tx, RITA, house.now()), house.seal, "bob@example.com")
    await work(house)
    [mail] = office.received
    assert mail.to == ["bob@example.com"]
    assert mail.message["Subject"] == "[Playground] You are invited to Remotehands"
    assert "Rita Root has invited you" in mail.text


async def test_each_kind_says_where_it_leads(house: House, office: PostOffice) -> None:
    values = {
        "token": "the-token",
        "by": "Rita",
        "reason": "No <b>contract</b>.",
        "receiver": "a.example",
        "until": "x",
    }
    for kind in Kind:
        await _post(house, kind, **values)
    await work(house)
    assert len(office.received) == len(Kind)
    for mail in office.received:
        assert "https://hands.operator.example/" in mail.text
        assert "{" not in mail.text
        assert "<b>contract" not in mail.html
    assert sum("No <b>contract</b>." in mail.text for mail in office.received) >= 1


async def test_what_is_kept_cannot_be_read_in_the_database(house: House) -> None:
    await _post(house, Kind.RESET, token="the-secret-token")
    async with house.db.read() as tx:
        row = await tx.one("SELECT sealed FROM letters")
    assert row is not None
    assert b"the-secret-token" not in row[0]
    assert b"ada@example.com" not in row[0]


async def test_one_whose_time_is_over_is_not_sent(house: House, office: PostOffice, clock: SettableClock) -> None:
    await _post(house, Kind.RESET, token="x")
    clock.ahead += 3601
    await work(house)
    assert office.received == []
    assert await _rows(house) == 0


async def test_a_server_that_refuses_and_one_that_is_away(
    house: House, office: PostOffice, clock: SettableClock
) -> None:
    office.answers["bob@example.com"] = "550 no such mailbox"
    await _post(house, Kind.INVITATION, "bob@example.com", token="x", by="Rita")
    await work(house)
    assert await _rows(house) == 0, "for good"
    office.answers["ada@example.com"] = "451 later"
    await _post(house, Kind.INVITATION, token="x", by="Rita")
    await work(house)
    assert await _rows(house) == 1
    del office.answers["ada@example.com"]
    clock.ahead += 60
    await work(house)
    assert [mail.to for mail in office.received] == [["ada@example.com"]]


async def test_an_address_that_mail_cannot_reach(house: House) -> None:
    await _post(house, Kind.INVITATION, "ada@exa mple", token="x", by="Rita")
    assert await _rows(house) == 0


class TestDomains:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MAIL_DOMAINS": "example.com"}

    async def test_the_operators_policy_holds(self, house: House, office: PostOffice) -> None:
        await _post(house, Kind.INVITATION, "max@example.net", token="x", by="Rita")
        await _post(house, Kind.INVITATION, "ada@example.com", token="x", by="Rita")
        await work(house)
        assert [mail.to for mail in office.received] == [["ada@example.com"]]
        assert await _rows(house) == 0


class TestWebhooks:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_WEBHOOK_PRIVATE": "yes"}

    async def test_the_owner_is_told_before_it_is_switched_off(
        self, house: House, ada: Person, office: PostOffice, clock: SettableClock
    ) -> None:
        def subjects() -> list[Any]:
            return [mail.message["Subject"] for mail in office.received]

        async with Receiver(lambda sent: answer(500)) as receiver, worker(house):
            await makes(ada, receiver.url)
            for _ in range(7):
                before = len(receiver.got)
                await ada.opens()
                await until(lambda: len(receiver.got) > before)  # noqa: B023
                await rest(house)
                await work(house)
                if "[Playground] A webhook of yours was switched off" in subjects():
                    break
                clock.ahead += DAY
        letters_ = [mail for mail in office.received if "webhook" in mail.message["Subject"]]
        assert [mail.message["Subject"] for mail in letters_] == [
            "[Playground] A webhook of yours fails",
            "[Playground] A webhook of yours was switched off",
        ]
        assert all(mail.to == ["ada@example.com"] for mail in letters_)
        assert "Nothing has reached 127.0.0.1 for a day." in letters_[0].text
        assert "Every attempt has failed for five days." in letters_[1].text
