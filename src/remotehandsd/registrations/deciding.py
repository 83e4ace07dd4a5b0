"""Deciding on a registration, as an administrator of the operator's in that environment."""

import msgspec

from remotehandsd import accounts, events, people, world
from remotehandsd.accounts import REMOTE_HANDS, KeptUser
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, NotFound, Rule, WrongMoment
from remotehandsd.registrations import store
from remotehandsd.registrations.asking import one_at_a_time
from remotehandsd.registrations.registration import Registration, State, registration

LONGEST_ANSWER = 2000
MOST_UNCONFIRMED = 100


class Accepted(msgspec.Struct, frozen=True):
    """Who was let in. `token` is for a link to set a password, for that mailbox only; None for who has one."""

    email: str
    name: str
    token: str | None


async def waiting(act: Act) -> list[Registration]:
    """Return what waits for an answer in the act's environment, oldest first."""
    accounts.check_administers_all(act)
    return [registration(row) for row in await store.waiting(act.tx, act.by.environment)]


async def unconfirmed(act: Act) -> list[Registration]:
    """Return the newest 100 of the act's environment whose address nobody has confirmed, newest first."""
    accounts.check_administers_all(act)
    return [registration(row) for row in await store.not_confirmed(act.tx, act.by.environment, most=MOST_UNCONFIRMED)]


async def confirm_by_hand(act: Act, key: int) -> None:
    """Open a newcomer's registration: the administrator has made sure, in another way, whose address it is.

    For a server without mail, and for mail that was lost. NotFound for one that does not wait for this; WrongMoment
    when something asked under the address waits already.
    """
    accounts.check_administers_all(act)
    email = await store.email_of_unconfirmed(act.tx, act.by.environment, key)
    if email is None:
        raise NotFound("There is no such registration.")
    await one_at_a_time(act.tx, act.by.environment, email)
    if not await store.open_now(act.tx, key, now=act.at):
        raise NotFound("There is no such registration.")
    await events.record(act, "registration.opened", about=email)


async def accept(
    act: Act, key: int, account: str, *, is_administrator: bool = False, has_permission: bool = False
) -> Accepted:
    """Let somebody in: put the person on an account, as a user who is made if need be.

    Who is a user already gets the account, and what else is given, in addition. NotFound for an unknown one;
    WrongMoment when it was answered already; Invalid for an account that is not in use, and for a person who is
    staff here.
    """
    accounts.check_administers_all(act)
    # As `load` does: two who change the same user at once must not undo each other.
    await act.tx.hold("world")
    asked = await _decide(act, key, State.ACCEPTED, "")
    if account not in await accounts.account_keys(act):
        raise Invalid(Fault("account", Rule.WRONG_VALUE, "There is no such account in use."))
    if await accounts.is_staff(act, asked.email):
        raise Invalid(Fault("email", Rule.WRONG_VALUE, "This person is staff here; a person is a user or staff."))
    before = await accounts.user_named(act, asked.email)
    was = before or KeptUser(asked.email, asked.name)
    after = msgspec.structs.replace(
        was,
        accounts=was.accounts if account in was.accounts else (*was.accounts, account),
        permissions=tuple(sorted({*was.permissions, *([REMOTE_HANDS] if has_permission else [])})),
        administrator=was.administrator or is_administrator,
        retired=False,
    )
    await world.change_user(act, before, after)
    await events.record(act, "registration.accepted", about=asked.email, after={"account": account})
    return Accepted(asked.email, after.name, await people.invite_newcomer(act, asked.email))


async def decline(act: Act, key: int, reason: str) -> Registration:
    """Decline, with a reason that the person is told; return what was declined, with the answer.

    Invalid for a reason that is blank or longer than 2,000 characters; refused otherwise as `accept` is.
    """
    accounts.check_administers_all(act)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_ANSWER or "\0" in reason:
        raise Invalid(
            Fault("reason", Rule.WRONG_VALUE, f"The reason must have 1 to {LONGEST_ANSWER} characters of text.")
        )
    asked = await _decide(act, key, State.DECLINED, reason)
    await events.record(act, "registration.declined", about=asked.email, after={"reason": reason})
    return msgspec.structs.replace(asked, state=State.DECLINED, answer=reason, decided_at=act.at)


async def _decide(act: Act, key: int, state: State, answer: str) -> Registration:
    row = await store.find(act.tx, act.by.environment, key)
    if row is None:
        raise NotFound("There is no such registration.")
    if not await store.decide(act.tx, key, state=state, by=act.by.name, answer=answer, now=act.at):
        raise WrongMoment(row[6], "This was answered already.")
    return registration(row)
