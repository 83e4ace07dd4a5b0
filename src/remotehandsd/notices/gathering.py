"""From events to notices: what happens to a ticket within a minute is told together."""

from collections.abc import Sequence

from remotehandsd import events, jobs
from remotehandsd.act import Act, By, Environment
from remotehandsd.events import Told
from remotehandsd.kit.db import Tx
from remotehandsd.notices import store

READER = "notices"
NOTICE = "notice"
"""The kind of job that decides who is told."""
BURST_SECONDS = 60
"""How long after a ticket's first change the others may come to be told with it."""
MOST = 100
"""Events that are gathered in one transaction."""
HOUSE = "Remotehands"
"""By whom it is recorded that somebody could not be told."""


def house_act(tx: Tx, environment: str, account: int, now: int) -> Act:
    """Return the house's own act on an account."""
    return Act(tx, By(HOUSE, Environment(environment), account), now)


async def gather(tx: Tx, *, now: int) -> bool:
    """Turn events that were not read yet into notices, each once; tell whether there may be more of them.

    A notice is due a minute after its first event, and takes in what happens to the ticket until it is sent.
    """
    told = await events.unread(tx, READER, most=MOST)
    by_ticket: dict[int, list[Told]] = {}
    for event in filter(_concerns_anybody, told):
        by_ticket.setdefault(event.ticket, []).append(event)
    for happened in by_ticket.values():
        await _note(tx, happened, now)
    if told:
        await events.mark_read(tx, READER, told[-1])
    return len(told) == MOST


def _concerns_anybody(event: Told) -> bool:
    return event.type != "ticket.updated" or "recipients" in event.after


async def _note(tx: Tx, happened: Sequence[Told], now: int) -> None:
    first, last = happened[0], happened[-1]
    act = house_act(tx, first.environment, first.account, now)
    is_new = first.type == "ticket.created"
    if is_new or not await store.extend(act, first.ticket, last=last.id):
        key = await store.add_notice(act, first.ticket, first=first.id, last=last.id)
        await jobs.add(tx, NOTICE, key, lane=first.account, now=now, due_at=first.at + BURST_SECONDS)
