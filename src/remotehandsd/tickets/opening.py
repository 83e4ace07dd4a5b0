"""Opening a ticket: a customer asks for work."""

from collections.abc import Mapping
from typing import Any

import msgspec

from remotehandsd import events, sites
from remotehandsd.act import Act
from remotehandsd.errors import NotFound
from remotehandsd.tickets import store
from remotehandsd.tickets.fields import opening_faults, refuse
from remotehandsd.tickets.flow import Status
from remotehandsd.tickets.ticket import Ticket

OPTIONAL = ("location", "instruction", "customer_reference", "reference_ticket", "recipients")


async def may_open(act: Act, fields: Mapping[str, Any], *, check_location: bool) -> None:
    """Say what `open_ticket` would refuse now, and open nothing: for who wants to look at it once more."""
    refuse(opening_faults(fields))
    if not await sites.is_assigned(act, fields["site"]):
        raise NotFound("The account has no such site.")
    if check_location and fields.get("location"):
        await _check_location(act, fields["site"], fields["location"])


async def open_ticket(act: Act, fields: Mapping[str, Any], *, check_location: bool) -> Ticket:
    """Open a ticket on the act's account and return it.

    `fields` are title, site, location, request_type, category, instruction, customer_reference, reference_ticket,
    recipients, as they were sent. Invalid names every fault; NotFound is a site that the account does not have, or,
    where locations are checked, a location that the site does not have. Texts are kept as sent, blanks included.
    """
    refuse(opening_faults(fields))
    values = {field: fields.get(field) or "" for field in OPTIONAL}
    values |= {field: fields[field] for field in ("title", "site", "request_type", "category")}
    if check_location and values["location"]:
        await _check_location(act, values["site"], values["location"])
    values["status"] = str(Status.NEW)
    number = await store.add(act, values)
    if number is None:
        raise NotFound("The account has no such site.")
    await events.record(act, "ticket.created", ticket=number, after=values)
    return msgspec.convert(
        values
        | {
            "number": number,
            "account": act.account,
            "status_before": None,
            "cancel_reason": None,
            "created_by": act.by.name,
            "created_at": act.at,
            "updated_at": act.at,
            "closed_at": None,
            "assigned_to": None,
        },
        Ticket,
    )


async def _check_location(act: Act, site: str, location: str) -> None:
    if await sites.is_assigned(act, site) and not await sites.has_location(act, site, location):
        raise NotFound("The site has no such location.")
