"""Working on a ticket: a technician takes it up, hands it over, finishes it."""

from collections.abc import Mapping
from typing import Any

from remotehandsd import accounts, events
from remotehandsd.accounts import KeptStaff
from remotehandsd.act import Act
from remotehandsd.errors import Invalid, NotAllowed, WrongMoment
from remotehandsd.people import is_email
from remotehandsd.tickets import flow, queue, store, timing
from remotehandsd.tickets.fields import is_missing, missing, wrong
from remotehandsd.tickets.rights import ANY, DISPATCHING, WORKING, enter


async def must_be_held_by(act: Act, number: int | None, name: str) -> None:
    """Refuse with WrongMoment when somebody else has the ticket than a staff member saw, `""` for nobody.

    Who is about to walk to a rack is told that another one is on his way there.
    """
    act = await enter(act, number, ANY)
    # From here on: who takes it between this look and what follows it must not be passed over.
    await store.hold(act, number)
    ticket = await store.get(act, number)
    card = await queue.card(act, ticket.number)
    holder = (card and card[2]) or ""
    if holder != name:
        raise WrongMoment(ticket.status, f"{holder or 'Nobody'} has this ticket now.")


async def colleagues(act: Act, site: str) -> list[KeptStaff]:
    """Return who can be given a ticket at a site: staff in use who work on tickets there, by name."""
    return sorted(
        (
            one
            for one in await accounts.all_staff(act)
            if not one.retired and not WORKING.isdisjoint(one.roles) and (one.sites is None or site in one.sites)
        ),
        key=lambda one: one.name,
    )


async def start(act: Act, number: int | None) -> None:
    """Take a New ticket up: it is In Progress and assigned to who does this."""
    act = await enter(act, number, WORKING)
    ticket = await store.get(act, number)
    status = flow.after("start", ticket.stand)
    card = await queue.card(act, ticket.number)
    await store.change(act, ticket, status=status, assigned_to=act.by.staff, updated_at=max(act.at, ticket.updated_at))
    await events.record(
        act,
        "ticket.started",
        ticket=ticket.number,
        before={"status": ticket.status, "assigned_to": (card and card[2]) or ""},
        after={"status": status, "assigned_to": act.by.name},
    )


async def complete(act: Act, number: int | None, worked: Mapping[str, Any] | None = None) -> None:
    """Finish the work: from In Progress, or while a cancellation is asked for if the work had begun.

    Time that runs on the ticket is stopped. `worked` says how long it took, as for `book_time`.
    """
    act = await enter(act, number, WORKING)
    ticket = await store.get(act, number)
    status = flow.after("complete", ticket.stand)
    at = max(act.at, ticket.updated_at)
    await store.change(act, ticket, status=status, closed_at=at, updated_at=at)
    await events.record(
        act,
        "ticket.completed",
        ticket=ticket.number,
        before={"status": ticket.status, "closed_at": None},
        after={"status": status, "closed_at": at},
    )
    await timing.close_time(act, ticket.number, worked or {})


async def assign(act: Act, number: int | None, email: Any) -> None:
    """Give an open ticket to a member of staff whose site it is at; a technician only to himself.

    The customer's view stays as it was, `updated_at` included.
    """
    act = await enter(act, number, WORKING)
    if is_missing(email):
        raise Invalid(missing("email"))
    if not isinstance(email, str) or not is_email(email):
        raise Invalid(wrong("email", "This is not an e-mail address."))
    ticket = await store.get(act, number)
    member = await accounts.staff_member(act, email.lower())
    if DISPATCHING.isdisjoint(act.by.roles) and (member is None or member.staff != act.by.staff):
        raise NotAllowed("A technician can assign tickets to himself only.")
    if member is None or WORKING.isdisjoint(member.roles):
        raise Invalid(wrong("email", "Nobody on the staff who works on tickets has this address."))
    if member.sites is not None and ticket.site not in member.sites:
        raise Invalid(wrong("email", f"{member.name} does not work at {ticket.site}."))
    flow.after("assign", ticket.stand)
    if member.staff == ticket.assigned_to:
        return
    card = await queue.card(act, ticket.number)
    await store.change(act, ticket, assigned_to=member.staff)
    await events.record(
        act,
        "ticket.assigned",
        ticket=ticket.number,
        before={"assigned_to": (card and card[2]) or ""},
        after={"assigned_to": member.name},
    )
