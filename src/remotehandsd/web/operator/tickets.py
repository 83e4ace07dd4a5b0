"""The queue and the moves of the operator's staff."""

from typing import Any

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.tickets import ListedTicket
from remotehandsd.web import paging
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.json_body import json_object
from remotehandsd.web.operator.moving import move, shown
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.signin import as_staff
from remotehandsd.web.tags import unless_known

FILTERS = ("site", "status", "requestType", "category", "createdBy", "accountId", "assignedTo")


UNASSIGNED = {None: None, "true": True, "false": False}


async def list_queue(call: Call) -> Response:
    """Return one page of the tickets of all accounts at the caller's sites, newest first."""
    await as_staff(call)
    size, number, faults = paging.asked_page(call)
    asked = paging.asked_filters(call, *FILTERS)
    faults += [(name, "This is not one of the possible values.") for name in paging.wrong_enums(asked)]
    unassigned = call.asked("unassigned")
    if unassigned not in {None, "true", "false"}:
        faults.append(("unassigned", "This must be true or false."))
    if faults:
        raise BadQuery(*faults)
    found = await call.look_long(
        tickets.list_queue, wire.filters(asked, unassigned=UNASSIGNED[unassigned]), size=size, number=number
    )
    return json_answer(wire.page(found, [_queued(ticket) for ticket in found.items]))


def _queued(ticket: ListedTicket) -> dict[str, Any]:
    return wire.listed(ticket) | {
        "masterAccountId": ticket.master_id,
        "accountId": ticket.account_id,
        "assignedTo": ticket.assigned_to,
    }


async def get(call: Call) -> Response:
    """Return one ticket with everything known of it, or 304 when the client has it as it is."""
    await as_staff(call)
    return unless_known(call, shown(await call.look(tickets.on_the_desk, tickets.number_of(call.params["id"]))))


async def start(call: Call) -> Response:
    """Take a ticket up."""
    await as_staff(call, tickets.WORKING)
    await json_object(call, may_be_absent=True)
    return await move(call, tickets.start)


async def complete(call: Call) -> Response:
    """Finish the work, and book the time that it took if that is said."""
    await as_staff(call, tickets.WORKING)
    body = await json_object(call, may_be_absent=True)
    return await move(call, tickets.complete, wire.worked(body))


async def grant_cancellation(call: Call) -> Response:
    """Call a ticket off as the customer asked."""
    await as_staff(call, tickets.DISPATCHING)
    await json_object(call, may_be_absent=True)
    return await move(call, tickets.grant_cancellation)


async def refuse_cancellation(call: Call) -> Response:
    """Put a ticket back to where it stood, with a comment for the customer if there is one."""
    await as_staff(call, tickets.DISPATCHING)
    body = await json_object(call, may_be_absent=True)
    return await move(call, tickets.refuse_cancellation, body.get("comment"))


async def cancel(call: Call) -> Response:
    """Call a ticket off on the customer's behalf."""
    await as_staff(call, tickets.DISPATCHING)
    body = await json_object(call, may_be_absent=True)
    return await move(call, tickets.cancel_for_customer, body.get("cancelReason"))


async def assign(call: Call) -> Response:
    """Give a ticket to a member of staff."""
    await as_staff(call, tickets.WORKING)
    body = await json_object(call)
    return await move(call, tickets.assign, body.get("email"))


async def write(call: Call) -> Response:
    """Write a comment, or an internal note."""
    await as_staff(call, tickets.ANY)
    body = await json_object(call)
    return await move(call, tickets.note, body.get("comment"), body.get("internal"))
