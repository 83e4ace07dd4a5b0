"""People of the cast at the desk's pages: each with a browser's cookie of his own."""

import io
import re
import secrets
from typing import Any

import httpx
from PIL import Image

from remotehandsd.house import House
from signing import signs_in, with_password

OURS = {"Sec-Fetch-Site": "same-origin"}


class AtDesk:
    """Somebody's browser: forms are sent as our own pages send them."""

    def __init__(self, web: httpx.AsyncClient, secret: str = "", environment: str = "playground") -> None:
        self.web = web
        self.environment = environment
        self.headers = {"Cookie": f"remotehands={secret}"} if secret else {}

    async def get(self, path: str) -> httpx.Response:
        return await self.web.get(path, headers=self.headers)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        data = {"_environment": self.environment, "_once": secrets.token_urlsafe(9), **fields}
        return await self.web.post(path, data=data, headers=self.headers | OURS)

    async def sends(self, id_: str, *files: tuple[str, bytes, str], kind: str = "photograph") -> httpx.Response:
        """Send files by the ticket's form."""
        return await self.web.post(
            f"/desk/tickets/{id_}/files",
            data={"_environment": self.environment, "_once": secrets.token_urlsafe(9), "kind": kind},
            files=[("file", file) for file in files],
            headers=self.headers | OURS,
        )

    async def sees(self, id_: str) -> str:
        """Return a ticket's page."""
        answer = await self.get(f"/desk/tickets/{id_}")
        assert answer.status_code == 200, answer.text
        return answer.text


async def at_desk(web: httpx.AsyncClient, house: House, email: str, environment: str = "playground") -> AtDesk:
    """Sign somebody in."""
    await with_password(house, email)
    return AtDesk(web, await signs_in(house, email), environment)


def offers(page: str, action: str) -> bool:
    """Tell whether a page has a form that leads to an action."""
    return bool(re.search(rf'action="/desk/tickets/WO\d+/{action}"', page))


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """Return a photograph of nothing in particular."""
    made = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(made, kind, **more)
    return made.getvalue()
