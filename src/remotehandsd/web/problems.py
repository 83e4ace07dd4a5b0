"""How our own APIs (the operator's, and `/api`) say no: `application/problem+json` (RFC 9457)."""

from typing import Any

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.errors import Invalid, NotAllowed, NotFound, WrongMoment
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import TEXTS, BadHeader, BadPair, BadQuery, Refused, as_refused

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Not possible now",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid input",
    429: "Too many requests",
    500: "Our fault",
    503: "Unavailable",
}


def problem(
    status: int, correlation_id: str, detail: str = "", headers: dict[str, str] | None = None, **more: Any
) -> Response:
    """Return a problem document; `correlationId` joins it with the log."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status}
    if detail:
        body["detail"] = detail
    body |= {"correlationId": correlation_id, **more}
    return json_answer(body, status, headers, "application/problem+json")


def answer(error: Exception, correlation_id: str) -> Response:
    """Translate a refusal."""
    error = as_refused(error)
    match error:
        case Refused(status=400):
            return invalid([{"field": "", "message": "The body must be a JSON object in UTF-8."}], correlation_id)
        case Refused(status=422):
            return invalid([{"field": "Idempotency-Key", "message": TEXTS[422]}], correlation_id)
        case Refused():
            return problem(error.status, correlation_id, TEXTS.get(error.status, ""), error.headers)
        case BadHeader():
            return problem(400, correlation_id, f"{error.name}: {error.sentence}")
        case BadPair():
            sentence = "Master-Account-Id and Account-Id must name an account, each in its form."
            return problem(400, correlation_id, sentence)
        case BadQuery():
            return invalid([{"field": field, "message": sentence} for field, sentence in error.faults], correlation_id)
        case NotAllowed():
            return problem(403, correlation_id, error.sentence)
        case NotFound():
            return problem(404, correlation_id, error.sentence)
        case WrongMoment():
            return problem(409, correlation_id, error.sentence)
        case Invalid():
            errors = [
                {"field": wire.NAMES.get(fault.field, fault.field), "message": fault.sentence} for fault in error.faults
            ]
            return invalid(errors, correlation_id)
        case _:
            return problem(500, correlation_id)


def invalid(errors: list[dict[str, str]], correlation_id: str) -> Response:
    """Return 422 that names every field."""
    return problem(422, correlation_id, " ".join(error["message"] for error in errors), errors=errors)
