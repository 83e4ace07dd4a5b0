"""The components of the operator's OpenAPI document: what goes over the wire, and how it says no."""

from remotehandsd.web.openapi import (
    Json,
    field,
    listing,
    optional,
    record,
    ref,
    text,
    time,
)
from remotehandsd.web.openapi_problem import PROBLEM, problems
from remotehandsd.web.openapi_ticket import (
    ADDRESS,
    CANCEL_REASON,
    COMMENT,
    COMMENT_EXAMPLE,
    LISTED,
    NOT_BLANK,
    PAGEABLE,
    TICKET,
    TICKET_EXAMPLE,
    page_of,
)

WHOSE: Json = {
    "masterAccountId": text("Id of the customer's master account.", examples=["100123"]),
    "accountId": text("Id of the customer's account.", examples=["0011A00001AaAB1ABC"]),
    "assignedTo": text('Name of who works on it, or `""`.', examples=["Tess Technician"]),
}
WHOSE_EXAMPLE = {"masterAccountId": "100123", "accountId": "0011A00001AaAB1ABC", "assignedTo": "Tess Technician"}

_CHANGED: Json = {"type": "object", "additionalProperties": True}
EVENT = record(
    "One thing that happened to a ticket.",
    {
        "type": text("What happened.", examples=["ticket.started"]),
        "by": text("Who did it.", examples=["Tess Technician"]),
        "at": time("When.", "2030-05-27 13:06:27"),
        "before": {**_CHANGED, "description": "The changed fields as they were, by their wire names."},
        "after": {**_CHANGED, "description": "The changed fields as they are since."},
    },
)
ENTRY = record(
    "Time that somebody worked on a ticket.",
    {
        "id": text("The entry's id.", examples=["17"]),
        "workedBy": text("Who worked.", examples=["Tess Technician"]),
        "from": time("When it began.", "2030-05-27 12:36:00"),
        "to": time('When it ended; `""` while it runs.', "2030-05-27 13:06:00", may_be_empty=True),
        "minutes": {
            "type": "integer",
            "minimum": 0,
            "description": "Minutes, each that was begun counted whole; those so far while it runs.",
        },
        "note": text('What was done, or `""`.', examples=["Optic reseated"]),
    },
)
TIME_WORKED = record(
    "All time worked on a ticket.",
    {
        "totalMinutes": {"type": "integer", "minimum": 0, "description": "The sum of the entries' minutes."},
        "entries": listing(ref("TimeEntry"), "In the order in which they were made."),
    },
)
TIME_EXAMPLE = {
    "totalMinutes": 30,
    "entries": [
        {
            "id": "17",
            "workedBy": "Tess Technician",
            "from": "2030-05-27 12:36:00",
            "to": "2030-05-27 13:06:00",
            "minutes": 30,
            "note": "Optic reseated",
        }
    ],
}
KNOWN: Json = {
    **TICKET,
    **WHOSE,
    "internalComments": listing(ref("Comment"), "Notes that the customer never sees, oldest first."),
    "history": listing(ref("Event"), "All that happened, oldest first."),
    "time": ref("TimeWorked"),
}
KNOWN_EXAMPLE = {
    **TICKET_EXAMPLE,
    **WHOSE_EXAMPLE,
    "internalComments": [{**COMMENT_EXAMPLE, "commentedBy": "Tess Technician"}],
    "history": [
        {
            "type": "ticket.started",
            "by": "Tess Technician",
            "at": "2030-05-27 13:06:27",
            "before": {"status": "New", "assignedTo": ""},
            "after": {"status": "In Progress", "assignedTo": "Tess Technician"},
        }
    ],
    "time": TIME_EXAMPLE,
}
_COMMENT = field("comment", "The text.", minLength=1, pattern=NOT_BLANK)
SCHEMAS: Json = {
    "Ticket": record("A ticket with everything known of it.", KNOWN),
    "QueuedTicket": record("A ticket in the queue.", {**LISTED, **WHOSE}, without=("category",)),
    "QueuePage": page_of("QueuedTicket"),
    "Pageable": PAGEABLE,
    "Comment": COMMENT,
    "Event": EVENT,
    "Nothing": {"type": "object", "description": "Nothing is read from it."},
    "Refusing": record(
        "What the customer is told.",
        {name: optional(schema) for name, schema in _COMMENT.items()},
        without=("comment",),
    ),
    "Cancelling": record("Why it is called off.", {"cancelReason": optional(CANCEL_REASON)}, without=("cancelReason",)),
    "Assigning": record(
        "Who is to work on it.",
        {
            "email": text(
                "A staff member's address.", most=254, pattern=f"^{ADDRESS}$", examples=["tess@operator.example"]
            )
        },
    ),
    "Writing": record(
        "What is to be written.",
        {
            **_COMMENT,
            "internal": {
                "type": ["boolean", "null"],
                "default": False,
                "description": "A note that leaves no trace on the customer's side.",
            },
        },
        without=("internal",),
    ),
    "Problem": PROBLEM,
}

_WORDS = {
    400: "The Idempotency-Key is none.",
    401: "No living token.",
    403: "The token is not a staff member's, or he lacks the role.",
    404: "There is no such ticket, or not at the caller's sites.",
    409: "Not possible in this status, or somebody else was first; or the same request is being done just now.",
    412: "The ticket is not as If-Match wants it.",
    413: "The body is larger than the operator allows.",
    415: "Another media type is needed, or another charset than UTF-8 was named.",
    422: "What was sent cannot be; `errors` names every field. Or the Idempotency-Key stands for another request.",
    429: "More requests than the operator allows.",
    500: "A fault on our side; the log knows the correlation id.",
    503: "The service cannot work just now.",
}


RESPONSES: Json = problems(_WORDS, field="comment")
