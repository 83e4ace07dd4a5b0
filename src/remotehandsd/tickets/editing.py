"""Editing a ticket: the two fields that a customer may change while it is open."""

from collections.abc import Mapping
from typing import Any

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.tickets import flow, store
from remotehandsd.tickets.fields import editing_faults, refuse
from remotehandsd.tickets.reading import show
from remotehandsd.tickets.ticket import Ticket


async def edit(act: Act, number: int | None, fields: Mapping[str, Any]) -> Ticket:
    """Replace customer_reference and recipients, each where it is given; `""` clears, None leaves.

    Possible while New or In Progress. What is as it was changes nothing, `updated_at` included.
    """
    ticket = await store.get(act, number)
    refuse(editing_faults(fields))
    flow.after("edit", ticket.stand)
    before = {"customer_reference": ticket.customer_reference, "recipients": ticket.recipients}
    after = {name: fields[name] for name in before if fields.get(name) is not None and fields[name] != before[name]}
    if after:
        await store.change(act, ticket, updated_at=max(act.at, ticket.updated_at), **after)
        await events.record(
            act,
            "ticket.updated",
            ticket=ticket.number,
            before={name: before[name] for name in after},
            after=after,
        )
    return await show(act, number)
