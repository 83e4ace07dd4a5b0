"""Doing something to a ticket, and answering with it as it stands afterwards."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.act import Act
from remotehandsd.tickets import Desk
from remotehandsd.web.call import Call
from remotehandsd.web.tags import if_match, tagged


def _known(desk: Desk, at: int) -> dict[str, Any]:
    return wire.detail(desk.ticket) | {
        "masterAccountId": desk.master_id,
        "accountId": desk.account_id,
        "assignedTo": desk.assigned_to,
        "internalComments": [wire.comment(note) for note in desk.notes],
        "history": [wire.event(event) for event in desk.history],
        "time": wire.time_worked(desk.time, at),
    }


def _unmoved(desk: Desk) -> bytes:
    """Return what the tag is made of: the ticket without the minutes that a running clock adds by itself.

    Else nobody could close a ticket as he saw it while time runs on it.
    """
    return wire.encode(_known(desk, 0))


def shown(desk: Desk) -> Response:
    """Answer with a ticket and everything known of it."""
    return tagged(_known(desk, desk.at), of=_unmoved(desk))


async def _as_shown(act: Act, number: int | None) -> bytes:
    return _unmoved(await tickets.on_the_desk_alone(act, number))


async def move(call: Call, verb: Callable[..., Awaitable[None]], *args: Any) -> Response:
    """Make a move and answer with the ticket as it stands after it, in one transaction."""

    async def move_and_look(act: Act, number: int | None) -> Desk:
        await verb(act, number, *args)
        return await tickets.on_the_desk(act, number)

    return await call.once(shown, if_match(call, _as_shown, move_and_look), tickets.number_of(call.params["id"]))
