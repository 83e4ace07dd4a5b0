"""The ticket, its comments, its number, and the limits of its fields."""

import re

import msgspec

from remotehandsd.tickets.flow import CLOSED, Stand, Status, is_possible

LIMITS = {
    "title": 160,
    "location": 40,
    "instruction": 32_768,
    "customer_reference": 40,
    "reference_ticket": 20,
    "recipients": 32_768,
    "comment": 4096,
    "time_note": 400,
    "reason": 400,
}
"""Longest values in Unicode characters (contract.md sections 8, 11 and 15.2; the last two are ours)."""

SITE_LENGTH = 6

_NUMBER = re.compile(r"WO([1-9][0-9]{6,17})", re.ASCII)


class Comment(msgspec.Struct, frozen=True):
    """What somebody wrote on a ticket; `at` in seconds since 1970, UTC."""

    body: str
    by: str
    at: int
    internal: bool = False


class Ticket(msgspec.Struct, frozen=True):
    """A work order. Times are seconds since 1970, UTC; a text that is not set is `""`.

    `category` is `""` only for tickets that came in by another channel. `assigned_to` is a staff member's key.
    """

    number: int
    account: int
    title: str
    status: Status
    status_before: Status | None
    site: str
    location: str
    request_type: str
    category: str
    instruction: str
    customer_reference: str
    reference_ticket: str
    cancel_reason: str | None
    recipients: str
    created_by: str
    created_at: int
    updated_at: int
    closed_at: int | None
    assigned_to: int | None
    comments: tuple[Comment, ...] = ()

    @property
    def stand(self) -> Stand:
        """Return where the ticket stands, for the table of moves."""
        return Stand(self.status, self.status_before)

    @property
    def is_open(self) -> bool:
        """Tell whether something may still happen to it."""
        return self.status not in CLOSED

    def may(self, move: str) -> bool:
        """Tell whether a move of the table in flow.py is possible now, such as `comment`; whoever may make it."""
        return is_possible(move, self.stand)


class ListedTicket(msgspec.Struct, frozen=True):
    """A ticket as a list shows it. The last four are for the operator's queue."""

    number: int
    title: str
    status: str
    site: str
    location: str
    category: str
    request_type: str
    created_at: int
    updated_at: int
    closed_at: int | None
    created_by: str
    master_id: str = ""
    account_id: str = ""
    assigned_to: str = ""
    account_name: str = ""


def wire_number(number: int) -> str:
    """Return a ticket's number as people know it: `WO` and at least seven digits."""
    return f"WO{number}"


def number_of(text: str) -> int | None:
    """Return the number in a text such as `WO1000001`, or None when it cannot be one of ours."""
    match = _NUMBER.fullmatch(text)
    return int(match[1]) if match else None
