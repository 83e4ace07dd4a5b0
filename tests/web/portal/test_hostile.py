"""What people type is shown as what they typed: markup, endless words, text from right to left, odd files."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from cast import Person
from visiting import FORM, HOME, Visit

MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}'
SHORT = '"><b onclick=x>{{7*7}}'
BIDI = "\u202egpj.exe \u05e9\u05dc\u05d5\u05dd"


class _Page(HTMLParser):
    """What a browser makes of a page: which elements with which attributes, and which text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.handlers: list[str] = []
        self.images: list[str | None] = []
        self.typed = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        self.typed += given.get("value") or ""
        if tag == "script":
            self.scripts.append(given.get("src"))
        if tag == "img":
            self.images.append(given.get("src"))

    def handle_data(self, data: str) -> None:
        self.typed += data


def _is_harmless(answer: httpx.Response, text: str) -> None:
    page = _Page(answer.text)
    assert page.handlers == []
    assert set(page.scripts) == {"/static/page.js", "/static/portal.js"}
    assert page.images == ["/static/mark.svg"]
    assert text[:15] in page.typed


@pytest.mark.parametrize("text", [MARKUP, BIDI, "w" * 10_000])
async def test_typed_into_every_field(ada_visits: Visit, ada: Person, text: str) -> None:
    fields = {
        "title": text[:160],
        "location": SHORT if text == MARKUP else text[:40],
        "instruction": text,
        "customer_reference": SHORT if text == MARKUP else text[:40],
        "reference_ticket": text[:20],
        "work": "Planned Work / Other",
    }
    _is_harmless(await ada_visits.post(f"{HOME}/tickets/new/preview", FORM | fields), text)
    _is_harmless(
        await ada_visits.post(f"{HOME}/tickets/new/preview", FORM | fields | {"site": text, "recipients": text}), text
    )
    number = await ada_visits.orders(**fields)
    assert (await ada_visits.post(f"{HOME}/tickets/{number}/comment", {"comment": text[:4096]})).status_code == 303
    name = re.sub(r"[\\/]", "", text[:100])
    await ada.attaches(number, b"<script>alert(1)</script>", name)
    for path in (
        "",
        "/tickets",
        f"/tickets/{number}",
        f"/tickets/{number}/print",
        f"/tickets/{number}/cancel",
        "/account",
    ):
        page = await ada_visits.get(f"{HOME}{path}")
        assert page.status_code == 200
        _is_harmless(page, text)
    _is_harmless(
        await ada_visits.post(f"{HOME}/tickets/{number}/edit", {"customer_reference": text, "recipients": text}), text
    )
    assert (await ada.ticket(number))["detailedInstruction"] == text


async def test_text_that_turns_stays_by_itself(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    await ada.attaches(number, b"x", BIDI)
    page = (await ada_visits.get(f"{HOME}/tickets/{number}")).text
    assert f"Ada Example attached \u2068{BIDI}\u2069" in page


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("page.html", b"<script>alert(1)</script>", "text/html"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        ("both.gif", b"GIF89a/*<script>*/=1;alert(1)//</script>", "image/gif"),
        ("x.xml", b"<?xml version='1.0'?><?xml-stylesheet href='x'?><a/>", "application/xml"),
    ],
)
async def test_odd_files_are_only_ever_downloads(
    ada_visits: Visit, ada: Person, name: str, content: bytes, media_type: str
) -> None:
    number = await ada.opens()
    answer = await ada_visits.post(f"{HOME}/tickets/{number}/files", files={"file": (name, content, media_type)})
    assert answer.status_code == 303
    (file,) = (await ada.get(f"/v1/attachments/{number}")).json()
    answer = await ada_visits.get(f"{HOME}/tickets/{number}/files/{file['id']}")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "address", ["/portal/%2e%2e/tickets", "/portal/<b>", "/portal/x/tickets", "/portal/%00", "/portal/" + "x" * 5000]
)
async def test_addresses_that_lead_nowhere(ada_visits: Visit, address: str) -> None:
    answer = await ada_visits.get(address)
    assert answer.status_code == 404
    assert "<b>" not in answer.text
