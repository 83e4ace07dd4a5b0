"""`/developer/access`: which environments one is in, asking for another, and the answers."""

from typing import Any

from starlette.responses import Response

from remotehandsd import accounts, registrations
from remotehandsd.act import Environment
from remotehandsd.errors import Invalid, NotAllowed, WrongMoment
from remotehandsd.web.call import Call
from remotehandsd.web.developer.person import person
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once
from remotehandsd.web.pages import page
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, sent_by


async def show(call: Call) -> Response:
    """Show what one has and what was answered."""
    return await _shown(call, await person(call), Filled())


async def _shown(call: Call, found: Visitor, form: Filled, code: int = 200, **more: Any) -> Response:
    asked = await call.look(registrations.own_registrations)
    async with call.house.db.read() as tx:
        there = await accounts.administered_environments(tx)
    waiting = {one.environment for one in asked if one.state is registrations.State.OPEN}
    values = {
        "visitor": found,
        "here": "developer",
        "at": "access",
        "form": form,
        "asked": asked,
        "possible": [one for one in there if one not in waiting and str(one) not in found.environments],
        "may_ask": not found.caller.is_staff and not found.session.is_bound,
        "once": once_key(),
        "done": call.asked("done") or "",
        "refused": "",
    }
    return page("developer/access.html", code, **values | more)


async def ask(call: Call) -> Response:
    """Ask the administrators of another environment for access."""
    found = await person(call)
    form = await sent_by(call, found)
    if found.session.is_bound:
        return await _shown(call, found, form, 403, refused=text("developer.access.borrowed"))
    wanted = form.value("environment")
    if wanted not in set(Environment):
        return await _shown(call, found, Filled(form.values, {"environment": text("people.no_environment")}), 422)
    try:
        done = "/developer/access?done=asked"
        return await once(
            call, form, lambda _: done, registrations.ask_access, Environment(wanted), form.value("reason")
        )
    except Invalid as refusal:
        return await _shown(call, found, form.refused(refusal.faults), 422)
    except (WrongMoment, NotAllowed) as refusal:
        code = 409 if isinstance(refusal, WrongMoment) else 403
        return await _shown(call, found, form, code, refused=refusal.sentence)
