"""`/api/openapi.json`: our own API for customers, webhooks and the feed, as OpenAPI 3.1."""

from functools import lru_cache
from typing import Any

from starlette.responses import Response

from remotehandsd import webhooks, wire
from remotehandsd.settings import Settings
from remotehandsd.web.api.events import DEFAULT_LIMIT, LARGEST_LIMIT
from remotehandsd.web.api.schemas import (
    ATTEMPT_EXAMPLE,
    EVENT_EXAMPLE,
    ONE_URL,
    RESPONSES,
    SCHEMAS,
    SECRET_EXAMPLE,
    WEBHOOK_EXAMPLE,
)
from remotehandsd.web.call import Call
from remotehandsd.web.openapi import (
    BROKEN,
    PAIR,
    Json,
    account_headers,
    answered,
    headers,
    in_path,
    json_body,
    listing,
    operation,
    parameter,
    ref,
    refused,
    security_schemes,
    text,
)
from remotehandsd.web.openapi_safety import KEY, SAID

DESCRIPTION = """\
What happened on an account's tickets, for programs: as a feed that misses nothing, as a stream, and by webhooks that \
follow the [Standard Webhooks](https://www.standardwebhooks.com) specification. Tokens, account headers and permission \
are those of the tickets. Times are RFC 3339 in UTC; a ticket inside is the one of `/openapi.json`.\
"""
TAGS = {"Events": "What happened.", "Webhooks": "Who is told."}
LOOKING = (400, 401, 403, 429, *BROKEN)
ONE = (400, 401, 403, 404, 429, *BROKEN)
SENDING = (409, 413, 415, 422)

_WEBHOOK = [*PAIR, in_path("id", text("The webhook's id.", examples=["wh_5f0c1d2e3f405162738495a6"]))]
_DELIVERY = in_path("delivery_id", text("The id of an attempt.", examples=["att_2a"]))
_NO_STORE = headers(Cache_Control="`no-store`.")
_MADE = {**_NO_STORE, **headers(Location="Where it is.")}
_SHOWN = answered("The webhook.", ref("Webhook"), WEBHOOK_EXAMPLE)
_UNDER_WAY = answered("It is on its way.", ref("UnderWay"), {"eventId": "evt_3e9_1f4"})
_NOTHING = json_body(ref("Nothing"), {}, required=False)


def _limit(default: int, most: int) -> Json:
    schema = {
        "type": "integer",
        "minimum": 1,
        "maximum": most,
        "default": default,
        "description": "How many at most.",
    }
    return parameter("limit", "query", schema)


def _webhook(id_: str, summary: str, description: str, responses: Json, **more: Any) -> Json:
    key = [KEY] if "requestBody" in more else []
    return operation(id_, "Webhooks", summary, description, responses, parameters=[*_WEBHOOK, *key], **more)


