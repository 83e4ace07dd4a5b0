"""Time worked on a ticket: a clock, entries booked afterwards, and their correction with a reason."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, LostRace, NotFound, Rule, WrongMoment
from remotehandsd.tickets import Entry
from remotehandsd.web.call import Call
from remotehandsd.web.desk.doing import Form, do, refilled
from remotehandsd.web.desk.moves import whole
from remotehandsd.web.desk.ticket import Seen, number_in, seen
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.pages import page, see
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, at_desk, sent_by

_ENTRY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_FORM = "%Y-%m-%dT%H:%M"
EARLIEST = 2000
"""A year: what lies before is a slip of the pen."""

BOOKED = {"minutes": "book_minutes", "ended_at": "book_ended", "time_note": "book_note", "email": "book_email"}
CORRECTED = {"time_note": "note"}


def as_typed(at: int | None, zone: str) -> str:
    """Return a time as a field for one holds it, in the site's zone; `""` for none."""
    return "" if at is None else datetime.fromtimestamp(at, ZoneInfo(zone)).strftime(_FORM)


def moment(field: str, typed: str, zone: str) -> int | None:
    """Return seconds since 1970 for a time in the site's zone as it was typed; None for nothing, else Invalid."""
    if not typed.strip():
        return None
    try:
        at = datetime.strptime(typed.strip()[:16], _FORM).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        at = None
    if at is None or not EARLIEST <= at.year < 9000:
        raise Invalid(Fault(field, Rule.WRONG_VALUE, text("desk.time.no_time")))
    return int(at.timestamp())


async def start(call: Call) -> Response:
    """Start the visitor's time on the ticket; it stops where it ran before."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(call, found, form, tickets.start_time, done="time_started#time")


async def stop(call: Call) -> Response:
    """Stop the visitor's time on the ticket."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.stop_time(act, number, form.value("stop_note").strip() or None),
        done="time_stopped#time",
        of=Form("stop", {"time_note": "stop_note"}),
    )


async def add(call: Call) -> Response:
    """Book time that was worked, until now or until a moment of the past; a dispatcher for anybody."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    zone = (await call.look(seen, number_in(call))).zone

    async def book(act: Act, number: int | None) -> None:
        given: dict[str, Any] = {
            "minutes": whole(form.value("book_minutes")),
            "ended_at": moment("ended_at", form.value("book_ended"), zone),
            "note": form.value("book_note").strip() or None,
            "email": form.value("book_email") or None,
        }
        await tickets.book_time(act, number, given)

    return await do(call, found, form, book, done="time_added#time", of=Form("book", BOOKED))


def _entry_in(call: Call, view: Seen) -> Entry:
    id_ = call.params["entry"]
    wanted = int(id_) if _ENTRY.fullmatch(id_) else None
    entry = next((one for one in view.desk.time if one.id == wanted), None)
    if entry is None:
        raise NotFound("There is no such time entry.")
    return entry


async def show(call: Call) -> Response:
    """Ask what an entry should be, and why."""
    found = await at_desk(call)
    view = await call.look(seen, number_in(call))
    entry = _entry_in(call, view)
    if not tickets.may_correct(entry, found.caller.by):
        raise NotFound
    kept = {
        "began_at": as_typed(entry.shown_from, view.zone),
        "ended_at": as_typed(entry.ended_at, view.zone),
        "note": entry.note,
    }
    return _asked(call, found, view, entry, Filled(kept))


def _asked(call: Call, found: Visitor, view: Seen, entry: Entry, form: Filled, code: int = 200) -> Response:
    return page(
        "desk/entry.html",
        code,
        visitor=found,
        here="queue",
        at=f"/desk/tickets/{call.params['id']}",
        view=view,
        ticket=view.desk.ticket,
        entry=entry,
        form=form,
        once=once_key(),
        now=view.desk.at,
        limits=tickets.LIMITS,
    )


async def correct(call: Call) -> Response:
    """Correct an entry, for a reason. A time that still reads as it is kept is not changed by its seconds."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    view = await call.look(seen, number_in(call))
    entry = _entry_in(call, view)
    try:
        given: dict[str, Any] = {"reason": form.value("reason"), "note": form.value("note").strip()}
        if form.value("minutes").strip():
            given["minutes"] = whole(form.value("minutes"))
        for name, was in (("began_at", entry.shown_from), ("ended_at", entry.ended_at)):
            if form.value(name) != as_typed(was, view.zone):
                given[name] = moment(name, form.value(name), view.zone)
        await call.act(tickets.correct_time, number_in(call), entry.id, given)
    except Invalid as refusal:
        return _asked(call, found, view, entry, refilled(form, refusal.faults, CORRECTED), 422)
    except (WrongMoment, LostRace):
        wrong = Filled(form.values, {"began_at": text("desk.time.changed")})
        return _asked(call, found, view, entry, wrong, 409)
    return see(f"/desk/tickets/{call.params['id']}?done=time_corrected#time")
