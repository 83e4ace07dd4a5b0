"""Comments (contract.md sections 15.2 and 15.3)."""

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.tickets import Comment
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.json_body import json_object
from remotehandsd.web.signin import for_tickets


async def create(call: Call) -> Response:
    """Write on a ticket: 200, not 201, as recorded."""
    await for_tickets(call)
    body = await json_object(call)
    return await call.once(_written, tickets.comment_by_name, wire.fields(body, "number", "comment"))


def _written(comment: Comment) -> Response:
    return json_answer(wire.comment(comment))


async def list_all(call: Call) -> Response:
    """List a ticket's comments, oldest first."""
    await for_tickets(call)
    found = await call.look(tickets.comments, tickets.number_of(call.params["id"]))
    return json_answer([wire.comment(written) for written in found])
