"""What the operations of the operator's OpenAPI document share."""

from typing import Any

from remotehandsd.web.openapi import BROKEN, Json, answered, in_path, json_body, operation, ref, refused
from remotehandsd.web.openapi_safety import IF_MATCH, KEY, TAG
from remotehandsd.web.openapi_ticket import ID
from remotehandsd.web.operator.schemas import KNOWN_EXAMPLE

TICKET_ID = in_path("id", ID)
KNOWN_TICKET = answered("The ticket, with everything known of it.", ref("Ticket"), KNOWN_EXAMPLE, headers=TAG)
SENDING = (400, 401, 403, 404, 409, 413, 415, 422, 429, *BROKEN)
MOVING = (*SENDING, 412)


def sends(id_: str, tag: str, words: tuple[str, str], body: Json, *parameters: Json) -> Json:
    """Return an operation that changes something and answers with the ticket; `words` are summary and description."""
    return operation(
        id_,
        tag,
        *words,
        {"200": KNOWN_TICKET, **refused(*MOVING)},
        parameters=[TICKET_ID, *parameters, KEY, IF_MATCH],
        requestBody=body,
    )


def move(id_: str, summary: str, description: str, body: str, example: Any, *, required: bool = False) -> Json:
    """Return a move: a POST with a JSON body of this schema."""
    return {"post": sends(id_, "Moves", (summary, description), json_body(ref(body), example, required=required))}
