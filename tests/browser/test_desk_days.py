"""Days at the desk in a browser: a technician's on a phone, a dispatcher's by keyboard, and photographs in a dead spot."""

import asyncio
import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Page, Route, expect

from cast import Server
from windows import DESKTOP, LOOKS, PHONE, Customer, Window

TITLE = "Reseat the optic"


def picture(shade: int, kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((800, 600)).point(lambda value: (value + shade) % 256).save(made, kind)
    return made.getvalue()


def photograph(name: str, shade: int) -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(shade)}


async def is_done(page: Page, words: str) -> None:
    """Wait until a page says that something was done."""
    await expect(page.locator(".notice")).to_contain_text(words)


@pytest.mark.parametrize("window", [PHONE | {"java_script_enabled": False}, PHONE], indirect=True)
async def test_a_technicians_day_on_a_phone(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} by phone")
    page = window.page
    await window.signs_in_as("technician")
    await window.open("/desk")
    await page.locator(f"#row-{id_[2:]} a").click()
    await expect(page.locator("h1")).to_contain_text("PHX015")
    await page.locator("#work button", has_text="Take it").click()
    await is_done(page, "You have this ticket now.")
    await page.locator(".thumb-bar button", has_text="Start").click()
    await is_done(page, "The work has begun")
    no_photograph = page.get_by_text("No photograph is attached yet.")
    await expect(no_photograph).to_be_visible()
    # Who types into a part of the page keeps it from being fetched anew.
    await page.locator("#f-minutes").fill("7")
    await page.locator("#f-photograph").set_input_files([photograph("rack.jpg", 1), photograph("port.jpg", 2)])
    send = page.locator("#photograph button")
    if await send.is_visible():
        await send.click()
        await is_done(page, "It is attached.")
    await expect(page.locator("#kept li")).to_have_count(2)
    await expect(no_photograph).to_have_count(0)
    await page.locator("#f-comment").fill("I am at the rack.")
    await page.locator("#comment button").click()
    await is_done(page, "Your comment is with the customer.")
    await page.locator("details.note summary").click()
    await page.locator("#f-note").fill("The key is with security.")
    await page.locator("details.note button").click()
    await is_done(page, "Only the desk sees it.")
    await page.locator(".thumb-bar a", has_text="Complete").click()
    await page.locator("#f-minutes").fill("12")
    await page.locator("#f-told").fill("The light is green.")
    await page.locator("#complete button").click()
    await is_done(page, "It is completed.")
    ticket = await orderer.ticket(id_)
    assert ticket["status"] == "Completed"
    assert [one["comment"] for one in ticket["comments"]] == ["I am at the rack.", "The light is green."]
    assert sorted(await orderer.files(id_)) == ["port.jpg", "rack.jpg"]
    await page.locator("details.menu summary").click()
    await window.press("Sign out")
    await window.open("/desk")
    assert "/sign-in" in page.url


@pytest.mark.parametrize("window", [DESKTOP], indirect=True)
async def test_a_dispatchers_day_by_keyboard(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} by keyboard")
    page = window.page
    await window.signs_in_as("dispatcher")
    await window.open("/desk")
    keyboard = page.keyboard
    await _has_keys(page)
    await keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()
    await keyboard.press("Escape")
    await expect(page.locator("#keys")).not_to_be_visible()
    await _find_by_keys(page, id_)
    await expect(page.locator("h1")).to_contain_text("by keyboard")
    await _has_keys(page)
    await page.keyboard.press("c")
    await keyboard.type("We are on it: j k o u.")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await is_done(page, "Your comment is with the customer.")
    await _tab_to(page, "summary", "Hand over")
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await keyboard.type("Tom")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await is_done(page, "It is handed over.")
    await expect(page.locator("#stand")).to_contain_text("Tom Technician")
    await orderer.cancels(id_)
    await page.reload()
    await expect(page.locator("#asked")).to_contain_text("The customer asks to cancel this.")
    await expect(page.locator(".thumb-bar a").first).to_have_text("Decide")
    await _tab_to(page, "textarea", "")
    await keyboard.type("Too late, it is done.")
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await is_done(page, "The work goes on.")
    await _has_keys(page)
    await keyboard.press("u")
    await expect(page.locator("h1")).to_have_text("Queue")
    ticket = await orderer.ticket(id_)
    assert ticket["status"] == "New"
    assert [one["comment"] for one in ticket["comments"]] == ["We are on it: j k o u.", "Too late, it is done."]


