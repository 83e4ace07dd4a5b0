"""Lists of tickets: filters, totals, one page; for one account, or as the desk's queue over all."""

from typing import Any

import msgspec

from remotehandsd.act import Act
from remotehandsd.errors import NotAllowed
from remotehandsd.tickets import queue, store
from remotehandsd.tickets.ticket import ListedTicket


class Filters(msgspec.Struct, frozen=True):
    """What a list is narrowed to; None is not narrowed. The last three are the desk's."""

    site: str | None = None
    status: str | None = None
    request_type: str | None = None
    category: str | None = None
    created_by: str | None = None
    account_id: str | None = None
    assigned_to: str | None = None
    unassigned: bool | None = None


class Page(msgspec.Struct, frozen=True):
    """One page of a list, and how many tickets the whole list has."""

    items: list[ListedTicket]
    total: int
    size: int
    number: int


QUICK_ROWS = 200

OF_ACCOUNT = {
    "site": "AND site = :site",
    "status": "AND status = :status",
    "request_type": "AND request_type = :request_type",
    "category": "AND category = :category",
    "created_by": "AND created_by = :created_by",
}
OF_QUEUE = {
    "site": "AND t.site = :site",
    "status": "AND t.status = :status",
    "request_type": "AND t.request_type = :request_type",
    "category": "AND t.category = :category",
    "created_by": "AND t.created_by = :created_by",
    "account_id": "AND a.id = :account_id",
    "assigned_to": "AND s.name = :assigned_to",
}
UNASSIGNED = {True: "AND t.assigned_to IS NULL", False: "AND t.assigned_to IS NOT NULL"}


def _narrowed(clauses: dict[str, str], filters: Filters) -> tuple[str, dict[str, Any]]:
    given = {name: value for name in clauses if (value := getattr(filters, name)) is not None}
    return " ".join(clauses[name] for name in given), given


async def list_tickets(act: Act, filters: Filters, *, size: int, number: int) -> Page:
    """Return one page of the act's account's tickets, newest first, and how many fit in all.

    `size` is 1 to 1000, `number` counts from 0; a page past the end is empty. Filters compare exactly.
    """
    narrowed, values = _narrowed(OF_ACCOUNT, filters)
    # Who created a ticket is not in the kept totals: those are counted one by one, along their own index.
    total = await (store.total if filters.created_by is None else store.count)(act, narrowed, values)
    rows = await store.page(act, narrowed, values, size=size, skip=number * size) if number * size < total else []
    return Page([ListedTicket(*row) for row in rows], total, size, number)


def is_quick(filters: Filters, *, size: int, number: int) -> bool:
    """Tell whether a page of an account's list is read in a fraction of a millisecond: early, small, along an index."""
    asked = (filters.site, filters.request_type, filters.category, filters.created_by)
    return (number + 1) * size <= QUICK_ROWS and not any(asked)


async def list_queue(act: Act, filters: Filters, *, size: int, number: int) -> Page:
    """Return one page of the environment's tickets at the staff member's sites, newest first."""
    if act.by.staff is None:
        raise NotAllowed("The queue is the staff's.")
    narrowed, values = _narrowed(OF_QUEUE, filters)
    if filters.unassigned is not None:
        narrowed += " " + UNASSIGNED[filters.unassigned]
    total = await queue.count(act, narrowed, values)
    rows = await queue.page(act, narrowed, values, size=size, skip=number * size) if number * size < total else []
    return Page([ListedTicket(*row) for row in rows], total, size, number)
