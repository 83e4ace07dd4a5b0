"""Looking at one ticket, as the customer and as the desk."""

import msgspec

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.errors import NotFound
from remotehandsd.events import Event
from remotehandsd.tickets import queue, store
from remotehandsd.tickets.rights import ANY, enter
from remotehandsd.tickets.ticket import Comment, Ticket
from remotehandsd.tickets.timing import Entry, time_of


async def show(act: Act, number: int | None) -> Ticket:
    """Return a ticket of the act's account with its comments, without internal notes."""
    return await store.get_with_comments(act, number)


async def show_alone(act: Act, number: int | None) -> Ticket:
    """The same, and nobody else changes the ticket until the act ends: what is seen is what will be changed."""
    await store.hold(act, number)
    return await show(act, number)


async def has_ticket(act: Act, number: int | None) -> None:
    """Raise NotFound when the act's account has no such ticket."""
    await store.get(act, number)


class Desk(msgspec.Struct, frozen=True):
    """All that the operator knows of a ticket, at `at`. `assigned_to` is a display name, or `""`."""

    ticket: Ticket
    master_id: str
    account_id: str
    assigned_to: str
    master_name: str
    account_name: str
    notes: list[Comment]
    history: list[Event]
    time: list[Entry]
    at: int


async def on_the_desk(act: Act, number: int | None) -> Desk:
    """Return a ticket with everything known of it, for any staff whose site it is at."""
    return await _desk(await enter(act, number, ANY), number)


async def on_the_desk_alone(act: Act, number: int | None) -> Desk:
    """The same, and nobody else changes the ticket or writes on it until the act ends."""
    act = await enter(act, number, ANY)
    await store.hold(act, number)
    return await _desk(act, number)


async def _desk(act: Act, number: int | None) -> Desk:
    ticket = await show(act, number)
    card = await queue.card(act, ticket.number)
    if card is None:
        raise NotFound("There is no such ticket.")
    master_id, account_id, assigned_to, master_name, account_name = card
    return Desk(
        ticket,
        master_id,
        account_id,
        assigned_to or "",
        master_name,
        account_name,
        await store.comments(act, ticket.number, internal=True),
        await events.history(act, ticket.number),
        await time_of(act, ticket.number),
        act.at,
    )
