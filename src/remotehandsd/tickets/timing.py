"""Time worked on a ticket: started and stopped, or booked afterwards; corrected with a reason, never removed.

It is the desk's own: customers are not told of it, and their view of the ticket stays as it was.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from remotehandsd import accounts, events
from remotehandsd.act import Act, By
from remotehandsd.errors import Invalid, LostRace, NotAllowed, NotFound, WrongMoment
from remotehandsd.tickets import flow, queue, store
from remotehandsd.tickets.fields import mandatory_text, optional_text, refuse, wrong
from remotehandsd.tickets.rights import ANY, DISPATCHING, WORKING, enter
from remotehandsd.tickets.span import SPAN, Span, checked_span
from remotehandsd.tickets.ticket import Ticket


class Entry(msgspec.Struct, frozen=True):
    """Time that somebody worked on a ticket, in seconds since 1970, UTC; `ended_at` is None while it runs.

    `opened_at` is when the ticket was opened.
    """

    id: int
    staff: int
    worked_by: str
    began_at: int
    ended_at: int | None
    note: str
    opened_at: int

    @property
    def shown_from(self) -> int:
        """Return when it began, as pages show it beside its minutes.

        Minutes that are counted back from their end may reach to before the order: then it began when the order was
        opened, and the minutes stay as they were booked. What ended before the order stays where it was said to be.
        Programs read from, to and minutes as they are kept: these always agree.
        """
        is_across = self.began_at < self.opened_at and (self.ended_at is None or self.opened_at <= self.ended_at)
        return self.opened_at if is_across else self.began_at

    def minutes(self, now: int) -> int:
        """Return the minutes, each one that was begun counted whole; of a running entry those so far."""
        ended_at = now if self.ended_at is None else self.ended_at
        return max(0, -(-(ended_at - self.began_at) // 60))

    @property
    def values(self) -> dict[str, Any]:
        """Return what can be corrected."""
        return {"began_at": self.began_at, "ended_at": self.ended_at, "note": self.note}


async def time_of(act: Act, number: int) -> list[Entry]:
    """Return the entries of a ticket of the act's account, oldest first."""
    return [Entry(*row) for row in await store.entries(act, number)]


async def time_on_the_desk(act: Act, number: int | None) -> list[Entry]:
    """Return the same for any staff whose site the ticket is at."""
    act = await enter(act, number, ANY)
    return await time_of(act, (await store.get(act, number)).number)


async def time_that_runs(act: Act) -> int | None:
    """Return the number of the ticket on which the time of who acts runs just now, None where it rests."""
    row = await queue.running(act) if act.by.staff is not None else None
    return None if row is None else int(row[1])


async def start_time(act: Act, number: int | None) -> None:
    """Start the time of who acts, on an open ticket.

    Where it runs on another ticket it is stopped there: nobody works at two racks at once, a clock that was
    forgotten must not bill two customers for one hour, and who stands at a rack is not sent back first. Where it
    runs already on this one, nothing changes.
    """
    act = await enter(act, number, WORKING)
    ticket = await store.get(act, number)
    flow.after("start_time", ticket.stand)
    await act.tx.hold(f"time of staff {act.by.staff}")
    # The ticket is held before any entry: whoever closes it beside waits here, and then stops this time, too.
    await store.change(act, ticket, status=ticket.status)
    elsewhere = await queue.running(act)
    if elsewhere is not None and elsewhere[1] == ticket.number:
        return
    if elsewhere is not None:
        other = act.on_account(elsewhere[0])
        for entry in await _running(other, elsewhere[1]):
            if entry.staff == act.by.staff:
                await _stop(other, elsewhere[1], entry)
    values = {"began_at": act.at, "ended_at": None, "note": ""}
    await _add(act, "ticket.time_started", ticket, {"staff": act.by.staff, **values}, worked_by=act.by.name)


async def stop_time(act: Act, number: int | None, note: object) -> None:
    """Stop the time of who acts; WrongMoment when none of his runs on this ticket. The note may be None."""
    act = await enter(act, number, WORKING)
    ticket = await store.get(act, number)
    text = _note(note)
    for entry in await _running(act, ticket.number):
        if entry.staff == act.by.staff:
            await _stop(act, ticket.number, entry, note=text)
            return
    raise WrongMoment(ticket.status, "No time of yours runs on this ticket.")


async def book_time(act: Act, number: int | None, given: Mapping[str, Any]) -> None:
    """Add time that was worked, at any moment of the ticket's life; a dispatcher for anybody who works on tickets.

    `given` has `minutes` (1 to 1440, counted back from now), or two of `began_at`, `ended_at`, `minutes`; and
    perhaps `note` (400 characters) and `email`, whose time it is. Nothing lies in the future.
    """
    act = await enter(act, number, WORKING)
    ticket = await store.get(act, number)
    note, span = _note(given.get("note")), checked_span(given, now=act.at, least=1)
    staff, name = await _whose(act, given.get("email"))
    flow.after("book_time", ticket.stand)
    values = {"staff": staff, "began_at": span.began_at, "ended_at": span.ended_at, "note": note}
    await _add(act, "ticket.time_added", ticket, values, worked_by=name)


