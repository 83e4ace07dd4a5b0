"""`/developer`: what there is for programs, and one's own."""

from starlette.responses import Response

from remotehandsd import accounts, registrations
from remotehandsd.web.address import reached_at
from remotehandsd.web.call import Call
from remotehandsd.web.developer.person import perhaps_person
from remotehandsd.web.pages import page


async def show(call: Call) -> Response:
    """Show the doors; to who is signed in also his apps, and what became of what he asked for."""
    found = await perhaps_person(call)
    return page(
        "developer/home.html",
        visitor=found,
        here="developer",
        at="home",
        base=reached_at(call),
        apps=[app for app in await call.look(accounts.apps_of) if not app.is_revoked] if found else [],
        asked=(await call.look(registrations.own_registrations))[:3] if found else [],
        now=call.house.now(),
        done=call.asked("done") or "",
    )
