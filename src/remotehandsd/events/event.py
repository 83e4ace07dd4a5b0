"""One thing that happened."""

from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True):
    """What happened, by whom, when (seconds since 1970, UTC), and the changed fields before and after."""

    type: str
    by: str
    at: int
    before: dict[str, Any]
    after: dict[str, Any]


class Past(msgspec.Struct, frozen=True):
    """Something about a ticket that is written down later than it happened, not by who did it."""

    account: int
    ticket: int
    by: str
    at: int
    after: dict[str, Any]
