"""Browser windows, as people have them."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.async_api import Page

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
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))

    def _heard(self, kind: str, text: str) -> None:
        # What the policy for the content refuses, and what a script complains of. That a page answered with a refusal
        # is for the test to judge.
        if kind == "error" and "the server responded with a status" not in text:
            self.faults.append(f"console: {text}")

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.base}{path}")

    async def signs_in_as(self, kind: str) -> None:
        """Be one of the playground's people, by the front page's own button."""
        await self.open("/sign-in")
        await self.page.locator(f'form:has(input[name="kind"][value="{kind}"]) button').click()

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
