"""`/portal/{account}/tickets/{id}/files/{file}`: a ticket's files, as they came, and small pictures of them."""

from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.tickets import Attachment
from remotehandsd.web.attaching import send
from remotehandsd.web.call import Call
from remotehandsd.web.portal.ticket import number_in
from remotehandsd.web.previewing import send_preview
from remotehandsd.web.visitor import customer


async def show(call: Call) -> Response:
    """Send a file's bytes, never as something that a browser would run."""
    return await send(call, await _file(call))


async def preview(call: Call) -> Response:
    """Send a small picture of a file that is one."""
    return await send_preview(call, await _file(call))


async def _file(call: Call) -> Attachment:
    await customer(call)
    return await call.look(tickets.attachment, number_in(call), call.params["file_id"])
