"""`/portal/{account}/tickets`: the account's tickets, narrowed, page by page, and as a file for a spreadsheet."""

from collections.abc import AsyncIterator, Iterator
from itertools import islice
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from remotehandsd import sites, tickets, wire
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, Rule
from remotehandsd.kit.csv_rows import MEDIA_TYPE, csv_rows
from remotehandsd.sites import Site
from remotehandsd.tickets import Category, Filters, Found, Page, RequestType, Status
from remotehandsd.web import paging
from remotehandsd.web.call import Call
from remotehandsd.web.download import disposition
from remotehandsd.web.forms import Filled
from remotehandsd.web.pages import page
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import customer

FILTERS = ("site", "status", "requestType", "category", "createdBy")
CSV_ROWS = 10_000
"""Most tickets in one file for a spreadsheet."""
COLUMNS = (
    "id",
    "title",
    "status",
    "site",
    "location",
    "requestType",
    "category",
    "createdOn",
    "updatedOn",
    "closedOn",
    "createdBy",
)


def _asked(call: Call) -> tuple[str, dict[str, str | None], Filters]:
    """Return the words that are searched for, what stands in the address, and the filters of it."""
    asked = paging.asked_filters(call, "q", *FILTERS)
    wrong = paging.wrong_enums(asked)
    if wrong:
        raise Invalid(*(Fault(name, Rule.WRONG_VALUE, text("portal.tickets.no_such_filter")) for name in wrong))
    return asked["q"] or "", asked, wire.filters(asked)


async def show(call: Call) -> Response:
    """Show one page of the account's tickets, newest first."""
    found = await customer(call)
    words, asked, filters = _asked(call)
    size, number, faults = paging.asked_page(call)
    if faults:
        raise Invalid(Fault("page", Rule.WRONG_VALUE, text("portal.tickets.no_such_page")))
    listed, own, zones = await call.look_long(_seen, words, filters, size, number)
    given = {name: value for name, value in asked.items() if value}
    kept = given | ({"size": str(size)} if size != paging.DEFAULT_SIZE else {})
    here = f"/portal/{call.params['account']}/tickets"
    return page(
        "portal/tickets.html",
        visitor=found,
        here="tickets",
        listed=listed,
        is_exact=is_exact(listed),
        form=Filled({name: value or "" for name, value in asked.items()}),
        is_narrowed=bool(given),
        sites=own,
        zones=zones,
        at=lambda number: f"{here}?{urlencode(kept | {'page': number})}",
        csv=f"{here}.csv?{urlencode(given)}" if given else f"{here}.csv",
        most=CSV_ROWS,
        closed={"status": Status, "requestType": RequestType, "category": Category},
        now=call.house.now(),
    )


async def _seen(
    act: Act, words: str, filters: Filters, size: int, number: int
) -> tuple[Page | Found, list[Site], dict[str, str]]:
    listed = await _found(act, words, filters, size, number)
    return listed, await sites.sites_of_account(act), await sites.time_zones(act)


async def _found(act: Act, words: str, filters: Filters, size: int, number: int) -> Page | Found:
    if words.strip():
        return await tickets.search_tickets(act, words, filters, size=size, number=number)
    return await tickets.list_tickets(act, filters, size=size, number=number)


async def show_csv(call: Call) -> Response:
    """Send the narrowed list as CSV, the newest 10,000 tickets of it at most; times are UTC.

    Of what was searched for, 1,000 at most. X-Total-Count says how many there are in all; a line at the end says so
    where some are left out.
    """
    await customer(call)
    words, _, filters = _asked(call)
    found = await call.look_long(_found, words, filters, CSV_ROWS, 0)
    headers = {
        "Content-Disposition": disposition(f"tickets-{call.params['account']}.csv"),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "X-Total-Count": str(found.total),
    }
    return StreamingResponse(_pieces(found), headers=headers, media_type=MEDIA_TYPE)


async def _pieces(found: Page | Found) -> AsyncIterator[bytes]:
    pieces = csv_rows(COLUMNS, _rows(found))
    while piece := b"".join(islice(pieces, 500)):
        yield piece


def _rows(found: Page | Found) -> Iterator[list[str]]:
    for ticket in found.items:
        item = wire.listed(ticket)
        yield [str(item.get(column, "")) for column in COLUMNS]
    if found.total > len(found.items):
        yield [text("portal.tickets.csv_more", count=len(found.items), total=found.total)]
    elif not is_exact(found):
        yield [text("portal.tickets.csv_perhaps_more", count=len(found.items))]


def is_exact(found: Page | Found) -> bool:
    """Tell whether a list's total is all there is: a search ends its count early."""
    return found.is_exact if isinstance(found, Found) else True