def may_correct(entry: Entry, by: By) -> bool:
    """Tell whether a staff member may correct an entry: his own if he works on tickets; anybody's as a dispatcher."""
    of_anybody = not DISPATCHING.isdisjoint(by.roles)
    return of_anybody or (entry.staff == by.staff and not WORKING.isdisjoint(by.roles))


async def correct_time(act: Act, number: int | None, id: int | None, given: Mapping[str, Any]) -> None:  # noqa: A002
    """Change from, to, minutes or note of an entry, for a `reason`; one's own, or as a dispatcher anybody's.

    What is not given stays. `minutes` alone (0 to 1440; 0 takes the time back) are counted back from the entry's
    end, which for a running one is now. What was corrected, by whom and why stays in the ticket's history.
    """
    act = await enter(act, number, WORKING)
    ticket = await store.get(act, number)
    refuse(mandatory_text("reason", given.get("reason")))
    entry = next((entry for entry in await time_of(act, ticket.number) if entry.id == id), None)
    if entry is None:
        raise NotFound("There is no such time entry.")
    if not may_correct(entry, act.by):
        raise NotAllowed("A technician can correct his own time only.")
    after = entry.values
    if any(given.get(name) is not None for name in SPAN):
        kept = Span(entry.began_at, entry.ended_at)
        after |= msgspec.structs.asdict(checked_span(given, now=act.at, least=0, kept=kept))
    if given.get("note") is not None:
        after["note"] = _note(given["note"])
    changed = [name for name in after if after[name] != entry.values[name]]
    if not changed:
        return
    await _change(act, ticket.number, entry, after)
    await events.record(
        act,
        "ticket.time_corrected",
        ticket=ticket.number,
        before=_told(entry, {name: entry.values[name] for name in changed}),
        after={name: after[name] for name in changed} | {"reason": given["reason"]},
    )


async def close_time(act: Act, number: int, given: Mapping[str, Any] | None = None) -> None:
    """Stop all time that runs on a ticket which is closed, and book what is given for who closes it.

    Where his own time runs, what is given takes its place: one stretch of work is not counted twice.
    """
    given = given or {}
    note = _note(given.get("note"))
    span = checked_span(given, now=act.at, least=1) if any(given.get(name) is not None for name in SPAN) else None
    running = await _running(act, number)
    is_his_running = any(entry.staff == act.by.staff for entry in running)
    if note and span is None and not is_his_running:
        raise Invalid(wrong("minutes", "A note belongs to time: say how many minutes it took."))
    for entry in running:
        if entry.staff == act.by.staff:
            await _stop(act, number, entry, note=note, span=span)
        else:
            await _stop(act, number, entry)
    if span is not None and not is_his_running:
        ticket = await store.get(act, number)
        values = {"staff": act.by.staff, "began_at": span.began_at, "ended_at": span.ended_at, "note": note}
        await _add(act, "ticket.time_added", ticket, values, worked_by=act.by.name)


async def _running(act: Act, number: int) -> list[Entry]:
    return [entry for entry in await time_of(act, number) if entry.ended_at is None]


async def _stop(act: Act, number: int, entry: Entry, *, note: str = "", span: Span | None = None) -> None:
    span = span or Span(entry.began_at, max(act.at, entry.began_at))
    after = {"began_at": span.began_at, "ended_at": span.ended_at, "note": note or entry.note}
    await _change(act, number, entry, after)
    await events.record(
        act, "ticket.time_stopped", ticket=number, before=_told(entry, {"ended_at": None}), after=_told(entry, after)
    )


async def _add(act: Act, type: str, ticket: Ticket, values: dict[str, Any], *, worked_by: str) -> None:  # noqa: A002
    key = await store.add_entry(act, ticket.number, values)
    span = values["began_at"], values["ended_at"]
    entry = Entry(key, values["staff"], worked_by, *span, values["note"], ticket.created_at)
    await events.record(act, type, ticket=ticket.number, after=_told(entry, entry.values))


async def _change(act: Act, number: int, entry: Entry, after: dict[str, Any]) -> None:
    if not await store.change_entry(act, entry.id, after, was=entry.values):
        raise LostRace((await store.get(act, number)).status)


def _told(entry: Entry, values: dict[str, Any]) -> dict[str, Any]:
    """Return what an event says of an entry."""
    return {"entry": str(entry.id), "worked_by": entry.worked_by, **values}


def _note(note: object) -> str:
    refuse(optional_text("time_note", note))
    return "" if note is None else str(note)


async def _whose(act: Act, email: object) -> tuple[int, str]:
    """Return key and name of whose time is booked."""
    assert act.by.staff is not None
    if email is None:
        return act.by.staff, act.by.name
    member = await accounts.staff_member(act, email.lower()) if isinstance(email, str) else None
    if DISPATCHING.isdisjoint(act.by.roles) and (member is None or member.staff != act.by.staff):
        raise NotAllowed("A technician can book his own time only.")
    if member is None or member.staff is None or WORKING.isdisjoint(member.roles):
        raise Invalid(wrong("email", "Nobody on the staff who works on tickets has this address."))
    return member.staff, member.name
