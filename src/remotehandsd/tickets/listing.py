"""Lists of tickets: filters, totals, one page; for one account, or as the desk's queue over all."""

from itertools import product
from typing import Any

import msgspec

from remotehandsd.act import Act
from remotehandsd.errors import NotAllowed
from remotehandsd.kit.db import Row, can_be_kept
from remotehandsd.tickets import queue, store
from remotehandsd.tickets.catalogue import CATEGORIES
from remotehandsd.tickets.flow import CLOSED, Status
from remotehandsd.tickets.ticket import ListedTicket


class Filters(msgspec.Struct, frozen=True):
    """What a list is narrowed to; None is not narrowed. The last four are the desk's, by name or by key."""

    site: str | None = None
    status: str | None = None
    request_type: str | None = None
    category: str | None = None
    created_by: str | None = None
    account_id: str | None = None
    assigned_to: str | None = None
    unassigned: bool | None = None
    held_by: int | None = None


class Page(msgspec.Struct, frozen=True):
    """One page of a list, and how many tickets the whole list has."""

    items: list[ListedTicket]
    total: int
    size: int
    number: int


QUICK_ROWS = 200
WALKED = 20_000
"""Entries of an index that a page may walk past: some milliseconds."""
GATHERED = 10_000
"""Most tickets that are gathered and sorted for a page."""

KEPT = {
    "site": "AND site = :site",
    "status": "AND status = :status",
    "request_type": "AND request_type = :request_type",
    "category": "AND category = :category",
}
"""How the kept totals are narrowed."""
WALK = {
    "site": "AND (site = :site) IS TRUE",
    "status": "AND status = :status",
    "request_type": "AND (request_type = :request_type) IS TRUE",
    "category": "AND (category = :category) IS TRUE",
}
"""How a walk is narrowed, by the index in the order of time: what stands in brackets is no key of another index, so
it does not draw a planner away from that order."""
WALK_BY_AUTHOR = WALK | {"status": "AND (status = :status) IS TRUE", "created_by": "AND created_by = :created_by"}

SLICE_BITS = 20
"""A slice holds what was opened within 2^20 seconds, some 12 days; the schema has the same number."""
WITHIN = "AND created_at >= :since AND created_at < :before"
"""Said of every walk: it is what binds a planner to the index in the order of time."""
ALWAYS = 1 << 60
NOT_KEPT = ("created_by", "assigned_to", "unassigned", "held_by")
"""What the kept totals do not know."""


def can_fit(filters: Filters) -> bool:
    """Tell whether any ticket could fit: what cannot be kept cannot be found."""
    values = msgspec.structs.astuple(filters)
    return all(can_be_kept(value) for value in values if isinstance(value, str))


def narrowed_by(clauses: dict[str, str], filters: Filters) -> tuple[str, dict[str, Any]]:
    """Return those of the clauses, by the filters' names, that narrow a statement, and their values."""
    given = {name: value for name in clauses if (value := getattr(filters, name)) is not None}
    return " ".join(clauses[name] for name in given), given


async def list_tickets(act: Act, filters: Filters, *, size: int, number: int) -> Page:
    """Return one page of the act's account's tickets, newest first, and how many fit in all.

    `size` is 1 to 1000, `number` counts from 0; a page past the end is empty. Filters compare exactly.
    """
    if not can_fit(filters):
        return Page([], 0, size, number)
    if filters.created_by is not None:
        return await _list_by_author(act, filters, size=size, number=number)
    kept, values = narrowed_by(KEPT, filters)
    total, among = await store.total(act, kept, values)
    asked = _asked(total, size=size, number=number)
    if asked is None:
        return Page([], total, size, number)
    kinds = _kinds(filters)
    if kinds and len(kinds) * total < among and len(kinds) * asked.steps <= WALKED:
        rows = await store.page_of_kinds(act, kinds, way=asked.way, size=asked.size, skip=asked.skip)
    elif asked.steps * among <= WALKED * total:
        rows = await _walk(act, filters, Reach(0, ALWAYS, asked.skip), way=asked.way, size=asked.size)
    elif total <= GATHERED:
        rows = await store.gathered_page(act, kept, values, way=asked.way, size=asked.size, skip=asked.skip)
    else:
        reach = _reach(await store.slices(act, kept, values), size=asked.size, skip=number * size)
        rows = await _walk(act, filters, reach, way="DESC", size=asked.size)
    return Page([ListedTicket(*row) for row in rows], total, size, number)


