"""How long a ticket waits, in words, beside what is usual for its kind."""

import msgspec

from remotehandsd import tickets
from remotehandsd.tickets import ListedTicket, Status, Ticket, Usual
from remotehandsd.web.texts import text

Usuals = dict[tuple[str, str], Usual]


class Waiting(msgspec.Struct, frozen=True):
    """`age` and `usual` in words (`""` where nothing is known); `pace` is `in_time`, `long`, `very_long` or `""`."""

    age: str
    usual: str
    pace: str


def age(seconds: int) -> str:
    """Return a length of time in one word or two."""
    minutes = max(0, seconds) // 60
    if minutes < 60:
        return text("desk.age.minutes", count=minutes)
    if minutes < 48 * 60:
        return text("desk.age.hours", count=minutes // 60)
    return text("desk.age.days", count=minutes // 1440)


def waiting(ticket: ListedTicket | Ticket, usual: Usuals, *, now: int) -> Waiting:
    """Compare a ticket's age with the usual of its kind: to the start while New, then to completion."""
    ratio = tickets.age_in_usual(ticket, usual, now=now)
    of_kind = usual.get((ticket.request_type, ticket.category), Usual())
    seconds = of_kind.to_start if ticket.status == Status.NEW else of_kind.to_complete
    pace = "" if ratio is None else "in_time" if ratio <= 1 else "long" if ratio <= 2 else "very_long"
    # A minute at least: "within 0 min" would say nothing.
    within = "" if ratio is None or seconds is None else age(max(60, seconds))
    return Waiting(age(now - ticket.created_at), within, pace)
