"""Files on tickets, streamed both ways (contract.md sections 15.4 to 15.6)."""

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.errors import Refusal
from remotehandsd.tickets import Attachment, FileToAttach
from remotehandsd.web.call import Call
from remotehandsd.web.download import download
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import Refused
from remotehandsd.web.signin import for_tickets
from remotehandsd.web.upload import AROUND_A_FILE, boundary_of, receive_file


async def create(call: Call) -> Response:
    """Attach the part `file`: 200, not 201, as recorded. It is there whole, or nothing of it is.

    A short look first (rights, ticket, name, status), then the bytes into a file of our own, then the act that
    looks at the status again and writes the row.
    """
    await for_tickets(call)
    boundary = boundary_of(call)
    settings = call.house.settings
    if call.declared_length > settings.max_file_bytes + AROUND_A_FILE:
        raise Refused(413)
    number = tickets.number_of(call.asked("requestId") or "")
    filename = call.query.get("file_name") or ""
    await call.look(tickets.may_attach, number, filename, ticket_bytes=settings.max_ticket_bytes)
    await call.house.files.room(call.declared_length)
    incoming = call.house.files.receive()
    try:
        media_type = await receive_file(call, boundary, incoming, settings.max_file_bytes)
        kept = await incoming.finish()
    except BaseException:
        await incoming.discard()
        raise
    file = FileToAttach(kept.name, filename, media_type, kept.size, kept.sha256)
    try:
        attachment = await call.act(tickets.attach, number, file, ticket_bytes=settings.max_ticket_bytes)
    except Refusal:
        # After any other fault the row may be there all the same: then the sweep finds out.
        await incoming.discard()
        raise
    return json_answer(wire.attachment(attachment))


async def list_all(call: Call) -> Response:
    """List a ticket's files, oldest first."""
    await for_tickets(call)
    found = await call.look(tickets.attachments, tickets.number_of(call.params["id"]))
    return json_answer([wire.attachment(file) for file in found])


async def get_file(call: Call) -> Response:
    """Send a file's bytes as they came."""
    await for_tickets(call)
    number = tickets.number_of(call.params["id"])
    return await _answer(call, await call.look(tickets.attachment, number, call.params["file_id"]))


async def get_file_by_id(call: Call) -> Response:
    """The same, under an older form of the address that names no ticket."""
    await for_tickets(call)
    return await _answer(call, await call.look(tickets.attachment_by_id, call.params["file_id"]))


async def _answer(call: Call, file: Attachment) -> Response:
    return await download(
        call,
        file.file,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
    )
