"""A real browser, Debian's Chromium, in front of a server as a user starts it; and windows, as people have them."""

import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import httpx
import pytest
import pytest_asyncio
from benchmarks.debian import install
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from cast import Server

PACKAGE, PROGRAM = "chromium", "/usr/bin/chromium"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
LOOKS = [{**size, "color_scheme": scheme} for size in (PHONE, DESKTOP) for scheme in ("light", "dark")]
"""Every page is looked at in each of these."""


class Window:
    """Somebody's browser window: what goes wrong in it is a failure of the test."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.faults: list[str] = []
        self.is_offline = False
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _heard(self, kind: str, text: str) -> None:
        # What the policy for the content refuses, and what a script complains of. That a page answered with a refusal
        # is for the test to judge.
        # Where a test takes the network away, the browser complains of just that.
        is_network = self.is_offline and "net::ERR_" in text
        if kind == "error" and "the server responded with a status" not in text and not is_network:
            self.faults.append(f"console: {text}")

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.base}{path}")

    async def signs_in_as(self, kind: str) -> None:
        """Be one of the playground's people, by the front page's own button."""
        await self.open("/sign-in")
        await self.page.locator(f'form:has(input[name="kind"][value="{kind}"]) button').click()

    async def signs_out(self) -> None:
        await self.page.locator("details.menu summary").first.click()
        await self.press("Sign out")

    async def press(self, name: str, role: Any = "button") -> None:
        await self.page.get_by_role(role, name=name).first.click()

    async def is_usable(self) -> None:
        """Look for what keeps people out: axe's serious and critical findings, and a page wider than the window."""
        await self.page.evaluate(AXE)
        found = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        bad = [
            f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:3]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert bad == [], self.page.url
        wide = await self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, installed where it can be."""
    why = "" if shutil.which(PROGRAM) else install(PACKAGE)
    if not shutil.which(PROGRAM):
        pytest.skip(f"{PROGRAM} is needed: apt-get install {PACKAGE} ({why})")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=OPTIONS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`remotehandsd serve --playground`, whose robot leaves time for people."""
    settings = {
        "REMOTEHANDS_DATA": str(tmp_path_factory.mktemp("playground") / "data"),
        "REMOTEHANDS_MIN_FREE": "1000",
        "REMOTEHANDS_ROBOT_SECONDS": "3600",
    }
    server = Server(settings, "--playground")
    server.wait_until_ready()
    yield server
    server.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, playground: Server, request: pytest.FixtureRequest) -> AsyncIterator[Window]:
    """One window; `@pytest.mark.parametrize("window", [...], indirect=True)` gives it a context's own options."""
    context: BrowserContext = await browser.new_context(**getattr(request, "param", {}))
    window = Window(await context.new_page(), playground.url)
    yield window
    await context.close()
    assert window.faults == []


class Customer:
    """A customer's program, with the playground's own credential."""

    def __init__(self, web: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._web = web
        self._headers = headers

    async def opens(self, **fields: str) -> str:
        """Order planned work at PHX015 and return the ticket's id."""
        wanted = {"title": "Label the cables", "site": "PHX015", "requestType": "Planned Work", "category": "Auditing"}
        answer = await self._web.post("/v1/remotehands-tickets", json=wanted | fields, headers=self._headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def ticket(self, id_: str) -> dict[str, Any]:
        return dict((await self._web.get(f"/v1/remotehands-tickets/{id_}", headers=self._headers)).json())

    async def cancels(self, id_: str) -> None:
        answer = await self._web.put(f"/v1/remotehands-tickets/{id_}/cancel", json={}, headers=self._headers)
        assert answer.status_code == 200, answer.text

    async def comments(self, id_: str, text: str) -> None:
        body = {"requestId": id_, "comment": text}
        assert (await self._web.post("/v1/comments", json=body, headers=self._headers)).status_code == 200

    async def files(self, id_: str) -> list[str]:
        """Return the names of a ticket's files, oldest first."""
        answer = await self._web.get(f"/v1/attachments/{id_}", headers=self._headers)
        return [file["filename"] for file in answer.json()]


@pytest_asyncio.fixture(loop_scope="session")
async def orderer(playground: Server) -> AsyncIterator[Customer]:
    """Somebody who orders work in the playground while others look at the pages."""
    async with httpx.AsyncClient(base_url=playground.url) as web:
        credential = re.findall(
            r"^  (?:client id|client secret|Master-Account-Id|Account-Id) +(\S+)$", playground.output, re.M
        )
        client_id, secret, master, account = credential
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        token = (await web.post("/v2/auth/token", data=form)).json()["access_token"]
        yield Customer(web, {"Authorization": f"Bearer {token}", "Master-Account-Id": master, "Account-Id": account})
