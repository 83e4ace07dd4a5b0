"""The components of the OpenAPI document of `/api`: what goes over the wire, and how it says no."""

from remotehandsd.events import TOLD
from remotehandsd.kit.outbound import LONGEST_URL
from remotehandsd.web.openapi import Json, choice, listing, optional, record, ref, text
from remotehandsd.web.openapi_problem import PROBLEM, problems
from remotehandsd.web.openapi_ticket import COMMENT, NO_NUL, TICKET, TICKET_EXAMPLE
from remotehandsd.webhooks import LONGEST_DESCRIPTION, TEST

ONE_URL = "https://inventory.example.com/hands"
SECRET = "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def _moment(description: str) -> Json:
    return text(f"{description} RFC 3339, UTC.", format="date-time", examples=["2030-05-26T21:07:32Z"])


_EVENT_ID = text("The event's id, a cursor of the feed. To be kept and given back, not to be read.")
_ID = text("The webhook's id.", examples=["wh_5f0c1d2e3f405162738495a6"])
_TYPES = listing(choice("An event type.", TOLD), "The event types that are told there.")
_URL = text(
    "Where it is told: `https`, without user name, password and fragment, to a public address.",
    most=LONGEST_URL,
    format="uri",
    pattern="^https://",
    examples=[ONE_URL],
)
_DESCRIPTION = text("For people.", most=LONGEST_DESCRIPTION, pattern=NO_NUL)
_ACTIVE: Json = {"type": "boolean", "description": "Whether anything is told there."}
_SHOWN: Json = {
    "id": _ID,
    "url": text("Where it is told."),
    "events": _TYPES,
    "description": text("For people."),
    "active": _ACTIVE,
}
_SECRET: Json = {
    "secret": text("What signs, by the Standard Webhooks specification. Shown here and never again.", examples=[SECRET])
}
_MADE: Json = {"createdOn": _moment("When it was made.")}
_ASKED: Json = {
    "events": optional(
        {**_TYPES, "minItems": 1, "description": "What is to be told there; absent: everything, later types included."}
    ),
    "description": optional(_DESCRIPTION),
    "active": optional(_ACTIVE),
}
WEBHOOK_EXAMPLE = {
    "id": "wh_5f0c1d2e3f405162738495a6",
    "url": ONE_URL,
    "events": ["ticket.started", "ticket.completed"],
    "description": "",
    "active": True,
    "createdOn": "2030-05-26T21:07:32Z",
}
SECRET_EXAMPLE = {**WEBHOOK_EXAMPLE, "secret": SECRET}
EVENT_EXAMPLE = {
    "id": "evt_3e9_1f4",
    "type": "ticket.started",
    "timestamp": "2030-05-26T21:07:32Z",
    "data": {"sequence": 3, "ticket": TICKET_EXAMPLE, "earlierComments": 0},
}
ATTEMPT_EXAMPLE = {
    "id": "att_2a",
    "eventId": "evt_3e9_1f4",
    "type": "ticket.started",
    "time": "2030-05-26T21:07:33Z",
    "status": 204,
    "duration": 87,
    "error": "",
}
SCHEMAS: Json = {
    "Ticket": record("A ticket, as it stood after the event.", TICKET),
    "Comment": COMMENT,
    "Event": record(
        "What happened to a ticket.",
        {
            "id": _EVENT_ID,
            "type": choice("What happened.", TOLD),
            "timestamp": _moment("When it happened."),
            "data": record(
                "About what.",
                {
                    "sequence": {
                        "type": "integer",
                        "minimum": 1,
                        "description": "Its number among the ticket's events that customers may see.",
                    },
                    "ticket": ref("Ticket"),
                    "earlierComments": {
                        "type": "integer",
                        "minimum": 0,
                        "description": "How many comments came before the ticket's newest 20, which stand in it.",
                    },
                },
            ),
        },
    ),
    "Events": record(
        "Events in order.",
        {
            "events": listing(ref("Event"), "The events, oldest first."),
            "next": text("The `after` of the next call.", examples=["evt_3e9_1f4"]),
        },
    ),
    "Webhook": record("An address that is told what happens.", {**_SHOWN, **_MADE}),
    "WebhookWithSecret": record("The same with its new secret.", {**_SHOWN, **_SECRET, **_MADE}),
    "NewWebhook": record("What is to be made.", {"url": _URL, **_ASKED}, without=_ASKED),
    "ChangedWebhook": record(
        "What is to be changed; the rest stays.", {"url": optional(_URL), **_ASKED}, without=("url", *_ASKED)
    ),
    "UnderWay": record("What is being sent.", {"eventId": text("The `webhook-id` that it carries.")}),
    "Attempt": record(
        "One attempt to tell a webhook of an event.",
        {
            "id": text("The attempt's id.", examples=["att_2a"]),
            "eventId": text("The `webhook-id`."),
            "type": choice("What happened.", [*TOLD, TEST]),
            "time": _moment("When it began."),
            "status": {"type": ["integer", "null"], "description": "What was answered, null without an answer."},
            "duration": {"type": "integer", "minimum": 0, "description": "How long it took, in milliseconds."},
            "error": text('What was wrong, `""` for nothing.'),
        },
    ),
    "Nothing": {"type": "object", "description": "Nothing is read from it."},
    "Problem": PROBLEM,
}

_WORDS = {
    400: "The account headers are missing or malformed.",
    401: "No living token.",
    403: "The account is not one of yours, or you lack the permission.",
    404: "There is no such webhook, or not of this account.",
    409: "The account has its full number of webhooks, the webhook is not active, or a request with this key runs.",
    413: "The body is larger than the operator allows.",
    415: "Another media type is needed, or another charset than UTF-8 was named.",
    422: "What was sent cannot be; `errors` names every field.",
    429: "Too many requests.",
    500: "A fault on our side; the log knows the correlation id.",
    503: "The service cannot work just now.",
}
RESPONSES: Json = problems(_WORDS, field="url")
