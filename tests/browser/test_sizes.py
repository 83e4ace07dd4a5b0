"""What is pressed is large enough for a finger, and what stands between a phone and a desktop stands in order."""

import pytest
from playwright.async_api import expect

from windows import PHONE, Customer, Window

HOME = "/portal/0011A00001AaAB1ABC"
TABLET = {"viewport": {"width": 768, "height": 1024}}
TOUCH = 44
PAGES = [
    ("", ["/sign-in", "/password/forgotten", "/password/over", "/developer/register"]),
    (
        "account administrator",
        [
            HOME,
            f"{HOME}/tickets?createdBy=Ada",
            f"{HOME}/tickets/{{id}}",
            f"{HOME}/tickets/{{id}}/cancel",
            f"{HOME}/account",
            "/developer",
            "/developer/apps",
            "/developer/reference/createTicket",
            "/developer/try/createTicket",
        ],
    ),
    ("dispatcher", ["/desk?requestType=Planned+Work", "/desk/tickets/{id}"]),
    ("administrator", ["/desk/administration", "/desk/administration/sites", "/desk/administration/log"]),
]
SMALL = """() => [...document.querySelectorAll('main a, main button, main summary, main select, main input, .top a')]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches('.unseen, [type="hidden"]'))
  // A box to tick and its label are one; a link in a paragraph is as high as its line.
  .filter((one) => !one.matches('[type="checkbox"], [type="radio"]') && !one.closest('p:not(.small-text)'))
  // What covers the whole card is pressed anywhere on it.
  .map((one) => [one, getComputedStyle(one, '::after').position === 'absolute' ? one.closest('li, tr, div') : one])
  .map(([one, pressed]) => [one.textContent.trim() || one.name, pressed.getBoundingClientRect().height])
  .filter(([, height]) => height > 0 && height < %d)""" % (TOUCH - 0.5)  # noqa: UP031


@pytest.mark.parametrize(("kind", "paths"), PAGES)
@pytest.mark.parametrize("window", [PHONE], indirect=True)
async def test_what_is_pressed_is_high_enough(window: Window, orderer: Customer, kind: str, paths: list[str]) -> None:
    id_ = await orderer.opens(title="Look at the light")
    if kind:
        await window.signs_in_as(kind)
    for path in paths:
        await window.open(path.format(id=id_))
        await window.is_usable()
        assert await window.page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("window", [TABLET], indirect=True)
async def test_a_customers_pages_between_phone_and_desktop(window: Window, orderer: Customer) -> None:
    await orderer.opens(title="Look at the light", category="Existing cross connect or connectivity testing")
    page = window.page
    await window.signs_in_as("account administrator")
    await expect(page.locator("#standing .count")).to_have_count(5)
    tops = await page.locator("#standing .count").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(set(tops)) == 1, "the five counts stand in one row"
    for path in (HOME, f"{HOME}/tickets", f"{HOME}/account", "/developer"):
        await window.open(path)
        await window.is_usable()
        hidden = await page.locator(".areas").evaluate("nav => nav.scrollWidth - nav.clientWidth")
        assert hidden <= 0, f"the whole navigation is seen on {path}"


@pytest.mark.parametrize("window", [TABLET], indirect=True)
async def test_the_administrations_counts_fill_their_rows(window: Window) -> None:
    await window.signs_in_as("administrator")
    await window.open("/desk/administration")
    counts = window.page.locator("dl.counts .count")
    tops = await counts.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert [tops.count(top) for top in sorted(set(tops))] == [3, 3]
