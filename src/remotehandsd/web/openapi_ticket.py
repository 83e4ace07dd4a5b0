"""What the customers' OpenAPI document and the operator's both say of a ticket."""

from typing import Any

from remotehandsd.tickets import CATEGORIES, CancelReason, Category, RequestType, Status
from remotehandsd.tickets.ticket import SITE_LENGTH
from remotehandsd.web import paging
from remotehandsd.web.openapi import Json, choice, field, listing, optional, parameter, record, ref, text, time

TICKET_ID = "^WO[1-9][0-9]{6,17}$"
NO_NUL = r"^[^\x00]*$"
SOMETHING = r"[^\s\x1c-\x1f\x85]"
NOT_BLANK = r"^[^\x00]*[^\x00\s\x1c-\x1f\x85][^\x00]*$"
_PART = r'[^@\s\x00-\x1f\x7f-\x9f,<>"]'
ADDRESS = rf"{_PART}+@{_PART}*\.{_PART}*"
RECIPIENTS = rf"^(?: *{ADDRESS} *(?:, *{ADDRESS} *)*)?$"

REQUEST_TYPE = "How soon the work is wanted."
CATEGORY = "What kind of work it is."
CANCEL_REASON = choice(
    f"Why the ticket is to be called off. Not given, it is `{CancelReason.NO_LONGER_NEEDED}`.", CancelReason
)
CATEGORIES_IN_WORDS = "; ".join(
    f"{request_type}: {', '.join(f'`{category}`' for category in allowed)}"
    for request_type, allowed in CATEGORIES.items()
)
SITE = text("A site's code.", most=SITE_LENGTH, minLength=SITE_LENGTH, examples=["PHX015"])
ID = text("The ticket's number: `WO` and seven or more digits.", pattern=TICKET_ID, examples=["WO9271371"])
UNSET = 'It is `""` when it is not set.'

COMMENT = record(
    "What somebody wrote on a ticket.",
    {
        **field("comment", "The text."),
        "commentedBy": text("Who wrote it, by the name that people know.", examples=["Ada Example"]),
        "commentedOn": time("When it was written.", "2030-08-30 12:30:00"),
    },
)
COMMENT_EXAMPLE = {
    "comment": "Optic is in the tray",
    "commentedBy": "Ada Example",
    "commentedOn": "2030-05-26 21:20:00",
}

_TIMES = {
    "createdOn": time("When it was opened.", "2030-05-26 21:07:32"),
    "updatedOn": time("When it was last changed.", "2030-05-27 13:06:27"),
    "closedOn": time(f"When it was completed or cancelled. {UNSET}", "2030-05-28 09:00:00", may_be_empty=True),
    "createdBy": text(f"Who opened it, by the name that people know. {UNSET}", examples=["Ada Example"]),
}
_HEAD = {
    "id": ID,
    **field("title", "What it is about, in one line.", examples=["Test the patch to switch 2"]),
    "status": choice("Where the ticket stands.", Status),
    "site": SITE,
    **field("location", f"Where at the site. {UNSET}", examples=["Cage F150-B"]),
}

TICKET: Json = {
    **_HEAD,
    "requestType": choice(REQUEST_TYPE, RequestType),
    "category": choice(f"{CATEGORY} {UNSET}", [*Category, ""]),
    **field("instruction", f"What is to be done, in full. {UNSET}"),
    **field("customer_reference", f"The customer's own reference. {UNSET}", examples=["REF05678"]),
    **field("reference_ticket", f"The number of another ticket; it is not looked up. {UNSET}"),
    "cancelReason": {
        **optional(CANCEL_REASON),
        "description": "Why the ticket was called off, or is to be. Null when nobody asked for that.",
    },
    **_TIMES,
    "ticketType": choice("Always the same here.", ["Remote Hands"]),
    **field(
        "recipients",
        f"E-mail addresses that are told of changes, separated by commas, as they were given. {UNSET}",
        examples=["ops@example.com, noc@example.com"],
    ),
    "comments": listing(ref("Comment"), "The comments that the customer sees, oldest first."),
}
"""The properties of a ticket, in the wire's order."""

