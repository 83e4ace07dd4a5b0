"""Takes the pictures of the main pages that stand in the README and in `docs/`; `make pictures` runs it.

A playground is started and filled as a day would, and Debian's Chromium looks at it.
"""

import asyncio
import io
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.async_api import Browser, async_playwright

from cast import Server
from windows import OPTIONS, PROGRAM, Window

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
ACCOUNT = "0011A00001AaAB1ABC"
PAIR = {"Master-Account-Id": "100123", "Account-Id": ACCOUNT}
COLOURS = 128
TICKETS = [
    ("Reboot the firewall in rack 7", "Urgent Work", "Power cycle or reboot", "Data Hall A, Cage 12"),
    ("Swap the tapes of the week", "Planned Work", "Tape swaps", "Data Hall A"),
    ("Move the patch to switch 2", "Planned Work", "Customer premise cabling", "Data Hall A, Cage 12"),
]
INSTRUCTION = """\
Device: firewall fw-1, label FW-1 on the front.
Where: rack 7, unit 12.
What to do: hold the power button for ten seconds, wait a minute, press it again.
Do not touch: the patch panel in unit 11; it is live.
How to know that it worked: the light beside port 1 turns green within five minutes.
"""


class Program:
    """Somebody's program, signed in with the playground's own credential."""

    def __init__(self, server: Server, world: dict[str, Any], client_id: str, headers: dict[str, str]) -> None:
        [secret] = [app["client_secret"] for app in world["apps"] if app["client_id"] == client_id]
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        token = httpx.post(f"{server.url}/v2/auth/token", data=form).json()["access_token"]
        self._client = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}", **headers})

    def post(self, path: str, body: Any = None) -> Any:
        """Send something, and return what is answered."""
        answer = self._client.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def attach(self, id_: str, name: str, content: bytes) -> None:
        """Attach a photograph."""
        query = {"requestId": id_, "file_name": name}
        self._client.post(
            "/v1/attachments", params=query, files={"file": (name, content, "image/jpeg")}
        ).raise_for_status()


def photograph() -> bytes:
    """Return a picture that stands for one of a rack."""
    picture = Image.new("RGB", (1200, 900), (36, 44, 41))
    for unit in range(14):
        shade = 70 + 8 * (unit % 4)
        picture.paste((shade, shade + 6, shade + 3), (160, 40 + unit * 60, 1040, 88 + unit * 60))
        picture.paste((120, 220, 150) if unit != 5 else (240, 180, 60), (980, 56 + unit * 60, 1008, 72 + unit * 60))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()


def lived(server: Server, data: Path) -> str:
    """Have a day of the desk, and return the ticket that is looked at."""
    world = tomllib.loads((data / "playground.toml").read_text(encoding="utf-8"))
    ada = Program(server, world, "playground-ada", PAIR)
    dora = Program(server, world, "playground-dora", {})
    tom = Program(server, world, "playground-tom", {})
    ids = []
    for title, request_type, category, location in TICKETS:
        opened = {"title": title, "site": "PHX015", "location": location, "requestType": request_type}
        more = {"category": category, "detailedInstruction": INSTRUCTION, "customerReference": "CHG-1042"}
        ids.append(ada.post("/v1/remotehands-tickets", {**opened, **more})["id"])
    first = ids[0]
    tom.post(f"/operator/v1/tickets/{first}/start")
    tom.post(
        f"/operator/v1/tickets/{first}/comments",
        {"comment": "I am at rack 7 and see the label FW-1.", "internal": False},
    )
    dora.post(
        f"/operator/v1/tickets/{first}/comments", {"comment": "The panel below is live: take care.", "internal": True}
    )
    ada.attach(first, "rack-7.jpg", photograph())
    ada.post("/v1/comments", {"requestId": first, "comment": "Thank you. Unit 12, please, not 11."})
    return str(first)


async def take(browser: Browser, server: Server, kind: str, path: str, name: str, **look: Any) -> None:
    """Look at a page as one of the playground's people, and keep what is seen."""
    context = await browser.new_context(**look)
    window = Window(await context.new_page(), server.url)
    if kind:
        await window.signs_in_as(kind)
    await window.open(path)
    await window.page.wait_for_timeout(300)
    seen = Image.open(io.BytesIO(await window.page.screenshot()))
    # Few colours: the pages have few, and the pictures are kept in the repository.
    seen.convert("RGB").quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)
    await context.close()
    assert window.faults == [], window.faults


async def take_all(server: Server, ticket: str) -> None:
    """Take every picture."""
    desktop = {"viewport": {"width": 1280, "height": 860}}
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    PICTURES.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=OPTIONS)
        home = f"/portal/{ACCOUNT}"
        administrator = "account administrator"
        await take(browser, server, "", "/", "front", **desktop)
        await take(browser, server, administrator, home, "portal-home", **desktop)
        await take(browser, server, administrator, f"{home}/tickets/new", "portal-new", **desktop)
        await take(browser, server, administrator, f"{home}/tickets/{ticket}", "portal-ticket", **desktop)
        await take(browser, server, "dispatcher", "/desk", "desk-queue", **desktop, color_scheme="dark")
        await take(browser, server, "technician", f"/desk/tickets/{ticket}", "desk-phone", **phone)
        await take(browser, server, administrator, "/developer/start", "developer-start", **desktop)
        await browser.close()


def main() -> None:
    """Start a playground, fill it, and take the pictures."""
    with tempfile.TemporaryDirectory(prefix="remotehands-pictures-") as folder:
        data = Path(folder) / "data"
        settings = {"REMOTEHANDS_DATA": str(data), "REMOTEHANDS_ROBOT_SECONDS": "3600", "REMOTEHANDS_MIN_FREE": "1000"}
        server = Server(settings, "--playground")
        try:
            server.wait_until_ready()
            made_up = [sys.executable, "-m", "remotehandsd", "fabricate", "--tickets", "1500", "--into", ACCOUNT]
            subprocess.run(made_up, env=settings, check=True, capture_output=True)
            asyncio.run(take_all(server, lived(server, data)))
        finally:
            server.kill()


if __name__ == "__main__":
    main()
