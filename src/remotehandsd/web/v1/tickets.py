"""Tickets and categories (contract.md sections 9 to 13 and 15.1)."""

from starlette.responses import Response

from remotehandsd import tickets, wire
from remotehandsd.act import Act
from remotehandsd.tickets import CATEGORIES, RequestType, Ticket
from remotehandsd.web import paging
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.json_body import json_object
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.signin import for_tickets
from remotehandsd.web.tags import if_match, tagged, unless_known

FILTERS = ("site", "status", "requestType", "category", "createdBy")
CANCELLATION = (
    "We have received your request for cancellation of workorder '{}'. We will be in contact shortly. "
    "Please be aware that fees might still apply to this request if work has already started."
)


async def create(call: Call) -> Response:
    """Open a ticket: 201 with the detail object and its address."""
    await for_tickets(call)
    body = await json_object(call)
    return await call.once(
        _created,
        tickets.open_ticket,
        wire.fields(body, *tickets.OPENING),
        check_location=call.house.settings.check_location,
    )


def _created(ticket: Ticket) -> Response:
    address = f"/v1/remotehands-tickets/{tickets.wire_number(ticket.number)}"
    return tagged(wire.detail(ticket), 201, {"Location": address})


async def get(call: Call) -> Response:
    """Return one ticket with its comments, or 304 when the client has it as it is."""
    await for_tickets(call)
    return unless_known(call, _shown(await call.glance(tickets.show, tickets.number_of(call.params["id"]))))


def _shown(ticket: Ticket) -> Response:
    return tagged(wire.detail(ticket))


async def _as_shown(act: Act, number: int | None) -> bytes:
    return wire.encode(wire.detail(await tickets.show_alone(act, number)))


async def list_page(call: Call) -> Response:
    """Return one page of the account's tickets, newest first."""
    await for_tickets(call)
    size, number, faults = paging.asked_page(call)
    asked = paging.asked_filters(call, *FILTERS)
    if paging.wrong_enums(asked):
        faults.append(("", "Request is invalid."))
    if faults:
        raise BadQuery(*faults)
    filters = wire.filters(asked)
    look = call.look if tickets.is_quick(filters, size=size, number=number) else call.look_long
    found = await look(tickets.list_tickets, filters, size=size, number=number)
    return json_answer(wire.page(found, [wire.listed(ticket) for ticket in found.items]))


async def update(call: Call) -> Response:
    """Replace the customer's reference and the recipients, each where it is given."""
    await for_tickets(call)
    body = await json_object(call)
    number = tickets.number_of(call.params["id"])
    edit = if_match(call, _as_shown, tickets.edit)
    return await call.once(_shown, edit, number, wire.fields(body, "customer_reference", "recipients"))


async def cancel(call: Call) -> Response:
    """Ask for the ticket to be called off; an absent body stands for the default reason."""
    await for_tickets(call)
    body = await json_object(call, may_be_absent=True)
    number = tickets.number_of(call.params["id"])
    request_cancellation = if_match(call, _as_shown, tickets.request_cancellation)
    return await call.once(_cancelling, request_cancellation, number, body.get("cancelReason"))


def _cancelling(ticket: Ticket) -> Response:
    return json_answer({"message": CANCELLATION.format(tickets.wire_number(ticket.number))})


def _group(request_type: RequestType) -> dict[str, object]:
    return {
        "requestType": {
            "name": request_type,
            "categories": [{"name": category} for category in CATEGORIES[request_type]],
        }
    }


_every_group = wire.encode({"result": [_group(request_type) for request_type in RequestType]})
_one_group = {request_type.lower(): wire.encode({"result": [_group(request_type)]}) for request_type in RequestType}


async def categories(call: Call) -> Response:
    """List the categories of both request types or of one, whose name may be in any case here."""
    await for_tickets(call)
    asked = call.asked("requestType")
    body = _every_group if asked is None else _one_group.get(asked.lower())
    if body is None:
        raise BadQuery(("requestType", "Request is invalid."))
    return Response(body, media_type="application/json")