async def _find_by_keys(page: Page, id_: str) -> None:
    """Move in the queue, search for a ticket, and open it."""
    keyboard = page.keyboard
    await keyboard.press("j")
    first = await page.evaluate("document.activeElement.getAttribute('href')")
    await keyboard.press("j")
    await keyboard.press("k")
    assert await page.evaluate("document.activeElement.getAttribute('href')") == first
    await keyboard.press("/")
    await keyboard.type(id_)
    await keyboard.press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await _has_keys(page)
    await keyboard.press("j")
    await keyboard.press("o")


async def _has_keys(page: Page) -> None:
    """Wait until the page's script is there: its hint tells so."""
    await expect(page.locator(".keys-hint")).to_be_visible()


async def _tab_to(page: Page, tag: str, words: str) -> None:
    """Press Tab until something is focused."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        found = await page.evaluate("[document.activeElement.localName, document.activeElement.innerText]")
        if found[0] == tag and words in (found[1] or ""):
            return
    raise AssertionError(f"Tab does not lead to {tag} {words}")


@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_photographs_in_a_dead_spot(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} in the cellar")
    page = window.page
    await window.signs_in_as("technician")
    await window.open(f"/desk/tickets/{id_}")
    window.is_offline = True
    await page.context.set_offline(True)
    await page.locator("#f-photograph").set_input_files([photograph("one.jpg", 1), photograph("two.jpg", 2)])
    unsent = page.locator("#unsent")
    await expect(unsent.get_by_text("is kept here and sent when the network is back")).to_have_count(2)
    assert await orderer.files(id_) == []
    await page.context.set_offline(False)
    await expect(page.locator("#kept li")).to_have_count(2)
    await expect(unsent).to_be_hidden()
    assert sorted(await orderer.files(id_)) == ["one.jpg", "two.jpg"]
    await page.reload()
    await expect(unsent).to_be_hidden()
    assert sorted(await orderer.files(id_)) == ["one.jpg", "two.jpg"], "exactly once"


@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_a_photograph_waits_until_one_signs_in_again(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} after the shift")
    page = window.page
    await window.signs_in_as("technician")
    await window.open(f"/desk/tickets/{id_}")
    await page.context.clear_cookies()
    long = f"{'a-name-that-does-not-end-' * 5}.jpg"
    await page.locator("#f-photograph").set_input_files([photograph(long, 1)])
    unsent = page.locator("#unsent")
    await expect(unsent).to_contain_text("is kept here until you sign in again")
    await window.is_usable()
    lines = await unsent.evaluate("panel => panel.scrollWidth - panel.clientWidth")
    assert lines <= 0, "a long name stays within the panel"
    async with page.context.expect_page() as opened:
        await unsent.get_by_role("link", name="Sign in, in a new tab").click()
    other = Window(await opened.value, window.base)
    await other.signs_in_as("technician")
    await other.page.close()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator("#kept li")).to_have_count(1)
    await expect(unsent).to_be_hidden()
    assert await orderer.files(id_) == [long]


@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_a_photograph_outlives_its_page(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} and the battery is empty")
    await window.signs_in_as("technician")
    await window.open(f"/desk/tickets/{id_}")
    window.is_offline = True
    context = window.page.context
    await context.set_offline(True)
    await window.page.locator("#f-photograph").set_input_files([photograph("late.jpg", 7)])
    await expect(window.page.locator("#unsent")).to_contain_text("late.jpg is kept here")
    await window.page.close()
    await context.set_offline(False)
    again = Window(await context.new_page(), window.base)
    # On the queue, too: whatever page of the desk is opened next sends it.
    await again.open("/desk")
    await _until(orderer, id_, ["late.jpg"])
    await expect(again.page.locator("#unsent")).to_be_hidden()
    assert again.faults == []


@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_an_answer_that_was_lost_doubles_nothing(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} between two cells")
    page = window.page
    await window.signs_in_as("technician")
    await window.open(f"/desk/tickets/{id_}")
    window.is_offline = True
    arrived = 0

    async def lose_the_answer(route: Route) -> None:
        nonlocal arrived
        arrived += 1
        if arrived == 1:
            await route.fetch(max_redirects=0)
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/files", lose_the_answer)
    await page.locator("#f-photograph").set_input_files([photograph("once.jpg", 3)])
    await expect(page.locator("#unsent")).to_contain_text("once.jpg is kept here")
    assert await orderer.files(id_) == ["once.jpg"], "it had arrived"
    async with page.expect_response("**/files"):
        await page.reload()
    await expect(page.locator("#unsent")).to_be_hidden()
    assert arrived == 2
    assert await orderer.files(id_) == ["once.jpg"]


@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_a_photograph_that_is_none_is_not_lost_silently(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} by a strange camera")
    page = window.page
    await window.signs_in_as("technician")
    await window.open(f"/desk/tickets/{id_}")
    strange: Any = {"name": "strange.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
    await page.locator("#f-photograph").set_input_files([strange, photograph("good.jpg", 4)])
    unsent = page.locator("#unsent")
    await expect(unsent).to_contain_text("strange.jpg was not taken:")
    await expect(page.locator("#kept li")).to_have_count(1)
    await page.reload()
    await expect(unsent).to_contain_text("strange.jpg was not taken:")
    await window.is_usable()
    page.once("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
    await unsent.get_by_role("button", name="Remove").click()
    await expect(unsent).to_be_hidden()
    await page.reload()
    await expect(unsent).to_be_hidden()
    assert await orderer.files(id_) == ["good.jpg"]


async def _until(orderer: Customer, id_: str, expected: list[str]) -> None:
    for _ in range(100):
        if await orderer.files(id_) == expected:
            return
        await asyncio.sleep(0.1)
    assert await orderer.files(id_) == expected


@pytest.mark.parametrize("window", [DESKTOP], indirect=True)
async def test_the_queue_is_fresh_and_moves_nothing_that_is_focused(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} under the finger")
    page = window.page
    await window.signs_in_as("dispatcher")
    await window.open("/desk")
    line = page.locator(f"#row-{id_[2:]} a")
    await line.focus()
    where = await line.bounding_box()
    # Urgent work comes above it.
    urgent = {"requestType": "Urgent Work", "category": "Power cycle or reboot"}
    other = await orderer.opens(title=f"{TITLE} and another one", **urgent)
    await expect(page.locator(f"#row-{other[2:]}")).to_be_visible(timeout=15_000)
    assert await page.evaluate("document.activeElement.getAttribute('href')") == f"/desk/tickets/{id_}"
    now = await line.bounding_box()
    assert where
    assert now
    assert abs(where["y"] - now["y"]) <= 1
    assert await page.locator("#changed").inner_text() == "The queue has changed."
    await orderer.cancels(other)
    await expect(page.locator(f"#row-{other[2:]}")).to_contain_text("Cancellation requested", timeout=15_000)
    again = await line.bounding_box()
    assert again
    assert abs(where["y"] - again["y"]) <= 1


@pytest.mark.parametrize("window", [DESKTOP], indirect=True)
async def test_a_ticket_is_fresh_and_takes_nothing_that_was_typed(window: Window, orderer: Customer) -> None:
    id_ = await orderer.opens(title=f"{TITLE} while one types")
    page = window.page
    await window.signs_in_as("technician")
    await window.open(f"/desk/tickets/{id_}")
    await page.locator("#work button", has_text="Start work").click()
    await is_done(page, "The work has begun")
    await page.locator("#f-minutes").fill("33")
    await page.locator("#f-told").fill("Half a sentence")
    await page.locator("#f-comment").fill("Another half")
    await page.locator("h1").click()
    await orderer.comments(id_, "Which one is it?")
    await orderer.cancels(id_)
    await expect(page.locator("#timeline")).to_contain_text("Which one is it?", timeout=15_000)
    await expect(page.locator("#asked")).to_contain_text("The customer asks to cancel this.")
    assert await page.locator("#f-minutes").input_value() == "33"
    assert await page.locator("#f-told").input_value() == "Half a sentence"
    assert await page.locator("#f-comment").input_value() == "Another half"
    await page.reload()
    assert await page.locator("#f-comment").input_value() == "Another half", "the draft is kept in the browser"


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_anybody_can_use_the_pages(window: Window, orderer: Customer, playground: Server) -> None:
    assert playground.url == window.base
    page = window.page
    id_ = await orderer.opens(title="A" * 160, location="B" * 40, detailedInstruction="C" * 2000 + "\nshort")
    asked = await orderer.opens(title=f"{TITLE}, or rather not")
    await orderer.cancels(asked)
    await window.signs_in_as("technician")
    await window.open("/desk?site=PHX015")
    await window.is_usable()
    await window.open(f"/desk/tickets/{id_}")
    await window.is_usable()
    await page.locator("#work button", has_text="Start work").click()
    await is_done(page, "The work has begun")
    await page.locator("#f-photograph").set_input_files([photograph("a-very-long-name-" * 10 + ".jpg", 5)])
    await expect(page.locator("#kept li")).to_have_count(1)
    await page.locator("details.note summary").click()
    await page.locator("#f-note").fill("D" * 3000)
    await page.locator("details.note button").click()
    await is_done(page, "Only the desk sees it.")
    await window.is_usable()
    await page.locator("a.entry-correct").first.click()
    await expect(page.locator("h1")).to_have_text("Correct the time")
    await window.is_usable()
    await page.locator("#f-reason").fill(" ")
    await page.locator("main form button").click()
    await expect(page.locator("#faults")).to_be_focused()
    await window.is_usable()
    await window.open(f"/desk/tickets/{asked}")
    await window.is_usable()
    await window.signs_out()
    await window.signs_in_as("dispatcher")
    for address in (f"/desk/tickets/{asked}", "/desk?q=nothing+at+all", "/desk?status=Old", "/desk/tickets/WO9"):
        await window.open(address)
        await window.is_usable()
    await window.open(f"/desk/tickets/{id_}")
    await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    await window.is_usable()
    await page.locator("#f-minutes").fill("0")
    await page.locator("#complete button").click()
    await expect(page.locator("#faults")).to_be_visible()
    await window.is_usable()


async def test_a_code_on_the_screen_opens_the_ticket_on_a_phone(window: Window, orderer: Customer) -> None:
    number = await orderer.opens()
    await window.signs_in_as("dispatcher")
    await window.open(f"/desk/tickets/{number}")
    code = window.page.get_by_role("img", name="Open this ticket on a phone")
    await expect(code).to_have_count(0)
    # Every name below localhost is this machine; the server takes it for one that a phone could reach.
    window.base = window.base.replace("127.0.0.1", "hands.localhost")
    await window.signs_in_as("dispatcher")
    await window.open(f"/desk/tickets/{number}")
    for scheme in ("light", "dark"):
        await window.page.emulate_media(color_scheme=scheme)
        picture = Image.open(io.BytesIO(await code.screenshot()))
        [read] = zxingcpp.read_barcodes(picture)
        assert read.text == f"{window.base}/desk/tickets/{number}"
    await window.page.emulate_media(media="print")
    await expect(code).to_be_visible()
    await window.page.emulate_media(media="screen")
    await window.page.set_viewport_size({"width": 390, "height": 800})
    await expect(code).to_be_hidden()
