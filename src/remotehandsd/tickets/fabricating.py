"""Making tickets up: years of work orders that nobody asked for, for load tests and capacity planning."""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import msgspec

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.tickets import store
from remotehandsd.tickets.catalogue import CATEGORIES, CancelReason
from remotehandsd.tickets.fields import OPENING
from remotehandsd.tickets.flow import CLOSED, Status

T = TypeVar("T")

YEARS = 5
SPAN = YEARS * 365 * 86_400
"""Seconds over which the tickets are spread, up to now."""
YOUNG = 0.96
"""The share of tickets that are old enough to be closed, all of them."""
SLOWEST = 14 * 86_400
"""Most seconds from opening to closing."""

PAIRS = tuple((str(kind), str(category)) for kind, allowed in CATEGORIES.items() for category in allowed)
REASONS = tuple(map(str, CancelReason))
WORK = ("Check", "Replace", "Label", "Photograph", "Reseat", "Trace", "Remove", "Connect")
THINGS = ("the firewall", "a patch cable", "switch 2", "the tape library", "a power supply", "server 14")
DETAILS = (
    "",
    "Please call before you begin; the port is in use until then.",
    "The device is labelled on the front and on the back. Take a photograph before and after, please.",
    "Escort our engineer to the cage, wait for the link to come up, and tell us the light levels of both ends.",
)
RECIPIENTS = ("", "", "noc@example.com", "ops@example.com, noc@example.com")
ASKED_FROM = (str(Status.NEW), str(Status.IN_PROGRESS))
CLOSED_NAMES = frozenset(map(str, CLOSED))
WITH_REASON = frozenset({str(Status.CANCELLED), str(Status.CANCELLATION_REQUESTED)})


class Weighted(msgspec.Struct, frozen=True):
    """Values, and how often each shall come."""

    values: tuple[str, ...]
    weights: tuple[int, ...]


OLD = Weighted((str(Status.COMPLETED), str(Status.CANCELLED)), tuple(accumulate((93, 7))))
NEW = Weighted(tuple(map(str, Status)), tuple(accumulate((30, 35, 5, 25, 5))))
"""How the tickets of the last weeks stand, in the order of Status."""


class Customer(msgspec.Struct, frozen=True):
    """An account to make tickets up for: its key, its sites with a location each, and its people."""

    account: int
    places: tuple[tuple[str, str], ...]
    people: tuple[str, ...]


def made_up(customers: Sequence[Customer], number: int, *, now: int, seed: int) -> Iterator[dict[str, Any]]:
    """Give so many tickets in the order of their opening; the first customer gets a tenth of them.

    The same customers, number and seed give the same tickets, as long ago as before.
    """
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    chance = rng.random
    first, others = customers[0], customers[1:] or customers
    reading_age = (number - 1) * YOUNG
    for place in range(number):
        customer = first if place % 10 == 0 else _pick(others, chance())
        age = SPAN - int(SPAN * (place + chance()) / number)
        pool = OLD if place < reading_age else NEW
        yield _ticket(customer, now - age, now, pool, rng)


def _pick(values: Sequence[T], at: float) -> T:
    return values[int(at * len(values))]


def _ticket(customer: Customer, at: int, now: int, pool: Weighted, rng: random.Random) -> dict[str, Any]:
    chance = rng.random
    status = pool.values[bisect(pool.weights, chance() * pool.weights[-1])]
    request_type, category = _pick(PAIRS, chance())
    site, location = _pick(customer.places, chance())
    # Most work is done within a day, some of it drags on.
    changed_at = min(now, at + 600 + int(SLOWEST * chance() ** 6))
    rack = int(chance() * 90) + 10
    asked = status == Status.CANCELLATION_REQUESTED
    return {
        "account": customer.account,
        "title": f"{_pick(WORK, chance())} {_pick(THINGS, chance())} in rack {rack}",
        "status": status,
        "status_before": _pick(ASKED_FROM, chance()) if asked else None,
        "site": site,
        "location": location,
        "request_type": request_type,
        "category": category,
        "instruction": _pick(DETAILS, chance()),
        "customer_reference": f"REF{int(chance() * 1e6):06}" if rack % 3 == 0 else "",
        "reference_ticket": "",
        "cancel_reason": _pick(REASONS, chance()) if status in WITH_REASON else None,
        "recipients": _pick(RECIPIENTS, chance()),
        "created_by": _pick(customer.people, chance()),
        "created_at": at,
        "updated_at": at if status == Status.NEW else changed_at,
        "closed_at": changed_at if status in CLOSED_NAMES else None,
    }


async def number_made_up(act: Act, tickets: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give made-up tickets of the act's environment the next numbers, in their order."""
    own = {"environment": str(act.by.environment)}
    numbers = await act.tx.numbers("tickets", "number", len(tickets))
    return [ticket | own | {"number": number} for number, ticket in zip(numbers, tickets, strict=True)]


async def keep_made_up(act: Act, tickets: Sequence[dict[str, Any]]) -> None:
    """Write numbered made-up tickets of any accounts, each with the event of its opening."""
    await store.add_many(act, tickets)
    await events.record_many(
        act,
        "ticket.created",
        [
            events.Past(
                account=ticket["account"],
                ticket=ticket["number"],
                by=ticket["created_by"],
                at=ticket["created_at"],
                after={name: ticket[name] for name in OPENING} | {"status": str(Status.NEW)},
            )
            for ticket in tickets
        ],
    )
