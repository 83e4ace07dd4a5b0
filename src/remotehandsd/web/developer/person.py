"""Somebody at the developers' pages: a customer acts on the default account, as a program without headers would."""

from remotehandsd.web.call import Call
from remotehandsd.web.visitor import Visitor, visiting, visitor


async def person(call: Call) -> Visitor:
    """Let in who is signed in, customers and staff alike."""
    return _on_default_account(call, await visitor(call))


async def perhaps_person(call: Call) -> Visitor | None:
    """Return who is signed in, or nobody: the page is for everybody."""
    found = await visiting(call)
    return found and _on_default_account(call, found)


def _on_default_account(call: Call, found: Visitor) -> Visitor:
    call.by = next(iter(found.caller.acting.values()), found.caller.by)
    return found
