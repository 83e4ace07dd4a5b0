"""What a customer sees first: how his tickets stand, how many were opened lately, and what changed last."""

from typing import Any

import msgspec

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.tickets import store

DAY = 86_400
DAYS = 30
"""Days that are shown, with today."""
CHANGES = 10
LOOKED_AT = 60
"""Events among which the latest changed tickets are looked for."""


class Change(msgspec.Struct, frozen=True):
    """What happened last on a ticket: an event's type, by whom, when, what it set; and how the ticket stands now."""

    number: int
    title: str
    status: str
    type: str
    by: str
    at: int
    after: dict[str, Any]


class Home(msgspec.Struct, frozen=True):
    """An account's tickets at a glance.

    `opened` has, for each of the last 30 days in UTC, its beginning in seconds since 1970 and how many tickets were
    opened, oldest first. `changes` are of ten tickets at most, the latest first.
    """

    by_status: dict[str, int]
    opened: list[tuple[int, int]]
    changes: list[Change]


async def at_home(act: Act) -> Home:
    """Return how the tickets of the act's account stand, at one moment."""
    first = act.at // DAY - DAYS + 1
    opened = {int(day): int(tickets) for day, tickets in await store.days(act, since=first * DAY)}
    return Home(
        dict(await store.statuses(act)),
        [(day * DAY, opened.get(day, 0)) for day in range(first, first + DAYS)],
        await _changes(act),
    )


async def _changes(act: Act) -> list[Change]:
    last: dict[int, events.Told] = {}
    for event in await events.latest(act, most=LOOKED_AT):
        last.setdefault(event.ticket, event)
    numbers = list(last)[:CHANGES]
    known = {number: (title, status) for number, title, status in await store.titles(act, numbers or [0])}
    return [
        Change(number, *known[number], last[number].type, last[number].by, last[number].at, last[number].after)
        for number in numbers
        if number in known
    ]
