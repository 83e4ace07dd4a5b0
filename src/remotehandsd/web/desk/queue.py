"""`/desk`: the queue of all accounts at the staff member's sites; what it is narrowed to stands in the address."""

from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from remotehandsd import sites, tickets
from remotehandsd.act import Act
from remotehandsd.tickets import Counted, Filters, Found, ListedTicket, Page, RequestType, Status
from remotehandsd.web import paging
from remotehandsd.web.call import Call
from remotehandsd.web.desk.waiting import Usuals, Waiting, waiting
from remotehandsd.web.forms import Filled
from remotehandsd.web.pages import page
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import at_desk

SIZE = 50
NAMES = ("q", "site", "status", "requestType", "assigned", "account")
ASSIGNED = ("me", "nobody")
CLOSED = frozenset({Status.COMPLETED, Status.CANCELLED})


class Asked(msgspec.Struct, frozen=True):
    """What the address asks for; `given` are the filters by their names there."""

    given: dict[str, str]
    number: int

    def address(self, **changes: str | int) -> str:
        """Return the address of the same list with some filters changed; `""` takes one away."""
        wanted = {name: value for name, value in {**self.given, **changes}.items() if value != ""}
        return f"/desk?{urlencode(wanted)}" if wanted else "/desk"

    def page(self, number: int) -> str:
        """Return the address of another page of the list."""
        return self.address(page=number or "")

    def filters(self, staff: int | None) -> Filters:
        """Return the same in the nouns' words."""
        holder = self.given.get("assigned")
        return Filters(
            site=self.given.get("site"),
            status=self.given.get("status"),
            request_type=self.given.get("requestType"),
            account_id=self.given.get("account"),
            unassigned=True if holder == "nobody" else None,
            held_by=staff if holder == "me" else None,
        )


class Row(msgspec.Struct, frozen=True):
    """One line of the queue."""

    ticket: ListedTicket
    waiting: Waiting


class Seen(msgspec.Struct, frozen=True):
    """The queue at one moment."""

    found: Page | Found
    counted: Counted
    usual: Usuals
    zones: dict[str, str]
    running: int | None


def _asked(call: Call) -> Asked:
    given = {name: value for name in NAMES if (value := (call.asked(name) or "").strip())}
    if given.get("assigned") == "anybody":
        del given["assigned"]
    faults = [
        (name, text("desk.queue.no_value", name=name))
        for name in paging.wrong_enums({**dict.fromkeys(paging.CLOSED), **given})
    ]
    if given.get("assigned", "me") not in ASSIGNED:
        faults.append(("assigned", text("desk.queue.no_value", name="assigned")))
    number = paging.whole(call.asked("page"), 0, 0, paging.LAST_PAGE)
    if number is None:
        faults.append(("page", text("desk.queue.no_value", name="page")))
    if faults:
        raise BadQuery(*faults)
    return Asked(given, number or 0)


async def _seen(act: Act, asked: Asked) -> Seen:
    filters, where = asked.filters(act.by.staff), {"size": SIZE, "number": asked.number}
    found: Page | Found
    if words := asked.given.get("q"):
        found = await tickets.search_queue(act, words, filters, **where)
    elif filters.status in CLOSED:
        found = await tickets.list_queue(act, filters, **where)
    else:
        found = await tickets.list_open(act, filters, **where)
    return Seen(
        found,
        await tickets.counted(act),
        await tickets.usual_times(act),
        await sites.time_zones(act),
        await tickets.time_that_runs(act),
    )


async def show(call: Call) -> Response:
    """Show the open tickets, urgent ones first, then the oldest; or what was searched for, newest first."""
    found = await at_desk(call)
    asked = _asked(call)
    seen = await call.look_long(_seen, asked)
    now = call.house.now()
    at_sites = found.caller.by.sites
    return page(
        "desk/queue.html",
        visitor=found,
        here="queue",
        asked=asked,
        form=Filled(asked.given),
        seen=seen,
        rows=[Row(one, waiting(one, seen.usual, now=now)) for one in seen.found.items],
        is_exact=not isinstance(seen.found, Found) or seen.found.is_exact,
        sites=sorted(code for code in seen.zones if at_sites is None or code in at_sites),
        statuses=list(map(str, Status)),
        open_statuses=[str(status) for status in Status if status not in CLOSED],
        request_types=list(map(str, RequestType)),
        now=now,
    )
