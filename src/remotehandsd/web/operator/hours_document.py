"""The operations on time worked, as the operator's OpenAPI document describes them, and what they carry."""

from remotehandsd.tickets.span import LONGEST_MINUTES
from remotehandsd.tickets.ticket import LIMITS
from remotehandsd.web.openapi import (
    BROKEN,
    Json,
    answered,
    in_path,
    json_body,
    operation,
    optional,
    record,
    ref,
    refused,
    text,
    time,
)
from remotehandsd.web.openapi_ticket import ADDRESS, NO_NUL, NOT_BLANK
from remotehandsd.web.operator.operations import TICKET_ID, sends
from remotehandsd.web.operator.schemas import ENTRY, TIME_EXAMPLE, TIME_WORKED

_ENTRY_ID = in_path("entry_id", text("The entry's id.", pattern="^[1-9][0-9]{0,17}$", examples=["17"]))
_FROM = "2030-05-27 12:36:00"
_NOTE = optional(text("What was done.", most=LIMITS["time_note"], pattern=NO_NUL))
_SOME = {"required": ["minutes"], "properties": {"minutes": {"type": "integer"}}}
_BOTH_ENDS = {"required": ["from", "to"], "properties": {"from": {"type": "string"}, "to": {"type": "string"}}}


def _span(least: int) -> Json:
    minutes = {
        "type": "integer",
        "minimum": least,
        "maximum": LONGEST_MINUTES,
        "description": "Whole minutes, counted from `from`, or else back from `to` or from now.",
    }
    return {
        "minutes": optional(minutes),
        "from": optional(time("When it began.", _FROM)),
        "to": optional(time("When it ended; not in the future.", _FROM)),
        "note": _NOTE,
    }


_WHOSE = optional(text("Whose time it is, if not the caller's.", most=254, pattern=f"^{ADDRESS}$"))
_REASON = text("Why it is corrected.", most=LIMITS["reason"], minLength=1, pattern=NOT_BLANK)

HOURS_SCHEMAS: Json = {
    "TimeEntry": ENTRY,
    "TimeWorked": TIME_WORKED,
    "Completing": record("How long it took, if that is to be booked.", _span(1), without=_span(1)),
    "Stopping": record("What was done.", {"note": _NOTE}, without=("note",)),
    "Booking": record(
        "Time that was worked: minutes, or two of `from`, `to` and `minutes`.",
        {**_span(1), "email": _WHOSE},
        without=(*_span(1), "email"),
        anyOf=[_SOME, _BOTH_ENDS],
    ),
    "Correcting": record(
        "What is to be otherwise, and why. Not more than two of `from`, `to` and `minutes`.",
        {**_span(0), "reason": _REASON},
        without=_span(0),
    ),
}
HOURS: Json = {
    "/operator/v1/tickets/{id}/time": {
        "get": operation(
            "listTime",
            "Time",
            "The time worked on a ticket",
            "Lists the entries, in the order in which they were made. Any staff.",
            {
                "200": answered("The entries.", ref("TimeWorked"), TIME_EXAMPLE),
                **refused(401, 403, 404, 429, *BROKEN),
            },
            parameters=[TICKET_ID],
        ),
        "post": sends(
            "bookTime",
            "Time",
            (
                "Book time that was worked",
                "Possible at any time of the ticket's life. Technicians their own, dispatchers anybody's.",
            ),
            json_body(ref("Booking"), {"minutes": 30, "note": "Waited for the optic"}),
        ),
    },
    "/operator/v1/tickets/{id}/time/start": {
        "post": sends(
            "startTime",
            "Time",
            (
                "Start the caller's time",
                "On an open ticket. Where it runs on another ticket it is stopped there: nobody works at two racks at "
                "once. Technicians and dispatchers.",
            ),
            json_body(ref("Nothing"), {}, required=False),
        )
    },
    "/operator/v1/tickets/{id}/time/stop": {
        "post": sends(
            "stopTime",
            "Time",
            ("Stop the caller's time", "409 when none of it runs on this ticket. Technicians and dispatchers."),
            json_body(ref("Stopping"), {"note": "Optic reseated"}, required=False),
        )
    },
    "/operator/v1/tickets/{id}/time/{entry_id}": {
        "put": sends(
            "correctTime",
            "Time",
            (
                "Correct an entry",
                "What is not given stays; 0 minutes take the time back. Who corrected what, and why, stays in the "
                "history. Technicians their own, dispatchers anybody's.",
            ),
            json_body(ref("Correcting"), {"minutes": 25, "reason": "Coffee is no work"}),
            _ENTRY_ID,
        )
    },
}