TICKET_EXAMPLE: Json = {
    "id": "WO9271371",
    "title": "Test the patch to switch 2",
    "status": "In Progress",
    "site": "IAD024",
    "location": "Cage F150-B",
    "requestType": "Urgent Work",
    "category": "Equipment troubleshoot or replacement",
    "detailedInstruction": "Please reseat the optic in port 12",
    "customerReference": "REF05678",
    "referenceTicket": "",
    "cancelReason": None,
    "createdOn": "2030-05-26 21:07:32",
    "updatedOn": "2030-05-27 13:06:27",
    "closedOn": "",
    "createdBy": "Ada Example",
    "ticketType": "Remote Hands",
    "notificationRecipients": "ops@example.com, noc@example.com",
    "comments": [COMMENT_EXAMPLE],
}

LISTED: Json = {
    **_HEAD,
    "category": choice(f"{CATEGORY} Absent from tickets that came in by another channel without one.", Category),
    "requestType": choice(REQUEST_TYPE, RequestType),
    **_TIMES,
}
"""The properties of a ticket in a list, in the wire's order; `category` can be absent."""

LISTED_EXAMPLE: Json = {
    "id": "WO9331924",
    "title": "Swap the tapes",
    "status": "New",
    "site": "PHX015",
    "location": "",
    "category": "Tape swaps",
    "requestType": "Planned Work",
    "createdOn": "2030-08-03 16:58:01",
    "updatedOn": "2030-08-03 16:58:01",
    "closedOn": "",
    "createdBy": "Ada Example",
}


def _count(description: str, **more: Any) -> Json:
    return {"type": "integer", "minimum": 0, "description": description, **more}


def _says(description: str) -> Json:
    return {"type": "boolean", "description": description}


PAGEABLE = record(
    "Which page this is, of how many.",
    {
        "last": _says("No page comes after this one."),
        "totalPages": _count("Pages of this size; 0 when nothing matches."),
        "totalElements": _count("Tickets that match."),
        "size": _count("Size that was asked for.", maximum=paging.LARGEST_SIZE),
        "number": _count("Page that was asked for, counted from 0, even past the end."),
        "numberOfElements": _count("Tickets on this page."),
        "first": _says("This is page 0."),
        "empty": _says("There is nothing on this page."),
    },
)


def page_of(name: str) -> Json:
    """Return one page of a list of these."""
    return record(
        "One page of a list.",
        {"content": listing(ref(name), "Newest first."), "pageable": ref("Pageable")},
    )


def page_example(item: Json) -> Json:
    """Return a page with one ticket on it."""
    of = {"size": paging.DEFAULT_SIZE, "number": 0, "numberOfElements": 1, "first": True, "empty": False}
    return {"content": [item], "pageable": {"last": True, "totalPages": 1, "totalElements": 1, **of}}


def asked(name: str, schema: Json) -> Json:
    """Return a query parameter that need not be given; an empty one is not."""
    return parameter(name, "query", schema, allowEmptyValue=True)


FILTERS = [
    asked("site", text("Only tickets of this site, by its code.", examples=["PHX015"])),
    asked("status", choice("Only tickets that stand here.", Status)),
    asked("requestType", choice("Only tickets of this request type.", RequestType)),
    asked("category", choice("Only tickets of this category.", Category)),
    asked("createdBy", text("Only tickets that this person opened, by the exact name.")),
]
PAGING = [
    asked(
        "size",
        {
            "type": "integer",
            "description": "Tickets a page.",
            "minimum": 1,
            "maximum": paging.LARGEST_SIZE,
            "default": paging.DEFAULT_SIZE,
        },
    ),
    asked(
        "page",
        {
            "type": "integer",
            "description": "Page, counted from 0.",
            "minimum": 0,
            "maximum": paging.LAST_PAGE,
            "default": 0,
        },
    ),
]
