"""A newcomer registers by pages; people of one environment ask for another."""

import re

import httpx
import pytest

from at_pages import OURS, AtPages, at_pages, borrowed, words
from conftest import load_text
from remotehandsd import registrations
from remotehandsd.act import Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from signing import act_of

NEO = {
    "environment": "playground",
    "email": "neo@example.org",
    "name": "Neo New",
    "company": "New Ltd",
    "reason": "We move in.\nSoon.",
}
HOSTILE = "<img src=x onerror=alert(1)> \u202eevil"
REGISTER = "/developer/register"


async def _registers(web: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await web.post(REGISTER, data=NEO | fields, headers=OURS)


async def _token(house: House, email: str = "trinity@example.org") -> str:
    asked = {name: NEO[name] for name in ("name", "company", "reason")} | {"email": email}
    return await registrations.register(house, Environment.PLAYGROUND, asked, address="192.0.2.9")


async def test_a_newcomer(web: httpx.AsyncClient, house: House) -> None:
    assert "/developer/register" in (await web.get("/developer")).text
    answer = await _registers(web)
    assert answer.status_code == 200
    assert "neo@example.org" in answer.text
    assert "/developer/confirm/" not in answer.text, "the link is for the mailbox, not for who asks"
    async with house.db.read(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        assert await registrations.waiting(act) == []
        (asked,) = await registrations.unconfirmed(act)
    assert (asked.email, asked.reason) == ("neo@example.org", "We move in.\nSoon.")


async def test_known_and_unknown_addresses_are_answered_alike(web: httpx.AsyncClient, house: House) -> None:
    await at_pages(web, house, "ada@example.com")
    known, unknown = await _registers(web, email="ada@example.com"), await _registers(web, email="adb@example.com")
    assert known.text == unknown.text.replace("adb@", "ada@")


async def test_a_link_confirms_by_a_button(web: httpx.AsyncClient, house: House) -> None:
    token = await _token(house)
    for _ in range(2):
        assert "Is this your address?" in (await web.get(f"/developer/confirm/{token}")).text
    async with house.db.read(EVERY_TENANT) as tx:
        assert await registrations.waiting(await act_of(house, tx, "rita@operator.example")) == []
    done = await web.post(f"/developer/confirm/{token}", headers=OURS)
    assert (done.status_code, done.headers["location"]) == (303, "/developer?done=confirmed")
    assert "Your address is confirmed." in (await web.get(done.headers["location"])).text
    async with house.db.read(EVERY_TENANT) as tx:
        assert len(await registrations.waiting(await act_of(house, tx, "rita@operator.example"))) == 1
    for gone in (token, "x", "x" * 5000, "%00"):
        assert (await web.post(f"/developer/confirm/{gone}", headers=OURS)).status_code == 404
    again = (await web.post(f"/developer/confirm/{token}", headers=OURS)).text
    assert "This link was used already, or has expired." in again
    assert "If you have confirmed your address with it, all is done" in again
    waiting = await web.post(f"/developer/confirm/{await _token(house)}", headers=OURS)
    assert waiting.status_code == 409
    assert "You have asked already." in waiting.text
    assert "Ask to be let in</a>" not in waiting.text, "once is enough"


@pytest.mark.parametrize("name", ["name", "company", "reason"])
async def test_hostile_text_is_shown_as_text(web: httpx.AsyncClient, name: str) -> None:
    answer = await _registers(web, email="not an address", **{name: HOSTILE})
    assert answer.status_code == 422
    assert "<img src=x" not in answer.text
    assert "&lt;img src=x" in answer.text, "and nothing typed is lost"
    assert "We move in.\nSoon." in answer.text or name == "reason"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "no", "name": "", "company": " ", "reason": ""}, {"email", "name", "company", "reason"}),
        ({"name": "x" * 41}, {"name"}),
        ({"reason": "x" * 2001}, {"reason"}),
        ({"company": "a\0b"}, {"company"}),
        ({"environment": "production"}, {"environment"}),
        ({"environment": "moon"}, {"environment"}),
        ({"environment": ""}, {"environment"}),
    ],
)
async def test_what_cannot_be(web: httpx.AsyncClient, fields: dict[str, str], wrong: set[str]) -> None:
    answer = await _registers(web, **fields)
    assert answer.status_code == 422
    assert set(re.findall(r'<p class="fault" id="e-(\w+)">', answer.text)) == wrong


async def test_asked_too_often(web: httpx.AsyncClient) -> None:
    for _ in range(3):
        assert (await _registers(web)).status_code == 200
    late = await _registers(web)
    assert late.status_code == 429
    assert int(late.headers["retry-after"]) > 0
    assert 'value="New Ltd"' in late.text


async def test_where_nobody_could_answer_nobody_is_asked(web: httpx.AsyncClient, house: House) -> None:
    page = (await web.get(REGISTER)).text
    assert re.findall(r'<option value="(\w+)"', page) == ["playground"], "only there is an administrator"
    await load_text(
        house,
        """
        environment = "playground"
        [[staff]]
        email = "rita@operator.example"
        roles = ["administrator"]
        sites = ["PHX015"]
        """,
    )
    assert "Nobody answers requests here." in (await web.get(REGISTER)).text
    assert (await _registers(web)).status_code == 422


PRODUCTION = """
environment = "production"
[[staff]]
email = "oda@operator.example"
name = "Oda Operator"
roles = ["administrator"]
"""


async def test_access_is_asked_for_and_answered(web: httpx.AsyncClient, house: House) -> None:
    await load_text(house, PRODUCTION)
    ada = await at_pages(web, house, "ada@example.com")
    page = (await ada.get("/developer/access")).text
    assert re.findall(r'<option value="(\w+)"', page) == ["production"]
    empty = await ada.post("/developer/access", environment="production", reason=" ")
    assert empty.status_code == 422
    done = await ada.post("/developer/access", environment="production", reason=HOSTILE.replace("\u202e", ""))
    assert done.headers["location"] == "/developer/access?done=asked"
    twice = await ada.post("/developer/access", environment="production", reason="Again.")
    assert twice.status_code == 409
    assert "You have asked already." in twice.text
    assert "Waits for an answer" in words(await ada.get("/developer/access"))
    oda = await at_pages(web, house, "oda@operator.example", "production")
    waits = await oda.get("/desk/administration/registrations")
    assert "&lt;img src=x" in waits.text
    key = re.search(r"registrations/(\d+)/decline", waits.text)
    assert key
    await oda.post(f"/desk/administration/registrations/{key[1]}/decline", reason="Not <b>yet</b>.")
    answered = await ada.get("/developer/access")
    assert "Not &lt;b&gt;yet&lt;/b&gt;." in answered.text
    assert "Oda Operator" in answered.text
    assert (await ada.post("/developer/access", environment="moon", reason="Why not?")).status_code == 422
    here = await ada.post("/developer/access", environment="playground", reason="Again.")
    assert here.status_code == 409
    assert "You have access to playground already." in here.text


async def test_a_borrowed_session_asks_for_nothing(web: httpx.AsyncClient, house: House) -> None:
    await load_text(house, PRODUCTION)
    somebody: AtPages = await borrowed(web, house, PlaygroundKind.USER)
    assert "<textarea" not in (await somebody.get("/developer/access")).text
    answer = await somebody.post("/developer/access", environment="production", reason="Let me in.")
    assert answer.status_code == 403
    assert "nothing outside of the playground" in answer.text
    assert (await somebody.post(REGISTER, NEO)).headers["location"] == "/developer/access", "and mails nobody"
