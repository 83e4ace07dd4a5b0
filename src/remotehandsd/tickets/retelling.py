"""A ticket as it stood after something happened: what customers' programs are told later."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import msgspec

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.events import Told, Turned
from remotehandsd.tickets import store
from remotehandsd.tickets.flow import Status
from remotehandsd.tickets.ticket import Ticket

FIELDS = ("cancel_reason", "closed_at", "customer_reference", "recipients")
"""What an event may have changed, beside the two statuses, the comments and the time of the last change."""


class Retold(msgspec.Struct, frozen=True):
    """An event, its number among those of its ticket that customers may see (from 1), and the ticket after it."""

    event: Told
    sequence: int
    ticket: Ticket


async def retell(act: Act, told: Sequence[Told]) -> list[Retold]:
    """Return events of the act's account, each with its ticket as it stood then.

    Nothing is kept twice for it: what happened since is taken back, latest first.
    """
    wanted: dict[int, set[int]] = {}
    for event in told:
        wanted.setdefault(event.ticket, set()).add(event.id)
    stood: dict[int, tuple[int, Ticket]] = {}
    for number, ids in wanted.items():
        stood |= await _stood(act, number, ids)
    return [Retold(event, *stood[event.id]) for event in told]


async def _stood(act: Act, number: int, ids: set[int]) -> dict[int, tuple[int, Ticket]]:
    """Return sequence and ticket after each of these events of one ticket, by the events' ids."""
    ticket = await store.get_with_comments(act, number)
    history = await events.told_history(act, number)
    stood = {}
    # A ticket's time never runs backwards, whatever the clocks of those who changed it.
    changed_at = list(accumulate((turn.at for turn in history), max, initial=ticket.created_at))
    for sequence in range(len(history), 0, -1):
        turn = history[sequence - 1]
        if turn.id in ids:
            stood[turn.id] = (sequence, ticket)
        if len(stood) == len(ids):
            break
        ticket = _taken_back(ticket, turn, changed_at[sequence - 1])
    return stood


def _taken_back(ticket: Ticket, turn: Turned, updated_at: int) -> Ticket:
    before = turn.before
    values: dict[str, Any] = {name: before[name] for name in FIELDS if name in before}
    values["updated_at"] = updated_at
    if "status" in before:
        values["status"] = Status(before["status"])
    if "status_before" in before:
        was = before["status_before"]
        values["status_before"] = Status(was) if was else None
    if "comment" in turn.after:
        values["comments"] = ticket.comments[:-1]
    return msgspec.structs.replace(ticket, **values)
