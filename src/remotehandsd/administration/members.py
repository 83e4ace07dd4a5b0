"""What an account's administrators do: look after its people, and never reach beyond their own accounts.

Each verb is for the act's account, which the door takes from the caller's own; NotAllowed for who is not an
administrator of it.
"""

import msgspec

from remotehandsd import accounts, people, world
from remotehandsd.accounts import REMOTE_HANDS, KeptUser, Member
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, NotAllowed, NotFound, Rule


async def members(act: Act) -> list[Member]:
    """Return the account's people in use, by name."""
    await accounts.administered_account(act)
    return await accounts.members(act)


async def invite_member(act: Act, email: str, name: str) -> str | None:
    """Put somebody on the account; a newcomer becomes a user, without the permission.

    Returns the token of a link to set a password, None for who has one. The token is for the invited person's own
    mailbox, never for who invites: it opens all that the person has, in every environment. Invalid for an address
    or a name that cannot be, and for one of the operator's people; NotAllowed for a user who was turned off, and for
    one with rights on other accounts.
    """
    account = await accounts.administered_account(act)
    email, name = people.kept_form(email), name.strip()
    _check(email, name)
    # As `load` does: two who change the same user at once must not undo each other.
    await act.tx.hold("world")
    if await accounts.is_staff(act, email):
        raise Invalid(Fault("email", Rule.WRONG_VALUE, "This person cannot be put on an account."))
    before = await accounts.user_named(act, email)
    after = before or KeptUser(email, name)
    if after.retired:
        raise NotAllowed("The operator has turned this person off.")
    if before and account not in before.accounts and (before.administrator or before.permissions):
        # Both hold on every account of a user: whoever administers another one would administer this one, too.
        raise NotAllowed("This person has rights elsewhere, which would hold here, too. Ask the operator.")
    if account not in after.accounts:
        after = msgspec.structs.replace(after, accounts=(*after.accounts, account))
    await world.change_user(act, before, after)
    return await people.invite_newcomer(act, email)


def _check(email: str, name: str) -> None:
    given = {"email": email, "name": name}
    wrong = {field: world.fields.USER[field](value) for field, value in given.items()}
    faults = [
        Fault(field, Rule.WRONG_VALUE, f"The {field} {sentence}.") for field, sentence in wrong.items() if sentence
    ]
    if faults:
        raise Invalid(*faults)


async def grant(act: Act, email: str) -> None:
    """Give one of the account's people the permission for tickets.

    NotFound for who is not on the account. A permission counts on all accounts of its user, so NotAllowed for who
    is also on one that is not the administrator's own.
    """
    before = await _within_reach(act, email)
    permissions = tuple(sorted({*before.permissions, REMOTE_HANDS}))
    await world.change_user(act, before, msgspec.structs.replace(before, permissions=permissions))


async def take(act: Act, email: str) -> None:
    """Take the permission for tickets from one of the account's people; refused as `grant` is."""
    before = await _within_reach(act, email)
    permissions = tuple(one for one in before.permissions if one != REMOTE_HANDS)
    await world.change_user(act, before, msgspec.structs.replace(before, permissions=permissions))


async def take_out(act: Act, email: str) -> None:
    """Take somebody out of the account; he stays a user. NotAllowed for oneself: an account keeps an administrator."""
    account, before = await _member(act, email)
    if before.email == await accounts.address_of_user(act):
        raise NotAllowed("You cannot take yourself out. Another administrator can.")
    rest = tuple(id_ for id_ in before.accounts if id_ != account)
    await world.change_user(act, before, msgspec.structs.replace(before, accounts=rest))


async def _within_reach(act: Act, email: str) -> KeptUser:
    _, user = await _member(act, email)
    if set(user.accounts) - set(await accounts.own_accounts(act)):
        raise NotAllowed("This person is on other accounts, too, that are not yours. Ask the operator.")
    return user


async def _member(act: Act, email: str) -> tuple[str, KeptUser]:
    """Return the account's id and one of its people."""
    account = await accounts.administered_account(act)
    await act.tx.hold("world")
    email = people.kept_form(email)
    user = await accounts.user_named(act, email) if people.is_email(email) else None
    if user is None or user.retired or account not in user.accounts:
        raise NotFound("There is no such person on the account.")
    return account, user
