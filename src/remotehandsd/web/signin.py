"""From a token, and for customers the account headers, to who is calling."""

from remotehandsd.accounts import REMOTE_HANDS, Caller
from remotehandsd.act import Role
from remotehandsd.errors import Limited, NotAllowed, NotSignedIn
from remotehandsd.tickets import ANY
from remotehandsd.web.call import Call
from remotehandsd.web.refused import BadPair


async def signed_in(call: Call) -> Caller:
    """Return who calls, and count the request. `Bearer <token>` in any case, and a bare token, as clients send it."""
    caller = await _admitted(call)
    call.left = call.gate.count_request(caller.client_id)
    if call.left and call.left.is_over:
        raise Limited(call.left.seconds)
    return caller


async def _admitted(call: Call) -> Caller:
    given = call.header("authorization").strip()
    scheme, _, rest = given.partition(" ")
    token = rest.strip() if scheme.lower() == "bearer" else given
    if not token:
        raise NotSignedIn("A token is needed.")
    caller = await call.gate.admit(token)
    call.client_id = caller.client_id
    return caller


async def for_account(call: Call) -> Caller:
    """Let a customer in for the account that the headers name, in the order of contract.md section 2."""
    return _on_account(call, await signed_in(call))


def _on_account(call: Call, caller: Caller) -> Caller:
    pair = call.header("master-account-id"), call.header("account-id")
    call.by = caller.acting.get(pair)
    if call.by is None:
        forms = call.house.settings.master_account_pattern, call.house.settings.account_pattern
        if not all(form.fullmatch(id_) for form, id_ in zip(forms, pair, strict=True)):
            raise BadPair
        raise NotAllowed("The account is not one of yours.")
    return caller


async def for_tickets(call: Call) -> None:
    """The same, for calls that need the permission `Service Tickets-Remote Hands`."""
    _permitted(await for_account(call))


async def still_for_tickets(call: Call) -> None:
    """Look again, later in the same request, whether the token, the account and the permission still hold."""
    _permitted(_on_account(call, await _admitted(call)))


def _permitted(caller: Caller) -> None:
    if REMOTE_HANDS not in caller.permissions:
        raise NotAllowed("You do not have the permission for tickets.")


async def as_staff(call: Call, roles: frozenset[Role] = ANY) -> None:
    """Let a member of the operator's staff in who has one of these roles."""
    caller = await signed_in(call)
    if not caller.is_staff:
        raise NotAllowed("This is for the operator's staff.")
    if roles.isdisjoint(caller.by.roles):
        raise NotAllowed("Your role does not allow this.")
    call.by = caller.by
