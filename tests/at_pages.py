"""People of the cast in front of pages, each with a cookie of his own; forms sent as our own pages send them."""

import re
import secrets
from typing import Any

import httpx

from remotehandsd import people
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from signing import PASSWORD, signs_in, with_password

OURS = {"Sec-Fetch-Site": "same-origin"}
TAGS = re.compile(r"<[^>]*>")


class AtPages:
    """Somebody's browser."""

    def __init__(self, web: httpx.AsyncClient, secret: str = "", environment: str = "playground") -> None:
        self.web = web
        self.environment = environment
        self.headers = {"Cookie": f"remotehands={secret}"} if secret else {}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.web.get(path, headers=self.headers, **more)

    async def post(
        self, path: str, fields: dict[str, str] | None = None, *, files: Any = None, **more: str
    ) -> httpx.Response:
        data = {"_environment": self.environment, "_once": secrets.token_urlsafe(9), **(fields or {}), **more}
        return await self.web.post(path, data=data, files=files, headers=self.headers | OURS)


async def at_pages(web: httpx.AsyncClient, house: House, email: str, environment: str = "playground") -> AtPages:
    """Sign somebody in who has a password."""
    async with house.db.read() as tx:
        has_one = await people.has_password(tx, email)
    if not has_one:
        await with_password(house, email, PASSWORD)
    return AtPages(web, await signs_in(house, email), environment)


async def borrowed(web: httpx.AsyncClient, house: House, kind: PlaygroundKind) -> AtPages:
    """Be one of the playground's people for a while."""
    async with house.db.write(EVERY_TENANT) as tx:
        act = Act(tx, By(name="", environment=Environment.PLAYGROUND), house.now())
        return AtPages(web, await people.sign_in_as(act, kind, device="tests"))


def words(answer: httpx.Response) -> str:
    """Return what a page says, without its tags."""
    return TAGS.sub(" ", answer.text)
