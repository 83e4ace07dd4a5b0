"""How the customers' wire says no: the family's envelope and messages (contract.md section 3)."""

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.errors import Fault, Invalid, NotAllowed, NotFound, Rule, WrongMoment
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import TEXTS, BadHeader, BadPair, BadQuery, Refused, as_refused

MESSAGES = {
    400: "Bad request was submitted.",
    401: "Unauthorized. Access token is missing or invalid.",
    404: "Resource not found.",
    405: "Method not allowed.",
    413: "Payload too large.",
    415: "Unsupported media type.",
    500: "There was an unexpected system error.",
    503: "Service is unavailable. Please try again.",
    **TEXTS,
}
NOT_PERMITTED = "The requested operation is not permitted for the user."
MANDATORY_ENUMS = frozenset({"request_type", "category", "grant_type"})
IN_QUERY = {"file_name": "file_name"}


def message_of(fault: Fault) -> str:
    """Return the family's message for one fault of one field."""
    if fault.field in IN_QUERY:
        name = IN_QUERY[fault.field]
        if fault.rule is Rule.MISSING:
            return f"Mandatory query parameter '{name}' is null or empty."
        return f"Query parameter '{name}' has an invalid value."
    name = wire.NAMES.get(fault.field, fault.field)
    match fault.rule:
        case Rule.MISSING:
            return f"Mandatory payload '{name}' is null or empty."
        case Rule.TOO_LONG:
            return f"Payload '{name}' has exceeded the maximum length of {fault.limit}."
        case Rule.TOO_MANY:
            return f"Payload '{name}' has exceeded the maximum number of {fault.limit} on a ticket."
        case Rule.BAD_EMAIL:
            return f"Payload '{name}' has an invalid email."
        case Rule.MISMATCH:
            # Without a full stop, as recorded.
            return f"Payload '{name}' has an unexpected value for the given 'requestType'"
        case Rule.WRONG_VALUE:
            mandatory = "Mandatory payload" if fault.field in MANDATORY_ENUMS else "Payload"
            return f"{mandatory} '{name}' has an invalid value."


def envelope(status: int, message: str, correlation_id: str, headers: dict[str, str] | None = None) -> Response:
    """Return the family's error envelope."""
    kind = "client" if status < 500 else "server"
    return json_answer({"error": {"correlationId": correlation_id, "type": kind, "message": message}}, status, headers)


def answer(error: Exception, correlation_id: str) -> Response:
    """Translate a refusal; the order of checks is the endpoints', the words are here."""
    error = as_refused(error)
    match error:
        case Refused():
            return envelope(error.status, MESSAGES[error.status], correlation_id, error.headers)
        case BadPair() | BadHeader():
            return envelope(400, MESSAGES[400], correlation_id)
        case BadQuery():
            return envelope(400, ",".join(message for _, message in error.faults), correlation_id)
        case NotAllowed():
            # 401, not 403: recorded.
            return envelope(401, NOT_PERMITTED, correlation_id)
        case NotFound():
            return envelope(404, MESSAGES[404], correlation_id)
        case WrongMoment():
            message = f"The requested operation is not permitted for the status '{error.status}'."
            return envelope(400, message, correlation_id)
        case Invalid():
            return envelope(400, ",".join(map(message_of, error.faults)), correlation_id)
        case _:
            return envelope(500, MESSAGES[500], correlation_id)
