"""Which staff may do what to a ticket (interfaces.md section 4)."""

from remotehandsd.act import Act, Role
from remotehandsd.errors import NotAllowed, NotFound
from remotehandsd.tickets import queue

WORKING = frozenset({Role.TECHNICIAN, Role.DISPATCHER, Role.ADMINISTRATOR})
DISPATCHING = frozenset({Role.DISPATCHER, Role.ADMINISTRATOR})
ANY = frozenset(Role)


async def enter(act: Act, number: int | None, roles: frozenset[Role]) -> Act:
    """Return the act on the account whose ticket it is.

    NotAllowed without one of the roles; NotFound for a ticket of another environment, or at a site that the staff
    member is not bound to.
    """
    if act.by.staff is None or roles.isdisjoint(act.by.roles):
        raise NotAllowed("Your role does not allow this.")
    found = await queue.whose(act, number)
    if found is None or (act.by.sites is not None and found[1] not in act.by.sites):
        raise NotFound("There is no such ticket.")
    return act.on_account(found[0])
