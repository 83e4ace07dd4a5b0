"""A real browser, Debian's Chromium, in front of a server as a user starts it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from benchmarks.debian import install
from playwright.async_api import Browser, BrowserContext, async_playwright

from cast import Server
from windows import Window

PACKAGE, PROGRAM = "chromium", "/usr/bin/chromium"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have all tests of this folder run in one loop: the browser lives in it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


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
