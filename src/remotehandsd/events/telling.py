"""Telling an account what happened on its tickets, in an order that misses nothing."""

from typing import Any

import msgspec

from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, Rule
from remotehandsd.events import store
from remotehandsd.events.event import END, START, Event, Mark, Told, mark_named

UNKNOWN = Fault("after", Rule.WRONG_VALUE, "This names no event of the account.")


async def since(act: Act, after: Mark, *, most: int) -> list[Told]:
    """Return up to `most` events of the act's account after a mark, in the order in which they are told.

    An event is told once nothing can appear before it any more, which is at once unless a change that began earlier
    is still being written.
    """
    return await store.since(act, after, most=most)


async def beginning(act: Act, name: str | None, *, at_newest: bool = False) -> Mark:
    """Return the mark of this name; without one that of the newest event if so wanted, or else the start.

    Invalid for a name that is not one of the account's events.
    """
    if name is None:
        return (await store.newest(act) or START) if at_newest else START
    mark = mark_named(name)
    if mark is None or not await store.has(act, mark):
        raise Invalid(UNKNOWN)
    return mark


async def latest(act: Act, *, most: int, before: str | None = None) -> list[Told]:
    """Return the newest events of the act's account, the newest first; with a name those before the event named so.

    Invalid for a name that is not one of the account's events.
    """
    mark = END if before is None else await beginning(act, before)
    return await store.before(act, mark, most=most)


async def shown_history(act: Act, ticket: int) -> list[Event]:
    """Return what customers may see of a ticket's history, oldest first, with who did it."""
    return await store.shown_of_ticket(act, ticket)


class Turned(msgspec.Struct, frozen=True):
    """What one event, known by its id, changed on its ticket, and when."""

    id: int
    at: int
    before: dict[str, Any]
    after: dict[str, Any]


async def told_history(act: Act, ticket: int) -> list[Turned]:
    """Return what customers may see of a ticket's history, oldest first."""
    return [Turned(*row) for row in await store.told_of_ticket(act, ticket)]


async def told_between(act: Act, ticket: int, *, first: int, last: int) -> list[Told]:
    """Return what customers may see of a ticket's history from one event to another, both included, oldest first.

    The ids of one ticket's events are in the order in which they are told: whoever changes a ticket waits for who
    did so before. Their places are not looked up.
    """
    return await store.told_between(act, ticket, first=first, last=last)


async def opened_by(act: Act, ticket: int) -> int | None:
    """Return the key of the user who opened a ticket, None when that was nobody's."""
    row = await store.opened_by(act, ticket)
    return row[0] if row else None
