"""A customer's day in a browser: with and without scripts, on a phone, by keyboard alone."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from cast import Server
from windows import LOOKS, PHONE, Window

HOME = "/portal/0011A00001AaAB1ABC"
WITH_AND_WITHOUT = [{**PHONE, "java_script_enabled": False}, PHONE, {}]


def _program(playground: Server, client_id: str, **headers: str) -> httpx.Client:
    """Return somebody's program, with a token."""
    world = (Path(playground.log.parent) / "data" / "playground.toml").read_text()
    secret = re.search(rf'client_id = "{client_id}"\nclient_secret = "([^"]+)"', world)
    assert secret
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret[1]}
    token = httpx.post(f"{playground.url}/v2/auth/token", data=form).json()["access_token"]
    return httpx.Client(base_url=playground.url, headers={"Authorization": f"Bearer {token}", **headers})


def _operator(playground: Server) -> httpx.Client:
    """Return the dispatcher's program."""
    return _program(playground, "playground-dora")


def _webhook(playground: Server) -> str:
    """Make a webhook of Ada's and return its id."""
    pair = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
    with _program(playground, "playground-ada", **pair) as ada:
        return str(ada.post("/api/webhooks", json={"url": "https://hooks.example.com/tickets"}).json()["id"])


async def _fills_in(window: Window, title: str) -> None:
    page = window.page
    await page.get_by_label("Site").select_option("PHX015")
    await (
        page.get_by_role("textbox", name="Location")
        .or_(page.get_by_role("combobox", name="Location"))
        .fill("Data Hall A, Cage 12")
    )
    await page.get_by_role("group", name="Urgent Work").get_by_label("Power cycle or reboot").check()
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Instruction").fill("Hold the button for ten seconds.\nDo not touch the one below.")
    await page.get_by_label("Who is told").fill("ops@example.com")


async def _orders(window: Window, title: str) -> str:
    """Order a ticket by the pages and return its number."""
    await window.open(f"{HOME}/tickets/new")
    await _fills_in(window, title)
    await window.press("Review the order")
    await window.press("Order this work")
    found = re.search(r"/tickets/(WO\d+)(\?done=ordered)?$", window.page.url)
    assert found, window.page.url
    return found[1]


@pytest.mark.parametrize("window", WITH_AND_WITHOUT, indirect=True)
async def test_a_customers_day(window: Window, playground: Server, tmp_path: Path) -> None:
    page = window.page
    photograph = tmp_path / "rack 7.txt"
    photograph.write_text("This stands for a photograph.")
    await window.signs_in_as("account administrator")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Example Ltd")
    await page.get_by_role("main").get_by_role("link", name="New ticket").click()
    await _fills_in(window, "Reboot the firewall")
    await window.press("Review the order")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Review the order")
    await expect(page.get_by_role("main")).to_contain_text("Data Hall A, Cage 12")
    await window.press("Change the order")
    await page.get_by_label("Title").fill("Reboot the firewall in rack 7")
    await window.press("Review the order")
    await page.get_by_label("Choose or drop files").set_input_files(photograph)
    await window.press("Order this work")
    await expect(page.get_by_role("status").first).to_contain_text("Ordered as WO")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Reboot the firewall in rack 7")
    await expect(page.get_by_role("link", name="rack 7.txt")).to_be_visible()
    number = re.search(r"WO\d+", page.url)
    assert number
    with _operator(playground) as operator:
        assert operator.post(f"/operator/v1/tickets/{number[0]}/start").status_code == 200
    await page.get_by_label("Write to the technician").fill("Please mind the step.")
    await window.press("Send")
    await expect(page.get_by_role("main")).to_contain_text("Dora Dispatcher began the work")
    await expect(page.get_by_text("Please mind the step.")).to_be_visible()
    await _changes_attaches_prints(window, photograph)
    await _calls_off(window)
    await _finds_again(window)
    await page.locator(".of-account summary").click()
    await page.get_by_role("link", name=re.compile("Example Labs")).click()
    await expect(page.get_by_role("main")).to_contain_text("There is no ticket yet.")
    await page.locator(".top details.menu summary").click()
    await window.press("Sign out")
    await window.open(HOME)
    assert "/sign-in" in page.url


