"""The front page in a browser."""

import pytest
from playwright.async_api import expect

from windows import LOOKS, Window


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_anybody_can_use_it(window: Window) -> None:
    await window.open("/")
    await window.is_usable()


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_who_is_signed_in_reads_it_and_can_leave(window: Window) -> None:
    await window.signs_in_as("account administrator")
    await window.open("/")
    await expect(window.page.locator("main")).to_contain_text(
        "You are signed in as Ada Example, ada@example.com, in Playground."
    )
    await window.is_usable()
    await window.press("Sign out")
    await window.open("/")
    await expect(window.page.locator("main")).not_to_contain_text("You are signed in")