_FEED = operation(
    "getEvents",
    "Events",
    "What happened",
    "Returns events after a cursor, oldest first, none missing and none twice. For who accepts `text/event-stream` "
    "the same address is a stream of them, which goes on after `Last-Event-ID`.",
    {
        "200": {
            "description": "The events.",
            "content": {
                "application/json": {
                    "schema": ref("Events"),
                    "example": {"events": [EVENT_EXAMPLE], "next": EVENT_EXAMPLE["id"]},
                },
            },
        },
        **refused(*LOOKING, 422),
    },
    parameters=[
        *PAIR,
        parameter("after", "query", text("The id of the last event that was read; none: from the first.")),
        _limit(DEFAULT_LIMIT, LARGEST_LIMIT),
    ],
)
_LIST = operation(
    "listWebhooks",
    "Webhooks",
    "All webhooks",
    "Lists the account's webhooks, oldest first.",
    {
        "200": answered("The webhooks.", listing(ref("Webhook"), "All of them."), [WEBHOOK_EXAMPLE]),
        **refused(*LOOKING),
    },
    parameters=PAIR,
)
_CREATE = operation(
    "createWebhook",
    "Webhooks",
    "A new webhook",
    f"Makes a webhook; an account has at most {webhooks.MOST_WEBHOOKS}. The answer holds its secret.",
    {
        "201": answered("It is made.", ref("WebhookWithSecret"), SECRET_EXAMPLE, headers=_MADE),
        **refused(*LOOKING, *SENDING),
    },
    parameters=[*PAIR, KEY],
    requestBody=json_body(ref("NewWebhook"), {"url": ONE_URL, "events": ["ticket.started"]}),
)
_ATTEMPTS = operation(
    "listDeliveries",
    "Webhooks",
    "Attempts to deliver",
    "Lists the attempts of the last 30 days, newest first.",
    {
        "200": answered("The attempts.", listing(ref("Attempt"), "Newest first."), [ATTEMPT_EXAMPLE]),
        **refused(*ONE, 422),
    },
    parameters=[
        *_WEBHOOK,
        parameter("before", "query", text("The id of the last attempt that was seen.")),
        _limit(DEFAULT_LIMIT, webhooks.MOST_ATTEMPTS),
    ],
)
PATHS: Json = {
    "/api/events": {"get": _FEED},
    "/api/webhooks": {"post": _CREATE, "get": _LIST},
    "/api/webhooks/{id}": {
        "get": _webhook("getWebhook", "One webhook", "Returns a webhook.", {"200": _SHOWN, **refused(*ONE)}),
        "put": _webhook(
            "changeWebhook",
            "Change a webhook",
            "Changes what the body names. One that is switched off loses what waits for it.",
            {"200": _SHOWN, **refused(*ONE, *SENDING)},
            requestBody=json_body(ref("ChangedWebhook"), {"active": False}),
        ),
        "delete": _webhook(
            "removeWebhook",
            "Remove a webhook",
            "Removes a webhook and what waits for it.",
            {"204": {"description": "It is gone."}, **refused(*ONE)},
        ),
    },
    "/api/webhooks/{id}/rotate": {
        "post": _webhook(
            "rotateSecret",
            "A new secret",
            "Gives the webhook a new secret. The one before it signs beside it for 24 hours.",
            {
                "200": answered("The new secret.", ref("WebhookWithSecret"), SECRET_EXAMPLE, headers=_NO_STORE),
                **refused(*ONE, *SENDING),
            },
            requestBody=_NOTHING,
        )
    },
    "/api/webhooks/{id}/test": {
        "post": _webhook(
            "testWebhook",
            "Try a webhook",
            "Sends a `webhook.test`, whose `data` is empty.",
            {"202": _UNDER_WAY, **refused(*ONE, *SENDING)},
            requestBody=_NOTHING,
        )
    },
    "/api/webhooks/{id}/deliveries": {"get": _ATTEMPTS},
    "/api/webhooks/{id}/deliveries/{delivery_id}/retry": {
        "post": operation(
            "sendAgain",
            "Webhooks",
            "Send again",
            "Sends again what an attempt sent, however it went: the same bytes under the same id.",
            {"202": _UNDER_WAY, **refused(*ONE, *SENDING)},
            parameters=[*_WEBHOOK, _DELIVERY, KEY],
            requestBody=_NOTHING,
        )
    },
}


def document(settings: Settings) -> Json:
    """Return the document of `/api` for a server with these settings."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Remotehands: events and webhooks", "version": "1", "description": DESCRIPTION + SAID},
        "servers": [{"url": settings.public_url}],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "security": [{"bearer": []}, {"oauth2": []}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "responses": RESPONSES,
            "parameters": account_headers(settings),
            "securitySchemes": security_schemes(settings.public_url),
        },
    }


@lru_cache(1)
def _encoded(settings: Settings) -> bytes:
    return wire.encode(document(settings))


async def show(call: Call) -> Response:
    """Send the document; it is the same as long as the settings are."""
    return Response(_encoded(call.house.settings), media_type="application/json")
