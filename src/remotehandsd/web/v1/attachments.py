"""Files on tickets, streamed both ways (contract.md sections 15.4 to 15.6)."""

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.web.attaching import send, take_in
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.signin import for_tickets


async def create(call: Call) -> Response:
    """Attach the part `file`: 200, not 201, as recorded."""
    await for_tickets(call)
    number = tickets.number_of(call.asked("requestId") or "")
    return await take_in(call, number, tickets.may_attach, tickets.attach)


async def list_all(call: Call) -> Response:
    """List a ticket's files, oldest first."""
    await for_tickets(call)
    found = await call.look(tickets.attachments, tickets.number_of(call.params["id"]))
    return json_answer([wire.attachment(file) for file in found])


async def get_file(call: Call) -> Response:
    """Send a file's bytes as they came."""
    await for_tickets(call)
    number = tickets.number_of(call.params["id"])
    return await send(call, await call.look(tickets.attachment, number, call.params["file_id"]))


async def get_file_by_id(call: Call) -> Response:
    """The same, under an older form of the address that names no ticket."""
    await for_tickets(call)
    return await send(call, await call.look(tickets.attachment_by_id, call.params["file_id"]))
