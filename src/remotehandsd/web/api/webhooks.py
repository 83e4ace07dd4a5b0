"""`/api/webhooks`: customers look after the addresses that are told what happens (interfaces.md section 6)."""

from starlette.responses import Response

from remotehandsd import webhooks, wire
from remotehandsd.act import Act
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.json_body import json_object
from remotehandsd.web.paging import whole
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.signin import for_tickets
from remotehandsd.webhooks import Attempt, Made, Webhook

DEFAULT_LIMIT = 100


def _shown(webhook: Webhook) -> Response:
    return json_answer(wire.webhook(webhook))


async def create(call: Call) -> Response:
    """Make a webhook; its secret is shown here and never again."""
    await for_tickets(call)
    body = await json_object(call)
    may_be_private = call.house.settings.webhook_private
    return await call.once(_made, webhooks.add, call.house.seal, body, may_be_private=may_be_private)


def _made(made: Made) -> Response:
    return _with_secret(made, 201, {"Location": f"/api/webhooks/{made.webhook.id}"})


def _with_secret(made: Made, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return json_answer(
        wire.webhook(made.webhook, made.secret), status, {"Cache-Control": "no-store", **(headers or {})}
    )


async def list_all(call: Call) -> Response:
    """Return the account's webhooks, oldest first."""
    await for_tickets(call)
    return json_answer([wire.webhook(one) for one in await call.look(webhooks.list_all)])


async def get(call: Call) -> Response:
    """Return one webhook."""
    await for_tickets(call)
    return _shown(await call.look(webhooks.get, call.params["id"]))


async def change(call: Call) -> Response:
    """Change what the body names; the rest stays."""
    await for_tickets(call)
    body = await json_object(call)
    may_be_private = call.house.settings.webhook_private
    return await call.once(_shown, webhooks.change, call.params["id"], body, may_be_private=may_be_private)


async def remove(call: Call) -> Response:
    """Remove a webhook; what waits for it is not sent any more."""
    await for_tickets(call)
    return await call.once(_gone, webhooks.remove, call.params["id"])


def _gone(_: None) -> Response:
    return Response(status_code=204)


async def rotate(call: Call) -> Response:
    """Give a webhook a new secret; the one before it signs beside it for 24 hours."""
    await for_tickets(call)
    await json_object(call, may_be_absent=True)
    return await call.once(_with_secret, webhooks.rotate, call.house.seal, call.params["id"])


async def test(call: Call) -> Response:
    """Send a webhook something that did not happen."""
    await for_tickets(call)
    await json_object(call, may_be_absent=True)
    return await call.once(_under_way, webhooks.send_test, call.params["id"], _test_body)


def _test_body(at: int) -> bytes:
    return wire.encode(wire.tried(at))


def _under_way(name: str) -> Response:
    return json_answer({"eventId": name}, 202)


async def list_deliveries(call: Call) -> Response:
    """Return the attempts to deliver to a webhook, newest first."""
    await for_tickets(call)
    limit = whole(call.asked("limit"), DEFAULT_LIMIT, 1, webhooks.MOST_ATTEMPTS)
    if limit is None:
        raise BadQuery(("limit", f"This must be a whole number from 1 to {webhooks.MOST_ATTEMPTS}."))
    id_, before = call.params["id"], call.asked("before")

    async def look(act: Act) -> list[Attempt]:
        return await webhooks.attempts(act, id_, before=before, most=limit)

    return json_answer([wire.attempt(one) for one in await call.look_long(look)])


async def send_again(call: Call) -> Response:
    """Send again what an attempt sent: the same bytes under the same id."""
    await for_tickets(call)
    await json_object(call, may_be_absent=True)
    return await call.once(_under_way, webhooks.send_again, call.params["id"], call.params["delivery_id"])