async def _changes_attaches_prints(window: Window, photograph: Path) -> None:
    page = window.page
    await page.get_by_text("Change reference and recipients").click()
    await page.get_by_label("Your reference").fill("CHG-1042")
    await window.press("Save")
    await expect(page.get_by_role("main")).to_contain_text("CHG-1042")
    await page.get_by_label("Choose or drop files").set_input_files(photograph)
    await window.press("Attach")
    await expect(page.get_by_role("main")).to_contain_text("The files are on the ticket.")
    await page.get_by_role("link", name="Print view").click()
    await expect(page.get_by_role("main")).to_contain_text("SHA-256")
    await page.get_by_role("link", name="Back to the ticket").click()


async def _calls_off(window: Window) -> None:
    page = window.page
    await page.get_by_role("link", name="Cancel the ticket").click()
    await expect(page.get_by_role("main")).to_contain_text("The work has begun.")
    await page.get_by_label("Duplicate request").check()
    await window.press("Ask for the cancellation")
    await expect(page.get_by_role("main")).to_contain_text("Cancellation requested")


async def _finds_again(window: Window) -> None:
    page = window.page
    await page.get_by_role("navigation", name="Pages", exact=True).get_by_role("link", name="Tickets").click()
    await page.get_by_label("Status").select_option("Cancellation Requested")
    await window.press("Show")
    await expect(page.get_by_role("link", name="Reboot the firewall in rack 7").first).to_be_visible()
    async with page.expect_download() as sheet:
        await page.get_by_role("link", name="Download as CSV").click()
    assert "Reboot the firewall in rack 7" in (await (await sheet.value).path()).read_text(encoding="utf-8-sig")


async def test_a_file_that_is_refused_leaves_one_on_the_ticket(
    window: Window, playground: Server, tmp_path: Path
) -> None:
    page = window.page
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    await window.signs_in_as("account administrator")
    await window.open(f"{HOME}/tickets/new")
    await _fills_in(window, "Reboot the firewall")
    await window.press("Review the order")
    await expect(page.get_by_role("main")).to_contain_text("Choose files last")
    await page.get_by_label("Choose or drop files").set_input_files(empty)
    await window.press("Order this work")
    await expect(page.get_by_role("alert")).to_contain_text("One file is not on the ticket.")
    number = page.url.rpartition("/")[2]
    assert re.fullmatch(r"WO\d+", number), page.url
    with _operator(playground) as operator:
        assert operator.post(f"/operator/v1/tickets/{number}/start").status_code == 200
    await expect(page.locator("#stand")).to_contain_text("is working on it", timeout=15_000)
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.reload()
    assert page.url.endswith(f"/tickets/{number}")
    await expect(page.get_by_role("alert")).to_have_count(0)
    await expect(page.get_by_text("Ordered as")).to_have_count(0)


async def test_what_comes_from_an_earlier_visit_is_said_and_can_be_put_away(window: Window) -> None:
    page = window.page
    await window.signs_in_as("account administrator")
    await window.open(f"{HOME}/tickets/new")
    await expect(page.locator(".restored")).to_have_count(0)
    await _fills_in(window, "Half an idea")
    await window.open(HOME)
    await window.open(f"{HOME}/tickets/new")
    await expect(page.locator(".restored")).to_contain_text("This is what you began to write earlier.")
    await expect(page.get_by_label("Title")).to_have_value("Half an idea")
    await window.press("Start anew")
    await expect(page.locator(".restored")).to_have_count(0)
    await expect(page.get_by_label("Title")).to_have_value("")
    await window.open(f"{HOME}/tickets/new")
    await expect(page.get_by_label("Title")).to_have_value("")
    await expect(page.locator(".restored")).to_have_count(0)


