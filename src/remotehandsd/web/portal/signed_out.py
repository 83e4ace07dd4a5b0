"""A form that came in when its session was over: nothing is done, and nothing that was typed is lost."""

from collections.abc import Mapping

from starlette.responses import Response

from remotehandsd.errors import NotSignedIn
from remotehandsd.web import pages
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, filled
from remotehandsd.web.pages import page
from remotehandsd.web.visitor import Visitor, customer, sent_by


class SignedOut(NotSignedIn):
    """Nobody is signed in any more; `values` is what he typed, and `address` where he sent it."""

    def __init__(self, address: str, values: Mapping[str, str]) -> None:
        super().__init__()
        self.address = address
        self.values = values


async def customer_sent(call: Call) -> tuple[Visitor, Filled]:
    """Let a customer in who sends a form, and return both; SignedOut keeps the form of who is signed out."""
    try:
        found = await customer(call)
    except NotSignedIn:
        raise SignedOut(call.scope["path"], (await filled(call)).values) from None
    return found, await sent_by(call, found)


def answer(error: Exception, correlation_id: str) -> Response:
    """Say no as every page does; who was signed out gets what he typed back, ready to be sent again."""
    if isinstance(error, SignedOut):
        return page("portal/signed_out.html", 401, address=error.address, values=error.values)
    return pages.answer(error, correlation_id)
