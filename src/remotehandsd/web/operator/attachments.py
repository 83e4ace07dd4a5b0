"""Files on tickets, from the desk."""

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.web.attaching import send, take_in, take_photograph
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.signin import as_staff


async def create(call: Call) -> Response:
    """Attach the part `file` for the customer to see; with `photograph=true` as a picture made anew."""
    await as_staff(call)
    photograph = call.asked("photograph") or "false"
    if photograph not in {"true", "false"}:
        raise BadQuery(("photograph", "This must be true or false."))
    take = take_photograph if photograph == "true" else take_in
    number = tickets.number_of(call.params["id"])
    return await take(call, number, tickets.may_attach_at_desk, tickets.attach_at_desk)


async def list_all(call: Call) -> Response:
    """List a ticket's files, oldest first."""
    await as_staff(call)
    found = await call.look(tickets.attachments_at_desk, tickets.number_of(call.params["id"]))
    return json_answer([wire.attachment(file) for file in found])


async def get_file(call: Call) -> Response:
    """Send a file's bytes."""
    await as_staff(call)
    number = tickets.number_of(call.params["id"])
    return await send(call, await call.look(tickets.attachment_at_desk, number, call.params["file_id"]))
