"""`/portal/{account}/tickets/{id}/print`: all that is known of a ticket, on paper."""

from starlette.responses import Response

from remotehandsd.web.call import Call
from remotehandsd.web.pages import page
from remotehandsd.web.portal.ticket import number_in, seen
from remotehandsd.web.visitor import customer


async def show(call: Call) -> Response:
    """Show the ticket as one sheet."""
    found = await customer(call)
    view = await call.look(seen, number_in(call))
    return page("portal/print.html", visitor=found, view=view, ticket=view.ticket, now=call.house.now())
