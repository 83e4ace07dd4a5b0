"""Doing something to a ticket, and answering with it as it stands afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.act import Act
from remotehandsd.tickets import Desk
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer


def shown(desk: Desk) -> Response:
    """Answer with a ticket and everything known of it."""
    return json_answer(
        wire.detail(desk.ticket)
        | {
            "masterAccountId": desk.master_id,
            "accountId": desk.account_id,
            "assignedTo": desk.assigned_to,
            "internalComments": [wire.comment(note) for note in desk.notes],
            "history": [wire.event(event) for event in desk.history],
            "time": wire.time_worked(desk.time, desk.at),
        }
    )


async def move(call: Call, verb: Callable[..., Awaitable[None]], *args: Any) -> Response:
    """Make a move and answer with the ticket as it stands after it, in one transaction."""
    number = tickets.number_of(call.params["id"])

    async def move_and_look(act: Act) -> Desk:
        await verb(act, number, *args)
        return await tickets.on_the_desk(act, number)

    return await call.once(shown, move_and_look)
