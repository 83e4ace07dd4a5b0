"""The operator's administrator, and what a borrowed session may see and touch."""

from remotehandsd.act import Role
from remotehandsd.errors import NotAllowed
from remotehandsd.web.call import Call
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, at_desk


async def administrator(call: Call) -> Visitor:
    """Let in an administrator of the operator's who is not bound to sites."""
    found = await at_desk(call)
    if Role.ADMINISTRATOR not in found.caller.by.roles or found.caller.by.sites is not None:
        raise NotAllowed(text("administration.administrators_only"))
    return found


async def real_administrator(call: Call) -> Visitor:
    """The same, in a session of his own: who borrowed one sees nothing of real people, and writes to nobody."""
    found = await administrator(call)
    if found.session.is_bound:
        raise NotAllowed(text("administration.borrowed"))
    return found