async def test_what_was_done_is_said_once(window: Window) -> None:
    page = window.page
    await window.signs_in_as("account administrator")
    number = await _orders(window, "Reboot the firewall")
    await expect(page.get_by_text(f"Ordered as {number}")).to_be_visible()
    assert page.url.endswith(f"/tickets/{number}")
    await page.reload()
    await expect(page.get_by_text(f"Ordered as {number}")).to_have_count(0)


@pytest.mark.parametrize("window", LOOKS, indirect=True)
async def test_every_page_is_usable(window: Window, playground: Server) -> None:
    await window.signs_in_as("account administrator")
    number = await _orders(window, "A ticket to look at")
    for path in (
        "",
        "/tickets",
        "/tickets?status=Cancelled&createdBy=nobody",
        "/tickets/new",
        f"/tickets/{number}",
        f"/tickets/{number}/cancel",
        f"/tickets/{number}/print",
        "/account",
        f"/account/webhooks/{_webhook(playground)}",
    ):
        await window.open(f"{HOME}{path}")
        await window.is_usable()
    await window.open(f"{HOME}/tickets/new")
    await _fills_in(window, "x" * 160)
    await window.press("Review the order")
    await window.is_usable()
    await window.open(f"{HOME}/tickets/{number}")
    await window.page.get_by_text("Change reference and recipients").click()
    await window.page.get_by_label("Who is told").fill("no address")
    await window.press("Save")
    await window.is_usable()


@pytest.mark.parametrize("window", [{"color_scheme": "dark"}], indirect=True)
async def test_paper_is_white_in_the_dark_too(window: Window) -> None:
    await window.signs_in_as("account administrator")
    number = await _orders(window, "On paper")
    await window.open(f"{HOME}/tickets/{number}/print")
    await window.page.emulate_media(media="print", color_scheme="dark")
    ink = await window.page.evaluate("getComputedStyle(document.querySelector('dt')).color")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 128, ink
    await expect(window.page.get_by_role("link", name="Back to the ticket")).to_be_hidden()


async def test_the_questions_of_the_work_come_by_themselves(window: Window) -> None:
    page = window.page
    await window.signs_in_as("account administrator")
    await window.open(f"{HOME}/tickets/new")
    instruction = page.get_by_label("Instruction")
    await page.get_by_role("group", name="Urgent Work").get_by_label("KVM").check()
    await expect(instruction).to_have_value(re.compile("What to read, and what to type:"))
    await page.get_by_role("group", name="Planned Work").get_by_label("Tape swaps").check()
    await expect(instruction).to_have_value(re.compile("Slots or barcodes to take out:"))
    await instruction.fill("My own words")
    await page.get_by_role("group", name="Planned Work").get_by_label("Auditing").check()
    await expect(instruction).to_have_value("My own words")
    await page.get_by_label("Site").select_option("PHX015")
    await expect(page.locator("#locations option").first).to_have_attribute("value", "Data Hall A")
    await page.get_by_label("Site").select_option("IAD024")
    await expect(page.locator("#locations option").first).to_have_attribute("value", "Floor 1, Suite 150")


async def test_what_is_typed_outlives_the_tab_and_the_session(window: Window) -> None:
    page = window.page
    await window.signs_in_as("account administrator")
    await window.open(f"{HOME}/tickets/new")
    await _fills_in(window, "Half of a ticket")
    await page.reload()
    await expect(page.get_by_label("Title")).to_have_value("Half of a ticket")
    await expect(page.get_by_label("Who is told")).to_have_value("ops@example.com")
    await expect(page.get_by_label("Power cycle or reboot")).to_be_checked()
    await page.context.clear_cookies()
    await window.press("Review the order")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are no longer signed in.")
    other = Window(await page.context.new_page(), window.base)
    await other.signs_in_as("account administrator")
    await window.press("Send it again")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Review the order")
    await expect(page.get_by_role("main")).to_contain_text("Half of a ticket")
    await window.press("Order this work")
    await expect(page.get_by_role("status").first).to_contain_text("Ordered as WO")
    await window.open(f"{HOME}/tickets/new")
    await expect(page.get_by_label("Title")).to_have_value("")


