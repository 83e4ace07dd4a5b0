"""From an answer that is no success to the exception that says why."""

import msgspec

from remotehands.errors import (
    ApiError,
    Invalid,
    Limited,
    NotAllowed,
    NotAServer,
    NotFound,
    NotSignedIn,
    Refused,
    RemotehandsError,
    Unavailable,
)
from remotehands.exchange import Answer

WITHOUT_WORDS = frozenset({413, 429, 500, 502, 503, 504})
"""Statuses that a proxy may answer in the server's place, in words of its own."""


def accepted(answer: Answer) -> Answer:
    """Return an answer of 2xx; raise what any other means."""
    if 200 <= answer.status < 300:
        return answer
    raise refusal(answer)


def refusal(answer: Answer) -> RemotehandsError:
    """Return what an answer that is no success means."""
    if answer.status < 400:
        where = answer.headers.get("location", "")
        return NotAServer(f"The server answered with a redirect ({answer.status}) to {where or 'nowhere'}.")
    said = _said(answer)
    if said is None:
        return NotAServer(f"The server answered with status {answer.status}, but not as this API does.")
    return _kind(answer.status, said[0])(answer.status, *said)


def is_stale_token(answer: Answer) -> bool:
    """Tell whether a token that was once good is not taken any more."""
    said = _said(answer) if answer.status == 401 else None
    return said is not None and _kind(401, said[0]) is NotSignedIn


def _kind(status: int, message: str) -> type[ApiError]:
    is_not_permitted = "not permitted" in message
    match status:
        # The family has no 403 and no 409: who may not is told 401, and what cannot be now is told 400.
        case 400 if is_not_permitted and "status" in message:
            return Refused
        case 401 if is_not_permitted:
            return NotAllowed
        case _:
            return KINDS.get(status, ApiError)


KINDS: dict[int, type[ApiError]] = {
    400: Invalid,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Refused,
    422: Invalid,
    429: Limited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def _said(answer: Answer) -> tuple[str, str] | None:
    """Return the message and the correlation id; None where it is not this API that speaks."""
    nothing = ("", "")
    try:
        value = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        # The family leaks an XML envelope, and answers some statuses without a body.
        is_known = not answer.body or "xml" in answer.headers.get("content-type", "").replace("xhtml", "")
        return nothing if is_known or answer.status in WITHOUT_WORDS else None
    error = value.get("error", value) if isinstance(value, dict) else None
    if not isinstance(error, dict):
        error = value if isinstance(value, dict) else {}
    message, correlation_id = error.get("message"), error.get("correlationId")
    if not isinstance(message, str):
        return nothing if answer.status in WITHOUT_WORDS else None
    return message, correlation_id if isinstance(correlation_id, str) else ""
