"""What the web itself refuses, before any noun is asked."""

from collections.abc import Mapping
from typing import Protocol

from starlette.responses import Response

from remotehandsd.errors import (
    AlreadyUsed,
    HasChanged,
    Limited,
    LostRace,
    NotSignedIn,
    Refusal,
    StillRunning,
    TooLarge,
    WrongMoment,
)
from remotehandsd.kit.db import Unavailable
from remotehandsd.kit.files import FilesAway, NoRoom


class Refused(Exception):  # noqa: N818
    """A request that is refused for its form; `status` is HTTP's."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.headers = dict(headers or {})


class BadPair(Exception):  # noqa: N818
    """The account headers are missing or malformed."""


class BadHeader(Exception):  # noqa: N818
    """A header that cannot be: its name, and a sentence about it."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(name, sentence)
        self.name = name
        self.sentence = sentence


class BadQuery(Exception):  # noqa: N818
    """Query parameters that cannot be: each with its name, and a message in the family's words."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__(faults)
        self.faults = faults


class Gone(Exception):  # noqa: N818
    """The client went away; nobody is left to answer."""


REFUSALS = (Refusal, Refused, BadHeader, BadPair, BadQuery, LostRace)
"""Everything that says no to a request; anything else that is raised is trouble, or a bug."""


class Dialect(Protocol):
    """How one part of the web says no: the same refusals in its own words."""

    def __call__(self, error: Exception, correlation_id: str) -> Response:
        """Return the answer for a refusal, or, for anything unknown, that the fault is ours."""


RETRY_SECONDS = 2
"""What Retry-After says when the database, the disk or the object store cannot serve."""


TEXTS = {
    409: "A request with this Idempotency-Key is in progress.",
    412: "The ticket has changed.",
    422: "Idempotency-Key was used with another request.",
    429: "Too many requests.",
}
"""What every API says of these (contract.md section 17.21)."""


def as_refused(error: Exception) -> Exception:
    """Return refusals that every part of the web answers alike as Refused; anything else as it is."""
    match error:
        case Unavailable() | NoRoom() | FilesAway():
            return Refused(503, {"Retry-After": str(RETRY_SECONDS)})
        case Limited():
            return Refused(429, {"Retry-After": str(error.seconds)})
        case TooLarge():
            return Refused(413)
        case NotSignedIn():
            return Refused(401, {"WWW-Authenticate": "Bearer"})
        case StillRunning():
            return Refused(409, {"Retry-After": "1"})
        case HasChanged():
            return Refused(412)
        case AlreadyUsed():
            return Refused(422)
        case LostRace():
            return WrongMoment(error.status)
        case _:
            return error
