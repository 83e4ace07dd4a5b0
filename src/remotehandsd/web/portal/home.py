"""`/portal`: where a customer's day begins, and the ways into it."""

import time

from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.errors import NotAllowed, NotFound
from remotehandsd.tickets import Status
from remotehandsd.web.call import Call
from remotehandsd.web.pages import page, see
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, on_account, visitor


async def _a_customer(call: Call) -> Visitor:
    found = await visitor(call)
    if found.caller.is_staff:
        raise NotAllowed(text("people.customers_only"))
    return found


async def enter(call: Call) -> Response:
    """Send a customer on to his default account."""
    return see((await _a_customer(call)).home)


async def find(call: Call) -> Response:
    """Send a customer on to a ticket, on whichever of his accounts it is: the link in mails."""
    found = await _a_customer(call)
    number = tickets.number_of(call.params["id"])
    for account in found.caller.accounts:
        call.by = found.caller.acting[account.master_id, account.id]
        try:
            await call.look(tickets.has_ticket, number)
        except NotFound:
            continue
        return see(f"/portal/{account.id}/tickets/{call.params['id']}")
    raise NotFound


async def show(call: Call) -> Response:
    """Show how the account's tickets stand, how many were opened lately, and what changed last."""
    found = await on_account(call)
    stand = await call.look_long(tickets.at_home) if found.has_tickets else None
    return page(
        "portal/home.html",
        visitor=found,
        here="home",
        counts=[(str(status), stand.by_status.get(status, 0)) for status in Status] if stand else [],
        changes=stand.changes if stand else [],
        days=[(time.strftime("%Y-%m-%d", time.gmtime(day)), count) for day, count in stand.opened] if stand else [],
        now=call.house.now(),
    )