def _kinds(filters: Filters) -> list[dict[str, str]]:
    """Return the kinds that can fit, where site and category leave only a few."""
    if not filters.site or not filters.category:
        return []
    types = [
        request_type
        for request_type, categories in CATEGORIES.items()
        if filters.category in categories and filters.request_type in {None, request_type}
    ]
    statuses = [filters.status] if filters.status else list(Status)
    return [
        {"site": filters.site, "status": status, "request_type": request_type, "category": filters.category}
        for request_type, status in product(types, statuses)
    ]


class Reach(msgspec.Struct, frozen=True):
    """The times of opening between which a page lies, and how many of the tickets between them to skip."""

    since: int
    before: int
    skip: int


async def _walk(act: Act, filters: Filters, reach: Reach, *, way: str, size: int) -> list[Row]:
    narrowed, values = narrowed_by(WALK, filters)
    times = {"since": reach.since, "before": reach.before}
    return await store.page(act, f"{narrowed} {WITHIN}", values | times, way=way, size=size, skip=reach.skip)


def _reach(slices: list[Row], *, size: int, skip: int) -> Reach:
    """Find the slices that hold a page; each is a slice's number and its tickets, newest first."""
    waiting = iter(slices)
    newest, tickets = next(waiting)
    while skip >= tickets:
        skip -= tickets
        newest, tickets = next(waiting)
    oldest = newest
    while skip + size > tickets:
        oldest, more = next(waiting)
        tickets += more
    return Reach(oldest << SLICE_BITS, (newest + 1) << SLICE_BITS, skip)


async def _list_by_author(act: Act, filters: Filters, *, size: int, number: int) -> Page:
    """Who created a ticket is not in the kept totals: those are counted one by one, along their own index."""
    narrowed, values = narrowed_by(WALK_BY_AUTHOR, filters)
    total = await store.count(act, narrowed, values)
    asked = _asked(total, size=size, number=number)
    if asked is None:
        return Page([], total, size, number)
    rows = await store.page(act, narrowed, values, way=asked.way, size=asked.size, skip=asked.skip)
    return Page([ListedTicket(*row) for row in rows], total, size, number)


class Asked(msgspec.Struct, frozen=True):
    """Where a page lies, seen from the nearer end of its list: skip so many, take so many."""

    way: str
    skip: int
    size: int

    @property
    def steps(self) -> int:
        """Return how many tickets of the list are passed or taken."""
        return self.skip + self.size


def _asked(total: int, *, size: int, number: int) -> Asked | None:
    """Return where the page lies, None past the end."""
    from_newest = size * number
    size = min(size, total - from_newest)
    from_oldest = total - from_newest - size
    if size <= 0:
        return None
    return Asked("DESC", from_newest, size) if from_newest <= from_oldest else Asked("ASC", from_oldest, size)


def is_quick(filters: Filters, *, size: int, number: int) -> bool:
    """Tell whether a page of an account's list is read in a fraction of a millisecond: early, small, along an index."""
    asked = (filters.site, filters.request_type, filters.category, filters.created_by)
    return (number + 1) * size <= QUICK_ROWS and not any(asked)


def narrowed_queue(filters: Filters) -> tuple[str, dict[str, Any]]:
    """Return the clauses that narrow a statement of the queue, and their values."""
    narrowed, values = narrowed_by(queue.NARROWED, filters)
    if filters.unassigned is not None:
        narrowed = f"{narrowed} {queue.UNASSIGNED[filters.unassigned]}"
    return narrowed, values


async def list_queue(act: Act, filters: Filters, *, size: int, number: int) -> Page:
    """Return one page of the environment's tickets at the staff member's sites, newest first."""
    if act.by.staff is None:
        raise NotAllowed("The queue is the staff's.")
    if not can_fit(filters):
        return Page([], 0, size, number)
    narrowed, values = narrowed_queue(filters)
    is_kept = all(getattr(filters, name) is None for name in NOT_KEPT)
    total = await (queue.total if is_kept else queue.count)(act, narrowed, values)
    asked = _asked(total, size=size, number=number)
    if asked is None:
        return Page([], total, size, number)
    if filters.status is not None and filters.status not in CLOSED:
        narrowed += " " + queue.AMONG_OPEN
    rows = await queue.page(act, narrowed, values, way=asked.way, size=asked.size, skip=asked.skip)
    return Page([ListedTicket(*row) for row in rows], total, size, number)
