"""`/sessions`: where somebody is signed in, and the end of it; changing the password."""

from starlette.responses import Response

from remotehandsd import people
from remotehandsd.errors import Invalid, Limited, NotSignedIn
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled
from remotehandsd.web.pages import page, see
from remotehandsd.web.peer import peer
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, sent_by, visitor, with_cookie


async def show(call: Call) -> Response:
    """List the person's sessions, this one marked."""
    return await _shown(call, await visitor(call), Filled())


async def _shown(call: Call, found: Visitor, form: Filled, code: int = 200) -> Response:
    async with call.house.db.read() as tx:
        sessions = await people.sessions_of_person(tx, found.session.person, now=call.house.now())
    return page(
        "people/sessions.html",
        code,
        visitor=found,
        here="sessions",
        sessions=sessions if not found.session.is_bound else [found.session],
        form=form,
        now=call.house.now(),
        done=call.asked("done") or "",
    )


async def end(call: Call) -> Response:
    """End one of the person's sessions."""
    found = await visitor(call)
    key = (await sent_by(call, found)).value("session")
    async with call.house.db.write() as tx:
        if not found.session.is_bound or key == str(found.session.key):
            await people.end(
                tx, found.session.person, int(key) if key.isascii() and key.isdigit() and len(key) < 18 else 0
            )
    return see("/sessions")


async def end_others(call: Call) -> Response:
    """End all sessions of the person but this one."""
    found = await visitor(call)
    await sent_by(call, found)
    async with call.house.db.write() as tx:
        await people.end_others(tx, found.session)
    return see("/sessions")


async def change_password(call: Call) -> Response:
    """Give the person another password; all other sessions end."""
    found = await visitor(call)
    form = await sent_by(call, found)
    try:
        secret = await people.change_password(
            call.house, found.session, form.value("old"), form.value("password"), address=peer(call)
        )
    except NotSignedIn as refusal:
        return await _shown(call, found, Filled({}, {"old": refusal.sentence}), 422)
    except Invalid as refusal:
        return await _shown(call, found, Filled().refused(refusal.faults), 422)
    except Limited:
        return await _shown(call, found, Filled({}, {"old": text("refused.429")}), 429)
    return with_cookie(call, see("/sessions?done=password"), secret)
