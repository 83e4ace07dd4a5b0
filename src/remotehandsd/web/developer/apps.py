"""`/developer/apps`: one's apps, their secrets, and how much they are used."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from remotehandsd import accounts
from remotehandsd.accounts import NewApp, OwnApp
from remotehandsd.act import Act
from remotehandsd.errors import Invalid, NotAllowed, NotFound, WrongMoment
from remotehandsd.web.call import Call
from remotehandsd.web.developer.person import person
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once, once_told
from remotehandsd.web.pages import page, see, segment
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, sent_by

DONE = frozenset({"finished", "taken_back", "revoked"})


async def show(call: Call) -> Response:
    """List the person's apps in the session's environment."""
    return await _listed(call, await person(call), Filled())


async def _listed(call: Call, found: Visitor, form: Filled, code: int = 200, refused: str = "") -> Response:
    return page(
        "developer/apps.html",
        code,
        visitor=found,
        here="developer",
        at="apps",
        apps=await call.look(accounts.apps_of),
        form=form,
        now=call.house.now(),
        once=once_key(),
        refused=refused,
        done=call.asked("done") or "",
    )


async def make(call: Call) -> Response:
    """Make an app; its secret stands on this answer and nowhere else. Sent again, as a reload does, it is the same."""
    found = await person(call)
    form = await sent_by(call, found)
    try:
        told = await once_told(call, form, _credential, accounts.make_app, form.value("name"))
    except Invalid as refusal:
        return await _listed(call, found, form.refused(refusal.faults), 422)
    except WrongMoment as refusal:
        return await _listed(call, found, form, 409, refusal.sentence)
    client_id, _, secret = told.partition(" ")
    return await _one(call, found, client_id, secret=secret, made=True)


def _credential(made: NewApp) -> str:
    return f"{made.client_id} {made.client_secret}"


async def show_one(call: Call) -> Response:
    """Show one app: its secrets' state, its last use, its calls."""
    return await _one(call, await person(call), call.params["client_id"])


async def _one(call: Call, found: Visitor, client_id: str, code: int = 200, **more: Any) -> Response:
    app = await _own(call, client_id)
    days = await call.look(accounts.calls_per_day, client_id)
    done = call.asked("done") or ""
    values = {
        "visitor": found,
        "here": "developer",
        "at": "apps",
        "app": app,
        "days": [(datetime.fromtimestamp(day, UTC).strftime("%Y-%m-%d"), count) for day, count in days],
        "total": sum(count for _, count in days),
        "may_change": _may_change(found, app),
        "now": call.house.now(),
        "once": once_key(),
        "secret": "",
        "made": False,
        "refused": "",
        "done": done if done in DONE else "",
    }
    return page("developer/app.html", code, **values | more)


async def _own(call: Call, client_id: str) -> OwnApp:
    for app in await call.look(accounts.apps_of):
        if app.client_id == client_id:
            return app
    raise NotFound


def _may_change(found: Visitor, app: OwnApp) -> bool:
    """Tell whether an app may be changed: in a borrowed session only those that were made by such a page.

    The playground's own, such as the one that the front page shows, are everybody's.
    """
    return not app.is_revoked and (not found.session.is_bound or app.made_at is not None)


async def _own_to_change(call: Call) -> tuple[Visitor, str, Filled]:
    found = await person(call)
    form = await sent_by(call, found)
    app = await _own(call, call.params["client_id"])
    if not app.is_revoked and not _may_change(found, app):
        raise NotAllowed(text("developer.app.shared"))
    return found, app.client_id, form


async def rotate(call: Call) -> Response:
    """Give the app a second secret, shown on this answer and nowhere else; a reload makes no third one."""
    found, client_id, form = await _own_to_change(call)
    try:
        secret = await once_told(call, form, str, accounts.begin_rotation, client_id)
    except WrongMoment as refusal:
        return await _one(call, found, client_id, 409, refused=refusal.sentence)
    return await _one(call, found, client_id, secret=secret)


async def finish(call: Call) -> Response:
    """End the first secret."""
    return await _changed(call, accounts.finish_rotation, "finished")


async def take_back(call: Call) -> Response:
    """End the second secret."""
    return await _changed(call, accounts.take_back_rotation, "taken_back")


async def ask_revoke(call: Call) -> Response:
    """Ask once more before an app is turned off for good."""
    found = await person(call)
    app = await _own(call, call.params["client_id"])
    if not _may_change(found, app):
        return see(f"/developer/apps/{segment(app.client_id)}")
    now = call.house.now()
    return page("developer/revoke.html", visitor=found, here="developer", at="apps", app=app, now=now, once=once_key())


async def revoke(call: Call) -> Response:
    """Turn the app off; its tokens are refused within 5 seconds."""
    return await _changed(call, accounts.revoke_app, "revoked")


async def _changed(call: Call, verb: Callable[[Act, str], Awaitable[None]], done: str) -> Response:
    found, client_id, form = await _own_to_change(call)
    try:
        return await once(call, form, lambda _: f"/developer/apps/{segment(client_id)}?done={done}", verb, client_id)
    except WrongMoment as refusal:
        return await _one(call, found, client_id, 409, refused=refusal.sentence)
