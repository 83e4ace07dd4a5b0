"""Time worked on a ticket: who, from when to when."""

import re

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.json_body import json_object
from remotehandsd.web.operator.moving import move
from remotehandsd.web.signin import as_staff

_ENTRY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


async def list_all(call: Call) -> Response:
    """Return the entries of a ticket, and how many minutes they are together."""
    await as_staff(call)
    found = await call.look(tickets.time_on_the_desk, tickets.number_of(call.params["id"]))
    return json_answer(wire.time_worked(found, call.house.now()))


async def start(call: Call) -> Response:
    """Start the caller's time on a ticket; it stops where it ran before."""
    await as_staff(call, tickets.WORKING)
    await json_object(call, may_be_absent=True)
    return await move(call, tickets.start_time)


async def stop(call: Call) -> Response:
    """Stop the caller's time, with a note if there is one."""
    await as_staff(call, tickets.WORKING)
    body = await json_object(call, may_be_absent=True)
    return await move(call, tickets.stop_time, body.get("note"))


async def book(call: Call) -> Response:
    """Book time that was worked."""
    await as_staff(call, tickets.WORKING)
    body = await json_object(call)
    return await move(call, tickets.book_time, wire.worked(body, "email"))


async def correct(call: Call) -> Response:
    """Correct an entry, for a reason."""
    await as_staff(call, tickets.WORKING)
    body = await json_object(call)
    id_ = call.params["entry_id"]
    entry = int(id_) if _ENTRY.fullmatch(id_) else None
    return await move(call, tickets.correct_time, entry, wire.worked(body, "reason"))
