"""Access tokens in the family's dialect: how one is asked for, and how long it is used."""

from urllib.parse import urlencode

import msgspec

from remotehands import reading
from remotehands.errors import NotAServer
from remotehands.exchange import Answer, Needs, Request
from remotehands.settings import Settings

MARGIN_SECONDS = 30.0
"""How long before its end a token is replaced, but never more than a tenth of its life."""


class Token(msgspec.Struct, frozen=True):
    """A token, and when to stop using it, by the monotonic clock."""

    text: str
    ends_at: float

    def __repr__(self) -> str:
        return "Token(...)"


def request(settings: Settings) -> Request:
    """Return the request for a token."""
    form = {
        "grant_type": "client_credentials",
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
    }
    return Request(
        "POST",
        "/v2/auth/token",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode(form).encode(),
        needs=Needs.NOTHING,
    )


def read(answer: Answer, asked_at: float) -> Token:
    """Return the token of an answer. `expires_in` is a string in the family, a number in the standard."""
    body = reading.parsed(answer.body)
    text = reading.member(body, "access_token")
    if not isinstance(text, str) or not text.isascii() or not text.isprintable():
        raise NotAServer("The server's token is none.")
    try:
        life = float(reading.member(body, "expires_in"))
    except (TypeError, ValueError):
        raise NotAServer("The server does not say in seconds how long its token lives.") from None
    return Token(text, asked_at + life - min(MARGIN_SECONDS, life / 10))
