"""One thing that happened."""

import re
from typing import Any

import msgspec

TOLD = (
    "ticket.created",
    "ticket.started",
    "ticket.updated",
    "ticket.commented",
    "ticket.attachment_added",
    "ticket.cancellation_requested",
    "ticket.cancellation_refused",
    "ticket.cancelled",
    "ticket.completed",
)
"""What customers may see and are told of; any other type is the operator's own (interfaces.md section 6)."""


class Event(msgspec.Struct, frozen=True):
    """What happened, by whom, when (seconds since 1970, UTC), and the changed fields before and after."""

    type: str
    by: str
    at: int
    before: dict[str, Any]
    after: dict[str, Any]


class Logged(msgspec.Struct, frozen=True):
    """What was done about something else than a ticket: `about` names what (a site, a person, an app)."""

    id: int
    type: str
    about: str
    by: str
    at: int
    before: dict[str, Any]
    after: dict[str, Any]


class Past(msgspec.Struct, frozen=True):
    """Something about a ticket that is written down later than it happened, not by who did it; nobody is told."""

    account: int
    ticket: int
    by: str
    at: int
    after: dict[str, Any]


class Mark(msgspec.Struct, frozen=True, order=True):
    """A place among the events in the order in which they are told; nothing is ever added below one that is read."""

    place: int
    id: int

    @property
    def name(self) -> str:
        """Return the mark as customers see it: the name of an event, to be kept and given back, not to be read."""
        return f"evt_{self.place:x}_{self.id:x}"


START = Mark(0, 0)
END = Mark(2**63 - 1, 2**63 - 1)

_NAME = re.compile(r"evt_([1-9a-f][0-9a-f]{0,15})_([1-9a-f][0-9a-f]{0,15})", re.ASCII)
_LARGEST = 2**63 - 1


def mark_named(name: str) -> Mark | None:
    """Return the mark of this name, None when it cannot be one."""
    found = _NAME.fullmatch(name)
    place, id_ = (int(part, 16) for part in found.groups()) if found else (0, 0)
    return Mark(place, id_) if 0 < place <= _LARGEST and 0 < id_ <= _LARGEST else None


class Told(msgspec.Struct, frozen=True):
    """An event that the account's people and programs may know of. `user` or `staff` is the key of who did it."""

    id: int
    place: int
    environment: str
    account: int
    ticket: int
    type: str
    by: str
    user: int | None
    staff: int | None
    at: int
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def mark(self) -> Mark:
        """Return where it stands among the others."""
        return Mark(self.place, self.id)

    @property
    def name(self) -> str:
        """Return the name by which customers know it, the same wherever it is told."""
        return self.mark.name
