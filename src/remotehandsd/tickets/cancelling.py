"""Calling a ticket off: asked for by the customer, decided by a dispatcher."""

from typing import Any

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.errors import Invalid
from remotehandsd.tickets import flow, store, timing
from remotehandsd.tickets.catalogue import CANCEL_REASONS, CancelReason
from remotehandsd.tickets.commenting import add_comment, check_text
from remotehandsd.tickets.fields import wrong
from remotehandsd.tickets.rights import DISPATCHING, enter
from remotehandsd.tickets.ticket import Ticket


def _reason(value: object) -> str:
    if value is None:
        return str(CancelReason.NO_LONGER_NEEDED)
    if not isinstance(value, str) or value not in CANCEL_REASONS:
        raise Invalid(wrong("cancel_reason"))
    return value


async def request_cancellation(act: Act, number: int | None, reason: object) -> Ticket:
    """Ask the operator to call the ticket off; work already done may still be charged.

    Possible while New or In Progress. Without a reason it is `Request no longer needed`.
    """
    ticket = await store.get(act, number)
    reason = _reason(reason)
    status = flow.after("request_cancellation", ticket.stand)
    await _change(
        act,
        ticket,
        "ticket.cancellation_requested",
        status=status,
        status_before=ticket.status,
        cancel_reason=reason,
    )
    return ticket


async def grant_cancellation(act: Act, number: int | None) -> None:
    """Call the ticket off as the customer asked; for dispatchers."""
    act = await enter(act, number, DISPATCHING)
    ticket = await store.get(act, number)
    status = flow.after("grant_cancellation", ticket.stand)
    await _change(act, ticket, "ticket.cancelled", status=status, closed_at=max(act.at, ticket.updated_at))
    await timing.close_time(act, ticket.number)


async def refuse_cancellation(act: Act, number: int | None, comment: object) -> None:
    """Put the ticket back to where it stood; for dispatchers. The comment, if any, is shown to the customer."""
    act = await enter(act, number, DISPATCHING)
    ticket = await store.get(act, number)
    text = check_text(comment) if comment is not None else None
    status = flow.after("refuse_cancellation", ticket.stand)
    said = {"comment": text} if text is not None else {}
    await _change(
        act,
        ticket,
        "ticket.cancellation_refused",
        said,
        status=status,
        status_before=None,
        cancel_reason=None,
    )
    if text is not None:
        await add_comment(act, ticket.number, text, internal=False)


async def cancel_for_customer(act: Act, number: int | None, reason: object) -> None:
    """Call a New or In Progress ticket off on the customer's behalf, say by phone; for dispatchers."""
    act = await enter(act, number, DISPATCHING)
    ticket = await store.get(act, number)
    reason = _reason(reason)
    status = flow.after("cancel", ticket.stand)
    await _change(
        act, ticket, "ticket.cancelled", status=status, cancel_reason=reason, closed_at=max(act.at, ticket.updated_at)
    )
    await timing.close_time(act, ticket.number)


async def _change(act: Act, ticket: Ticket, event: str, said: dict[str, str] | None = None, **columns: Any) -> None:
    await store.change(act, ticket, updated_at=max(act.at, ticket.updated_at), **columns)
    before = {name: getattr(ticket, name) for name in columns}
    await events.record(act, event, ticket=ticket.number, before=before, after=columns | (said or {}))
