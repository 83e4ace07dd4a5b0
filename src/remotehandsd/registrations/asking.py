"""Asking to be let in: by a newcomer, who confirms the address, or by somebody of another environment."""

import hashlib
import secrets

from remotehandsd import accounts, events, people, world
from remotehandsd.act import Act, By, Environment
from remotehandsd.errors import Fault, Invalid, Limited, NotAllowed, NotFound, Rule, WrongMoment
from remotehandsd.house import House
from remotehandsd.kit.db import Tx
from remotehandsd.kit.limits import Rate
from remotehandsd.registrations import store
from remotehandsd.registrations.registration import Registration, State, registration

OF_EMAIL = Rate(3, 3600)
OF_ADDRESS = Rate(10, 360)
CONFIRMED_WITHIN = 86_400
"""Seconds for which the link of a newcomer can be used."""
KEPT_UNCONFIRMED = 7 * 86_400
"""Seconds for which an administrator sees what was not confirmed, and can confirm it by hand."""
LONGEST_COMPANY, LONGEST_REASON = 255, 2000
LONGEST_TOKEN = 64


async def register(house: House, environment: Environment, asked: dict[str, str], *, address: str) -> str:
    """Note what a newcomer asks and return the token of a link that confirms the address, for that mailbox only.

    `asked` has `email`, `name`, `company`, `reason`. The answer is the same whether the address is known or not.
    The link ends after a day, and the older ones of the same address with it. Invalid names all wrong fields;
    Limited to a few an hour for one address, and for where they come from.
    """
    asked = _checked(asked)
    wait = house.limits.take(f"registers by {people.network(address)}", OF_ADDRESS)
    wait = wait or house.limits.take(f"registers {asked['email']}", OF_EMAIL)
    if wait:
        raise Limited(wait)
    token = secrets.token_urlsafe(32)
    values = {**asked, "environment": environment}
    async with house.db.write() as tx:
        await tx.hold(f"registration {environment} {asked['email']}")
        await store.forget_unconfirmed_of(tx, environment, asked["email"])
        await store.add(tx, values, state=State.UNCONFIRMED, confirm_hash=_hash(token), now=house.now())
    return token


def _checked(asked: dict[str, str]) -> dict[str, str]:
    checks = {
        "email": world.fields.email,
        "name": world.fields.USER["name"],
        "company": world.fields.text(LONGEST_COMPANY),
        "reason": _reason,
    }
    good = {field: asked.get(field, "").strip() for field in checks}
    good["email"] = people.kept_form(good["email"])
    wrong = {field: check(good[field]) for field, check in checks.items()}
    faults = [Fault(field, Rule.WRONG_VALUE, f"The {field} {words}.") for field, words in wrong.items() if words]
    if faults:
        raise Invalid(*faults)
    return good


def _reason(text: object) -> str | None:
    assert isinstance(text, str)
    if not text or len(text) > LONGEST_REASON:
        return f"must have 1 to {LONGEST_REASON} characters"
    is_text = all(letter.isprintable() or letter in "\r\n\t" for letter in text)
    return None if is_text else "must not hold control characters"


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def confirm(tx: Tx, token: str, *, now: int) -> Environment:
    """Open a newcomer's registration, as the address was confirmed; return the environment.

    NotFound for a link that was used, is over, or never was; WrongMoment when something asked under the address
    waits already.
    """
    after = now - CONFIRMED_WITHIN
    found = await store.unconfirmed(tx, _hash(token), asked_after=after) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        raise NotFound("The link was used or is over. Register again.")
    key, environment, email = found
    await one_at_a_time(tx, environment, email)
    if not await store.open_now(tx, key, now=now):
        raise NotFound("The link was used or is over. Register again.")
    by = By(name=email, environment=Environment(environment))
    await events.record(Act(tx, by, now), "registration.opened", about=email)
    return by.environment


async def one_at_a_time(tx: Tx, environment: str, email: str) -> None:
    """Let one open registration of an address pass; WrongMoment when there is one."""
    await tx.hold(f"registration {environment} {email}")
    if await store.is_open(tx, environment, email):
        raise WrongMoment(State.OPEN, "You have asked already. An administrator will answer.")


async def ask_access(act: Act, environment: Environment, reason: str) -> None:
    """Ask, as a user, for access to another environment; its administrators answer.

    Invalid for a reason that is blank or longer than 2,000 characters; WrongMoment for who has access, or has asked
    already; NotAllowed for staff, whose access is not asked for here, and for who has no password: as one of the
    playground's made-up people nobody can ask for anything.
    """
    if act.by.user is None:
        raise NotAllowed("This is for customers' people.")
    email = await accounts.address_of_user(act)
    if not await people.has_password(act.tx, email):
        raise NotAllowed("This person is made up: register under your own address.")
    there = Act(act.tx, By(name=act.by.name, environment=environment), act.at)
    user = await accounts.user_named(there, email)
    if (user is not None and not user.retired) or await accounts.is_staff(there, email):
        raise WrongMoment(State.ACCEPTED, f"You have access to {environment} already.")
    company = await accounts.company_of_user(act)
    asked = _checked({"email": email, "name": act.by.name, "company": company or "-", "reason": reason})
    await one_at_a_time(act.tx, environment, email)
    values = {**asked, "environment": environment}
    await store.add(act.tx, values, state=State.OPEN, confirm_hash=None, now=act.at)
    await events.record(there, "registration.opened", about=email)


async def own_registrations(act: Act) -> list[Registration]:
    """Return what the user who acts has asked for, in every environment, newest first, with the answers."""
    if act.by.user is None:
        return []
    return [registration(row) for row in await store.of_email(act.tx, await accounts.address_of_user(act))]


async def askers(act: Act) -> frozenset[str]:
    """Return the addresses of all who ever asked to be let in: they are real people, with a password or without."""
    return frozenset(row[0] for row in await store.askers(act.tx))


async def forget_unconfirmed(house: House) -> int:
    """Remove what newcomers asked and nobody confirmed within 7 days; return how many."""
    async with house.db.write() as tx:
        return await store.forget_unconfirmed(tx, asked_before=house.now() - KEPT_UNCONFIRMED)
