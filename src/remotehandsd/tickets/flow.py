"""The life of a ticket on one page: what is done, from which statuses, to which.

Nothing else knows what may follow what (contract.md section 14).
"""

from enum import StrEnum

import msgspec

from remotehandsd.errors import WrongMoment


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "New"
    IN_PROGRESS = "In Progress"
    CANCELLATION_REQUESTED = "Cancellation Requested"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


STATUSES = frozenset(map(str, Status))
BEFORE = None
"""As a target: the status that the ticket had before the cancellation was asked for."""

_new, _doing, _asked = Status.NEW, Status.IN_PROGRESS, Status.CANCELLATION_REQUESTED
_done, _off = Status.COMPLETED, Status.CANCELLED

MOVES: dict[str, dict[Status, Status | None]] = {
    "start": {_new: _doing},
    "complete": {_doing: _done, _asked: _done},
    "request_cancellation": {_new: _asked, _doing: _asked},
    "grant_cancellation": {_asked: _off},
    "refuse_cancellation": {_asked: BEFORE},
    "cancel": {_new: _off, _doing: _off},
    # These change the ticket and leave its status.
    "edit": {_new: _new, _doing: _doing},
    "comment": {_new: _new, _doing: _doing, _asked: _asked},
    "attach": {_new: _new, _doing: _doing, _asked: _asked},
    "assign": {_new: _new, _doing: _doing, _asked: _asked},
    "start_time": {_new: _new, _doing: _doing, _asked: _asked},
    "book_time": {_new: _new, _doing: _doing, _asked: _asked, _done: _done, _off: _off},
    "note": {_new: _new, _doing: _doing, _asked: _asked, _done: _done, _off: _off},
}
"""Each move: from which status it is possible, and where it leads."""

CLOSED = frozenset({_done, _off})


class Stand(msgspec.Struct, frozen=True):
    """Where a ticket stands, and where it stood before a cancellation was asked for."""

    status: Status
    before: Status | None


def after(move: str, stand: Stand) -> Status:
    """Return the status that a move leads to; WrongMoment when it is not possible now.

    Work that had not begun cannot be completed by way of an asked-for cancellation.
    """
    targets = MOVES[move]
    if stand.status not in targets:
        raise WrongMoment(stand.status)
    if move == "complete" and stand.status == _asked and stand.before != _doing:
        raise WrongMoment(stand.status)
    target = targets[stand.status]
    if target is BEFORE:
        assert stand.before is not None
        return stand.before
    return target


def is_possible(move: str, stand: Stand) -> bool:
    """Tell whether a move is possible now."""
    try:
        after(move, stand)
    except WrongMoment:
        return False
    return True
