"""`/`: what this is, the first call, how the playground's tickets stand just now."""

from importlib.resources import files

from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.act import Environment as Walls
from remotehandsd.errors import NotFound
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import Status
from remotehandsd.web.address import reached_at
from remotehandsd.web.call import Call
from remotehandsd.web.offering import Credential, playground_people
from remotehandsd.web.pages import page
from remotehandsd.web.visitor import visiting

STATIC = {
    "tokens.css": "text/css; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "portal.js": "text/javascript; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


class Front:
    """The front page of one process. `credential` is the playground's, where there is one to show."""

    def __init__(self, credential: Credential | None) -> None:
        self.credential = credential

    async def show(self, call: Call) -> Response:
        """Show the page; the counts are of this moment."""
        async with call.house.db.read(EVERY_TENANT, long=True) as tx:
            counts = await tickets.by_status(tx, Walls.PLAYGROUND)
        return page(
            "front/page.html",
            visitor=await visiting(call),
            offered=await playground_people(call.house) if self.credential else [],
            credential=self.credential,
            base=reached_at(call),
            counts=[(str(status), counts.get(status, 0)) for status in Status],
        )

    async def static(self, call: Call) -> Response:
        """Send a style or a script of ours."""
        name = call.params["name"]
        if name not in STATIC:
            raise NotFound
        content = files("remotehandsd.web").joinpath("static", name).read_bytes()
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "max-age=300",
            "Content-Type": STATIC[name],
        }
        return Response(content, headers=headers)
