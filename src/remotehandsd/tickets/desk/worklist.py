"""The desk's queue: open tickets only, urgent first, then the oldest first; and how many there are of what."""

from collections import Counter

import msgspec

from remotehandsd.act import Act
from remotehandsd.errors import NotAllowed
from remotehandsd.tickets.catalogue import RequestType
from remotehandsd.tickets.desk import queue
from remotehandsd.tickets.flow import CLOSED
from remotehandsd.tickets.listing import Filters, Page, can_fit, narrowed_queue
from remotehandsd.tickets.ticket import ListedTicket


class Counted(msgspec.Struct, frozen=True):
    """How many tickets are open at the staff member's sites, in several cuts.

    `by_site` has the statuses of each site; `by_holder` the names of those who have them, `""` for nobody.
    """

    total: int
    urgent: int
    by_site: dict[str, dict[str, int]]
    by_status: dict[str, int]
    by_holder: dict[str, int]


async def list_open(act: Act, filters: Filters, *, size: int, number: int) -> Page:
    """Return one page of the open tickets of the environment at the staff member's sites, and how many fit.

    Urgent work comes first, within it what was opened first. A filter for a status that is closed finds nothing.
    """
    if act.by.staff is None:
        raise NotAllowed("The queue is the staff's.")
    if not can_fit(filters) or filters.status in CLOSED:
        return Page([], 0, size, number)
    narrowed, values = narrowed_queue(filters)
    total = await queue.count(act, narrowed, values)
    if size * number >= total:
        return Page([], total, size, number)
    rows = await queue.page(act, narrowed, values, size=size, skip=size * number)
    return Page([ListedTicket(*row) for row in rows], total, size, number)


async def counted(act: Act) -> Counted:
    """Count the open tickets at the staff member's sites, at one moment."""
    if act.by.staff is None:
        raise NotAllowed("The queue is the staff's.")
    by_site: dict[str, dict[str, int]] = {}
    by_status, by_holder, by_type = Counter[str](), Counter[str](), Counter[str]()
    for site, status, request_type, holder, tickets in await queue.kinds(act):
        of_site = by_site.setdefault(site, {})
        of_site[status] = of_site.get(status, 0) + tickets
        by_status[status] += tickets
        by_holder[holder] += tickets
        by_type[request_type] += tickets
    urgent = by_type[RequestType.URGENT]
    return Counted(by_status.total(), urgent, by_site, dict(by_status), dict(by_holder))
