"""`/desk/tickets/{id}`: one ticket with everything known of it, and what may be done to it."""

from collections.abc import Mapping, Sequence

import msgspec
from starlette.responses import Response

from remotehandsd import sites, tickets
from remotehandsd.accounts import KeptStaff
from remotehandsd.act import Act, By
from remotehandsd.events import Event
from remotehandsd.sites import Site
from remotehandsd.tickets import LIMITS, Attachment, CancelReason, Desk, Entry
from remotehandsd.web.borrowed import hidden_from
from remotehandsd.web.call import Call
from remotehandsd.web.desk.waiting import Usuals, waiting
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.pages import page
from remotehandsd.web.phone_code import phone_code
from remotehandsd.web.previewing import may_have_preview
from remotehandsd.web.sent_files import NotKept
from remotehandsd.web.visitor import Visitor, at_desk

DONE = frozenset(
    {
        "taken",
        "assigned",
        "started",
        "completed",
        "granted",
        "refused",
        "cancelled",
        "commented",
        "noted",
        "attached",
        "time_started",
        "time_stopped",
        "time_added",
        "time_corrected",
    }
)


class Seen(msgspec.Struct, frozen=True):
    """A ticket with all that the desk shows of it, at one moment."""

    desk: Desk
    history: Sequence[Event]
    files: Sequence[Attachment]
    site: Site | None
    offered: frozenset[str]
    colleagues: Sequence[KeptStaff]
    usual: Usuals
    running: int | None

    @property
    def zone(self) -> str:
        """Return the site's time zone."""
        return self.site.timezone if self.site else "UTC"

    def file(self, event: Event) -> Attachment | None:
        """Return the file that an event tells of."""
        return next((one for one in self.files if one.id == event.after.get("id")), None)

    def may_have_preview(self, file: Attachment) -> bool:
        """Tell whether a file says that it is a picture."""
        return may_have_preview(file)

    def running_of(self, staff: int | None) -> Entry | None:
        """Return the entry of a staff member that runs on this ticket."""
        return next((one for one in self.desk.time if one.staff == staff and one.ended_at is None), None)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return to whom the ticket can be given: address and name."""
        return [(one.email, one.name) for one in self.colleagues]

    def may_correct(self, entry: Entry, by: By) -> bool:
        """Tell whether a staff member may correct an entry."""
        return tickets.may_correct(entry, by)

    @property
    def minutes(self) -> int:
        """Return the minutes that were worked, those that run included."""
        return sum(one.minutes(self.desk.at) for one in self.desk.time)


async def seen(act: Act, number: int | None) -> Seen:
    """Return a ticket for staff whose site it is at."""
    desk = await tickets.on_the_desk(act, number)
    ticket, history = desk.ticket, desk.history
    if not history or history[0].type != "ticket.created":
        history = [Event("ticket.created", ticket.created_by, ticket.created_at, {}, {}), *history]
    offered = tickets.offered(ticket, act.by)
    return Seen(
        desk,
        history,
        await tickets.attachments_at_desk(act, number),
        await sites.find(act, ticket.site),
        offered,
        await tickets.colleagues(act, ticket.site) if "hand_over" in offered else [],
        await tickets.usual_times(act),
        await tickets.time_that_runs(act),
    )


class Typed(msgspec.Struct, frozen=True):
    """What stands in the page's forms, by their names; and what was typed for a move that came too late.

    `used`: something else was done under the form's key before.
    """

    forms: Mapping[str, Filled] = {}
    late: str = ""
    lost: Sequence[str] = ()
    not_kept: Sequence[NotKept] = ()
    used: bool = False

    def of(self, name: str) -> Filled:
        """Return what stands in a form."""
        return self.forms.get(name, Filled())


def number_in(call: Call) -> int | None:
    """Return the number of the ticket that the address names."""
    return tickets.number_of(call.params["id"])


async def show(call: Call) -> Response:
    """Show the ticket."""
    return await shown(call, await at_desk(call))


async def shown(call: Call, found: Visitor, code: int = 200, typed: Typed | None = None) -> Response:
    """Show the ticket as it stands now, with what was typed into its forms."""
    # Who came second may have lost to what is not committed yet: only who writes sees that.
    view = await (call.look if code == 200 else call.act)(seen, number_in(call))
    hidden = await hidden_from(call, found)
    view = msgspec.structs.replace(view, colleagues=[one for one in view.colleagues if one.email not in hidden])
    ticket, now = view.desk.ticket, view.desk.at
    mine = view.running_of(found.caller.by.staff)
    done = call.asked("done") if call.method == "GET" else ""
    typed = typed or Typed()
    if "complete" not in typed.forms:
        start = {"minutes": str(mine.minutes(now)) if mine else ""}
        typed = msgspec.structs.replace(typed, forms={**typed.forms, "complete": Filled(start)})
    at = f"/desk/tickets/{tickets.wire_number(ticket.number)}"
    return page(
        "desk/ticket.html",
        code,
        visitor=found,
        here="queue",
        at=at,
        phone_code=phone_code(call, at),
        view=view,
        ticket=ticket,
        mine=mine,
        waiting=waiting(ticket, view.usual, now=now),
        typed=typed,
        once=once_key(),
        limits=LIMITS,
        reasons=list(map(str, CancelReason)),
        most=call.house.settings.max_file_bytes,
        now=now,
        done=done if done in DONE else "",
    )
