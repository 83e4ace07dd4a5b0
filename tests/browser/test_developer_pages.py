"""A developer's day, and an administrator's, in a browser, with and without scripts."""

import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from cast import Server
from conftest import load_text
from remotehandsd import people, registrations
from remotehandsd.act import Environment
from remotehandsd.app import opened_house
from remotehandsd.settings import read_settings
from signing import PASSWORD
from windows import LOOKS, Window

ADMINISTRATOR = "ruth@operator.example"
STAFF = f"""
environment = "playground"
[[staff]]
email = "{ADMINISTRATOR}"
name = "Ruth Root"
roles = ["administrator"]
"""
WAYS = [{}, {"java_script_enabled": False}]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    data = tmp_path_factory.mktemp("developers") / "data"
    return {"REMOTEHANDS_DATA": str(data), "REMOTEHANDS_MIN_FREE": "1000", "REMOTEHANDS_ROBOT_SECONDS": "3600"}


@pytest.fixture(scope="module")
def place(settings: dict[str, str]) -> Iterator[Server]:
    """A playground with an administrator of flesh and blood."""
    server = Server(settings, "--playground")
    server.wait_until_ready()
    yield server
    server.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, place: Server, request: pytest.FixtureRequest) -> AsyncIterator[Window]:
    context = await browser.new_context(**getattr(request, "param", {}))
    window = Window(await context.new_page(), place.url)
    yield window
    await context.close()
    assert window.faults == []


async def _signs_in(window: Window, settings: dict[str, str], email: str) -> None:
    """Choose a password by a link, as it would come by mail, and sign in with it."""
    async with opened_house(read_settings(settings)) as house:
        if email == ADMINISTRATOR:
            await load_text(house, STAFF)
        async with house.db.write() as tx:
            token = await people.invite_by_command(tx, email, now=house.now())
    await window.open(f"/password/{token}")
    await window.page.get_by_label("New password").fill(PASSWORD)
    await window.press("Set the password")
    await window.page.get_by_label("E-mail address").fill(email)
    await window.page.get_by_label("Password").fill(PASSWORD)
    await window.press("Sign in")


async def _link(settings: dict[str, str], asked: dict[str, str]) -> str:
    """Return the token that the mailbox gets: asked for once more, since only its hash is kept."""
    async with opened_house(read_settings(settings)) as house:
        return await registrations.register(house, Environment.PLAYGROUND, asked, address="192.0.2.77")


