"""`/operator/openapi.json`: the operator's API, as OpenAPI 3.1."""

from functools import lru_cache

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.settings import Settings
from remotehandsd.web.call import Call
from remotehandsd.web.openapi import (
    BROKEN,
    Json,
    answered,
    operation,
    ref,
    refused,
    security_schemes,
    text,
)
from remotehandsd.web.openapi_file import ATTACHMENT
from remotehandsd.web.openapi_safety import IF_NONE_MATCH, NOT_MODIFIED, SAID
from remotehandsd.web.openapi_ticket import FILTERS, LISTED_EXAMPLE, PAGING, asked, page_example
from remotehandsd.web.operator.files_document import FILES
from remotehandsd.web.operator.hours_document import HOURS, HOURS_SCHEMAS
from remotehandsd.web.operator.operations import KNOWN_TICKET, TICKET_ID, move
from remotehandsd.web.operator.schemas import RESPONSES, SCHEMAS, WHOSE_EXAMPLE

DESCRIPTION = """\
How the operator's staff and systems move tickets. Tokens come from the same calls as the customers', for an app whose \
user is staff; no account headers are needed. An administrator may do all that a dispatcher may. Staff who are bound \
to sites see and touch only the tickets there. Of two people who act on one ticket at once, one gets 409.
"""
_QUEUE_FILTERS = [
    *FILTERS,
    asked("accountId", text("Only tickets of this account.")),
    asked("assignedTo", text("Only tickets of this staff member, by the exact name.")),
    asked(
        "unassigned",
        {"type": "boolean", "description": "`true`: only what nobody works on; `false`: only what somebody does."},
    ),
]
PATHS: Json = {
    "/operator/v1/tickets": {
        "get": operation(
            "listQueue",
            "Queue",
            "The queue",
            "Returns one page of the tickets of all accounts at the caller's sites, newest first. Any staff.",
            {
                "200": answered("The page.", ref("QueuePage"), page_example({**LISTED_EXAMPLE, **WHOSE_EXAMPLE})),
                **refused(401, 403, 422, 429, *BROKEN),
            },
            parameters=[*_QUEUE_FILTERS, *PAGING],
        )
    },
    "/operator/v1/tickets/{id}": {
        "get": operation(
            "getTicket",
            "Queue",
            "One ticket",
            "Returns a ticket with everything known of it: notes, history, whose it is. Any staff.",
            {"200": KNOWN_TICKET, **NOT_MODIFIED, **refused(401, 403, 404, 429, *BROKEN)},
            parameters=[TICKET_ID, IF_NONE_MATCH],
        )
    },
    "/operator/v1/tickets/{id}/start": move(
        "startTicket",
        "Take a ticket up",
        "New -> In Progress, assigned to the caller. Technicians and dispatchers.",
        "Nothing",
        {},
    ),
    "/operator/v1/tickets/{id}/complete": move(
        "completeTicket",
        "Finish the work",
        "In Progress -> Completed; also from Cancellation Requested if the work had begun. Time that runs on the "
        "ticket is stopped; what is said of the time that it took is booked for the caller, in place of his own that "
        "runs. Technicians and dispatchers.",
        "Completing",
        {"minutes": 30},
    ),
    "/operator/v1/tickets/{id}/grant-cancellation": move(
        "grantCancellation",
        "Call a ticket off as the customer asked",
        "Cancellation Requested -> Cancelled. Dispatchers.",
        "Nothing",
        {},
    ),
    "/operator/v1/tickets/{id}/refuse-cancellation": move(
        "refuseCancellation",
        "Go on in spite of the customer's wish",
        "Cancellation Requested -> the status before it. Dispatchers.",
        "Refusing",
        {"comment": "The work is done already."},
    ),
    "/operator/v1/tickets/{id}/cancel": move(
        "cancelTicket",
        "Call a ticket off on the customer's behalf",
        "New or In Progress -> Cancelled, say after a call by phone. Dispatchers.",
        "Cancelling",
        {"cancelReason": "Duplicate request"},
    ),
    "/operator/v1/tickets/{id}/assign": move(
        "assignTicket",
        "Give a ticket to a member of staff",
        "The status stays, and the customer sees nothing of it. Technicians to themselves, dispatchers to anybody "
        "who works on tickets at the site. Not possible once the ticket is Completed or Cancelled.",
        "Assigning",
        {"email": "tess@operator.example"},
        required=True,
    ),
    "/operator/v1/tickets/{id}/comments": move(
        "writeComment",
        "Write on a ticket",
        "A comment is for the customer, while the ticket is open; an internal note is not, and possible at any time. "
        "Any staff.",
        "Writing",
        {"comment": "Optic is in the tray", "internal": False},
        required=True,
    ),
    **FILES,
    **HOURS,
}


def document(settings: Settings) -> Json:
    """Return the operator's document for a server with these settings."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Remotehands: operator", "version": "1", "description": DESCRIPTION + SAID},
        "servers": [{"url": settings.public_url}],
        "tags": [
            {"name": "Queue", "description": "What there is to do."},
            {"name": "Moves", "description": "What is done to a ticket."},
            {"name": "Files", "description": "What is attached to a ticket, for the customer to see."},
            {"name": "Time", "description": "How long it took. Customers see nothing of it."},
        ],
        "security": [{"bearer": []}, {"oauth2": []}],
        "paths": PATHS,
        "components": {
            "schemas": {**SCHEMAS, "Attachment": ATTACHMENT, **HOURS_SCHEMAS},
            "responses": RESPONSES,
            "securitySchemes": security_schemes(settings.public_url),
        },
    }


@lru_cache(1)
def _encoded(settings: Settings) -> bytes:
    return wire.encode(document(settings))


async def show(call: Call) -> Response:
    """Send the document; it is the same as long as the settings are."""
    return Response(_encoded(call.house.settings), media_type="application/json")
