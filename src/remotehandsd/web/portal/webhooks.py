"""`/portal/{account}/account/webhooks/{webhook}`: what was told to a customer's program, and how that went."""

from starlette.responses import Response

from remotehandsd import webhooks
from remotehandsd.web.call import Call
from remotehandsd.web.pages import page
from remotehandsd.web.visitor import customer

AT_ONCE = 50
"""Attempts on one page."""


async def show(call: Call) -> Response:
    """Show a webhook and the attempts of the last 30 days, newest first."""
    found = await customer(call)
    webhook = await call.look(webhooks.get, call.params["webhook"])
    before = call.asked("before")
    attempts = await call.look_long(webhooks.attempts, webhook.id, before=before, most=AT_ONCE + 1)
    return page(
        "portal/webhook.html",
        visitor=found,
        here="account",
        webhook=webhook,
        attempts=attempts[:AT_ONCE],
        older=attempts[AT_ONCE - 1].id if len(attempts) > AT_ONCE else "",
        is_later=before is not None,
    )
