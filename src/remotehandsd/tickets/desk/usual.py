"""What is usual: how long tickets of a kind wait for the work to start, and to be completed."""

import msgspec

from remotehandsd.act import Act, Environment
from remotehandsd.kit.db import Tx
from remotehandsd.tickets.desk import queue
from remotehandsd.tickets.flow import CLOSED, Status
from remotehandsd.tickets.ticket import ListedTicket, Ticket

LEARNED_FROM_SECONDS = 90 * 86_400
LEARNED_FROM_TICKETS = 20_000
"""Of the tickets opened in the last 90 days, at most so many, the newest ones: a bound for the database's work."""

Kind = tuple[str, str]
"""Request type and category."""


class Usual(msgspec.Struct, frozen=True):
    """Medians in seconds since the opening; None where nothing of the kind was seen yet."""

    to_start: int | None = None
    to_complete: int | None = None


async def learn_usual(tx: Tx, environment: Environment, *, now: int) -> dict[Kind, Usual]:
    """Work out what is usual in an environment just now. It may take a second; `keep` is another transaction's."""
    since = now - LEARNED_FROM_SECONDS
    started = await queue.seconds_to_start(tx, environment, since=since, most=LEARNED_FROM_TICKETS)
    completed = await queue.seconds_to_complete(tx, environment, since=since, most=LEARNED_FROM_TICKETS)
    to_start = {(request_type, category): int(seconds) for request_type, category, seconds, _ in started}
    to_complete = {(request_type, category): int(seconds) for request_type, category, seconds, _ in completed}
    return {kind: Usual(to_start.get(kind), to_complete.get(kind)) for kind in to_start.keys() | to_complete.keys()}


async def keep_usual(tx: Tx, environment: Environment, learned: dict[Kind, Usual]) -> None:
    """Put what was learned in the place of what was known before."""
    await tx.hold(f"usual times of {environment}")
    await queue.forget_usual(tx, environment)
    await queue.keep_usual(
        tx,
        [
            {"environment": str(environment), "request_type": kind[0], "category": kind[1]}
            | msgspec.structs.asdict(usual)
            for kind, usual in learned.items()
        ],
    )


async def usual_times(act: Act) -> dict[Kind, Usual]:
    """Return what is usual in the act's environment, by request type and category."""
    rows = await queue.usual(act.tx, act.by.environment)
    return {(request_type, category): Usual(*times) for request_type, category, *times in rows}


def age_in_usual(ticket: ListedTicket | Ticket, usual: dict[Kind, Usual], *, now: int) -> float | None:
    """Return a ticket's age as a multiple of what is usual: above 1.0 it waits longer than most of its kind.

    A New ticket is compared with the usual time to the start, any other open one with that to completion. None for a
    closed ticket, and where nothing is known yet.
    """
    if ticket.status in CLOSED:
        return None
    of_kind = usual.get((ticket.request_type, ticket.category), Usual())
    seconds = of_kind.to_start if ticket.status == Status.NEW else of_kind.to_complete
    return None if seconds is None else (now - ticket.created_at) / max(1, seconds)
