"""`GET /v1/accounts` (contract.md section 5)."""

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.errors import NotAllowed
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.signin import signed_in


async def list_all(call: Call) -> Response:
    """List the accounts that the app may use; with `defaultAccount=true` only the default one."""
    caller = await signed_in(call)
    if caller.is_staff:
        raise NotAllowed("Staff have no accounts.")
    asked = (call.asked("defaultAccount") or "false").lower()
    if asked not in {"true", "false"}:
        raise BadQuery(("defaultAccount", "Query parameter 'defaultAccount' has an unexpected value."))
    shown = caller.accounts[:1] if asked == "true" else caller.accounts
    return json_answer([wire.account(account, is_default=account is caller.accounts[0]) for account in shown])