def _token(base: str, client_id: str, secret: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return httpx.post(f"{base}/v2/auth/token", data=form)


def _accounts(base: str, token: str) -> int:
    return httpx.get(f"{base}/v1/accounts", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.mark.parametrize("window", WAYS, indirect=True)
async def test_a_developers_day(window: Window, settings: dict[str, str]) -> None:
    page = window.page
    email = f"{secrets.token_hex(4)}@example.org"
    await window.open("/developer")
    await window.press("Ask to be let in", "link")
    await page.get_by_label("Your name").fill("Neo New")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Company").fill("New Ltd")
    await page.get_by_label("What for").fill("The ticket bridge.")
    await window.press("Send the request")
    await page.get_by_role("heading", name="One more step").wait_for()
    asked = {"email": email, "name": "Neo New", "company": "New Ltd", "reason": "The ticket bridge."}
    await window.open(f"/developer/confirm/{await _link(settings, asked)}")
    await window.press("Yes, this is my address")
    assert "Your address is confirmed." in await page.inner_text("main")

    await _signs_in(window, settings, ADMINISTRATOR)
    await window.open("/desk/administration/registrations")
    request = page.locator("article", has_text=email)
    await request.get_by_label("Put on account").select_option("0022B00002CcEF3GHI")
    await request.get_by_role("button", name="Let in").click()
    assert "The person is let in." in await page.inner_text("main")
    await page.context.clear_cookies()

    await _signs_in(window, settings, email)
    await window.open("/developer/apps")
    await page.get_by_label("Name").fill("ticket bridge")
    await window.press("Make the app")
    first = await page.locator("#secret").inner_text()
    client_id = await page.locator(".secret dd").first.inner_text()
    token = _token(window.base, client_id, first).json()["access_token"]
    assert _accounts(window.base, token) == 200
    await window.press("To the first call, with these values", "link")
    assert f"client_id={client_id}" in await page.inner_text("#shell-token")
    assert first not in await page.content()

    await window.open(f"/developer/apps/{client_id}")
    await window.press("Rotate the secret")
    second = await page.locator("#secret").inner_text()
    assert [_token(window.base, client_id, one).status_code for one in (first, second)] == [200, 200]
    await window.press("Finish: end the first secret")
    assert [_token(window.base, client_id, one).status_code for one in (first, second)] == [401, 200]

    await window.press("Revoke the app", "link")
    await window.press("Revoke it for good")
    assert "The app is revoked." in await page.inner_text("main")
    deadline = time.monotonic() + 5
    while _accounts(window.base, token) != 401:
        assert time.monotonic() < deadline, "the token of a revoked app is refused within 5 seconds"


@pytest.mark.parametrize("window", WAYS, indirect=True)
async def test_an_administrators_day(window: Window, settings: dict[str, str]) -> None:
    page = window.page
    code = f"Z{secrets.token_hex(2)}Z".upper()
    await _signs_in(window, settings, ADMINISTRATOR)
    await window.open("/desk/administration")
    await window.press("Sites", "link")
    await window.press("Add a site", "link")
    for label, value in (("Code", code), ("Address", "1 New Road"), ("City", "Reno"), ("Metro", "Reno")):
        await page.get_by_label(label, exact=True).fill(value)
    await page.get_by_label("Country").fill("United States")
    await page.get_by_label("Time zone").fill("Mars/Base")
    await window.press("Add a site")
    assert "must be an IANA time zone" in await page.get_by_role("alert").inner_text()
    assert await page.get_by_label("City").input_value() == "Reno", "nothing typed is lost"
    await page.get_by_label("Time zone").fill("America/Los_Angeles")
    await window.press("Add a site")
    assert "Saved." in await page.inner_text("main")
    for name in ("Hall A", "Hall A, Cage 1"):
        await window.open(f"/desk/administration/sites/one?id={code}")
        await window.press("Add a location", "link")
        await page.get_by_label("Name").fill(name)
        if name != "Hall A":
            await page.get_by_label("Inside").select_option("Hall A")
        await window.press("Add a location")
        assert "Saved." in await page.inner_text("main")
    await window.press("Staff", "link")
    await window.press("Add a member of staff", "link")
    email = f"{secrets.token_hex(4)}@operator.example"
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Name").fill("Nia New")
    await page.get_by_label("Technician").check()
    await page.get_by_label("Works at all sites").uncheck()
    await page.get_by_label(re.compile(code)).check()
    await window.press("Add a member of staff")
    assert "Saved." in await page.inner_text("main")
    await window.press("Log", "link")
    first = await page.locator("tbody tr").first.inner_text()
    assert "Ruth Root" in first
    assert f"staff added {email}" in first.lower()
    assert code in first


OPEN_TO_ALL = (
    "/developer",
    "/developer/register",
    "/developer/confirm/x",
    "/developer/start",
    "/developer/reference",
    "/developer/reference/createTicket",
    "/developer/reference/operator.assignTicket",
)
OF_CUSTOMERS = ("/developer", "/developer/apps", "/developer/access", "/developer/start", "/developer/try/createTicket")
OF_ADMINISTRATORS = (
    "/desk/administration",
    "/desk/administration/sites",
    "/desk/administration/sites/one?id=PHX015",
    "/desk/administration/locations/new?within=PHX015",
    "/desk/administration/users",
    "/desk/administration/users/one?id=ada%40example.com",
    "/desk/administration/staff/new",
    "/desk/administration/accounts/one?id=0011A00001AaAB1ABC&within=100123",
    "/desk/administration/log",
    "/developer/start",
)


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_anybody_can_use_the_portal(window: Window) -> None:
    page = window.page
    for path in OPEN_TO_ALL:
        await window.open(path)
        await window.is_usable()
    await window.signs_in_as("user")
    for path in OF_CUSTOMERS:
        await window.open(path)
        await window.is_usable()
    await window.press("Make the call")
    await page.locator(".code-status").wait_for()
    await window.is_usable()
    await window.open("/developer/apps")
    name = secrets.token_hex(4)
    await page.get_by_label("Name").fill(name)
    await window.press("Make the app")
    await window.is_usable()
    await window.press("Rotate the secret")
    await window.is_usable()
    await window.press("Revoke the app", "link")
    await window.is_usable()
    await window.press("Revoke it for good")
    await window.is_usable()


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_administrators_can_use_the_administration(window: Window, settings: dict[str, str]) -> None:
    await window.signs_in_as("administrator")
    for path in OF_ADMINISTRATORS:
        await window.open(path)
        await window.is_usable()
    await window.page.context.clear_cookies()
    email = f"{secrets.token_hex(4)}@example.org"
    asked = {"email": email, "name": "Neo New", "company": "New Ltd", "reason": "x" * 1000}
    await window.open(f"/developer/confirm/{await _link(settings, asked)}")
    await window.press("Yes, this is my address")
    await _link(settings, {**asked, "email": f"more.{email}"})
    await _signs_in(window, settings, ADMINISTRATOR)
    for path in ("/desk/administration", "/desk/administration/registrations"):
        await window.open(path)
        await window.is_usable()
