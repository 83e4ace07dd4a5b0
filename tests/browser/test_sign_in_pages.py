"""Signing in and out in a browser."""

import pytest

from windows import LOOKS, Window

KINDS = ["user", "account administrator", "technician", "dispatcher", "administrator"]


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_anybody_can_use_the_pages(window: Window) -> None:
    for path in ("/sign-in", "/password/forgotten", "/password/nothing"):
        await window.open(path)
        await window.is_usable()
    await window.signs_in_as("user")
    await window.open("/sessions")
    await window.is_usable()


@pytest.mark.parametrize("window", [{"java_script_enabled": False}, {}], indirect=True)
async def test_in_and_out(window: Window) -> None:
    for kind in KINDS:
        await window.signs_in_as(kind)
        await window.open("/sessions")
        await window.page.locator("details.menu summary").click()
        await window.press("Sign out")
        await window.open("/sessions")
        assert "/sign-in" in window.page.url


async def test_by_keyboard_alone(window: Window) -> None:
    await window.open("/sign-in")
    await window.page.keyboard.type("nobody@example.com")
    await window.page.keyboard.press("Tab")
    await window.page.keyboard.type("a password of somebody")
    await window.page.keyboard.press("Enter")
    fault = window.page.get_by_role("alert")
    await fault.wait_for()
    assert "Address or password is wrong." in await fault.inner_text()
    assert await window.page.evaluate("document.activeElement.id") == "faults"
    assert await window.page.get_by_label("E-mail address").input_value() == "nobody@example.com"