async def test_a_ticket_that_is_open_is_live(window: Window, playground: Server) -> None:
    await window.signs_in_as("account administrator")
    number = await _orders(window, "Watch this one")
    await window.page.get_by_label("Write to the technician").fill("half a sent")
    with _operator(playground) as operator:
        assert operator.post(f"/operator/v1/tickets/{number}/start").status_code == 200
        await expect(window.page.locator("#stand")).to_contain_text("In progress", timeout=15_000)
        await expect(window.page.locator("#timeline")).to_contain_text("Dora Dispatcher began the work")
        await expect(window.page.get_by_label("Write to the technician")).to_have_value("half a sent")
        assert operator.post(f"/operator/v1/tickets/{number}/complete").status_code == 200
    await expect(window.page.locator("#stand")).to_contain_text("Completed", timeout=15_000)
    await expect(window.page.locator("[data-live]")).to_have_count(0)
    for over in ("Attach", "Cancel the ticket"):
        await expect(window.page.get_by_text(over, exact=True)).to_be_hidden()
    await expect(window.page.get_by_text("Change reference and recipients")).to_be_hidden()
    await expect(window.page.get_by_label("Write to the technician")).to_have_value("half a sent")
    await expect(window.page.get_by_label("Write to the technician")).to_be_visible()


async def test_a_file_is_dropped_and_a_large_one_is_said_before_it_is_sent(window: Window) -> None:
    await window.signs_in_as("account administrator")
    await _orders(window, "With a file")
    await expect(window.page.locator("[data-drop]")).to_be_visible()
    drop = """([name, size]) => {
        const all = new DataTransfer();
        all.items.add(new File([new Uint8Array(size)], name));
        const place = document.querySelector("[data-drop]");
        place.dataset.most = "1000";
        place.dispatchEvent(new DragEvent("drop", { dataTransfer: all, bubbles: true, cancelable: true }));
    }"""
    await window.page.evaluate(drop, ["plan.pdf", 900])
    await expect(window.page.locator(".chosen")).to_have_text("plan.pdf")
    await window.page.evaluate(drop, ["large.bin", 1001])
    await expect(window.page.locator(".chosen .fault")).to_contain_text("This file is larger than is allowed.")


@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_a_phone_takes_a_photograph(window: Window, tmp_path: Path) -> None:
    photograph = tmp_path / "image.jpg"
    photograph.write_bytes(b"what a camera gives")
    await window.signs_in_as("account administrator")
    await _orders(window, "Photographed")
    camera = window.page.get_by_label("Or take a photograph")
    await expect(camera).to_have_attribute("capture", "environment")
    await camera.set_input_files(photograph)
    await expect(window.page.locator(".chosen")).to_have_text("image.jpg")
    await window.press("Attach")
    await expect(window.page.get_by_role("link", name="image.jpg")).to_be_visible()


async def test_by_keyboard_alone(window: Window) -> None:
    page, press = window.page, window.page.keyboard.press
    await window.signs_in_as("account administrator")
    await window.open(f"{HOME}/tickets/new")
    await press("Tab")
    await expect(page.locator(":focus")).to_have_text("To the content")
    await press("Enter")
    await press("Tab")
    await page.keyboard.type("PHX")
    await press("Tab")
    await page.keyboard.type("Cage 12")
    await press("Tab")
    await press("ArrowDown")
    await press("Tab")
    await page.keyboard.type("By keyboard")
    await press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("Instruction: answer the questions, or empty the field.")
    assert await page.evaluate("document.activeElement.id") == "faults"
    await expect(page.get_by_label("Title")).to_have_value("By keyboard")
    await press("Tab")
    await press("Enter")
    await expect(page.locator(":focus")).to_have_attribute("id", "f-instruction")
    await press("Control+a")
    await page.keyboard.type("What it says in the title.")
    for _ in range(4):
        await press("Tab")
    await expect(page.locator(":focus")).to_have_text("Review the order")
    await press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Review the order")
