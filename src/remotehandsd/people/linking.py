"""Links that set a password: an invitation, or a reset that somebody asked for. Only a link's hash is kept."""

import asyncio
from enum import StrEnum

import msgspec

from remotehandsd import accounts, events
from remotehandsd.act import Act, By, Environment
from remotehandsd.errors import Limited, NotAllowed, NotFound, NotSignedIn
from remotehandsd.house import House
from remotehandsd.kit.db import Tx
from remotehandsd.kit.limits import Rate
from remotehandsd.people import passwords
from remotehandsd.people.address import is_email, kept_form
from remotehandsd.people.guessing import forgive, guess, network
from remotehandsd.people.session import LONGEST_SECRET, Session, hash_of, new_secret
from remotehandsd.people.staying import rotate
from remotehandsd.people.store import links as store
from remotehandsd.people.store import people as people_store
from remotehandsd.people.store import sessions as sessions_store

RESETS_OF_EMAIL = Rate(3, 1200)
RESETS_OF_ADDRESS = Rate(20, 60)
ASKING_SECONDS = 0.25
"""Asking for a reset takes so long at least, whether there is such a person or not."""
_GONE = "The link was used or is over. Ask for another one."


class Kind(StrEnum):
    """Why there is a link."""

    INVITATION = "invitation"
    RESET = "reset"


LIVES = {Kind.INVITATION: 7 * 86_400, Kind.RESET: 3600}
"""Seconds for which a link can be used."""


class Link(msgspec.Struct, frozen=True):
    """A link that can be used, whose it is, and until when (seconds since 1970, UTC)."""

    person: int
    email: str
    kind: Kind
    ends_at: int


async def invite(act: Act, email: str) -> str:
    """Make a link for a person and return its token; it ends the person's older invitations, and after 7 days.

    The token opens everything that the person has, in every environment: it may go to the person's own mailbox, or
    to who runs the server, never to another one who invites. NotFound for somebody who is no user and no member of
    staff anywhere.
    """
    email = kept_form(email)
    person, there = await _known(act.tx, email)
    if not there:
        raise NotFound(f"There is no person {email} in use.")
    token = await _make(act.tx, person, Kind.INVITATION, now=act.at)
    await events.record(act, "person.invited", about=email)
    return token


async def invite_newcomer(act: Act, email: str) -> str | None:
    """The same for who may have a password already: then there is no link, and None is returned."""
    return None if await has_password(act.tx, email) else await invite(act, email)


async def has_password(tx: Tx, email: str) -> bool:
    """Tell whether the person with this address has set a password."""
    _, kept = await people_store.find(tx, kept_form(email)) or (0, None)
    return kept is not None


async def invite_by_command(tx: Tx, email: str, *, now: int) -> str:
    """The same, asked for by who runs the server; it is written down in the first of the person's environments."""
    _, there = await _known(tx, kept_form(email))
    by = By(name="remotehandsd invite", environment=there[0] if there else Environment.PRODUCTION)
    return await invite(Act(tx, by, now), email)


async def _known(tx: Tx, email: str) -> tuple[int, list[Environment]]:
    """Return who has this address, and where the person is in use."""
    person, _ = await people_store.find(tx, email if is_email(email) else "") or (0, None)
    return person, await accounts.environments_of_person(tx, person)


async def ask_reset(house: House, email: str, *, address: str) -> str | None:
    """Make a link for who forgot the password, and return its token, for that person's mailbox only.

    None where there is no such person in use; the door says the same in both cases, and sends the mail after it
    has answered, as the time would tell. Limited to a few an hour for one address, and for where they come from.
    """
    email = kept_form(email)
    wait = house.limits.take(f"reset by {network(address)}", RESETS_OF_ADDRESS)
    wait = wait or house.limits.take(f"reset of {email}", RESETS_OF_EMAIL)
    if wait:
        raise Limited(wait)
    longest = asyncio.create_task(asyncio.sleep(ASKING_SECONDS))
    try:
        return await _reset(house, email)
    finally:
        await longest


async def _reset(house: House, email: str) -> str | None:
    async with house.db.write() as tx:
        person, there = await _known(tx, email)
        if not there:
            return None
        return await _make(tx, person, Kind.RESET, now=house.now())


async def _make(tx: Tx, person: int, kind: Kind, *, now: int) -> str:
    await tx.hold(f"person {person}")
    token = new_secret()
    await store.add(tx, person, kind, hash_of(token), made_at=now, ends_at=now + LIVES[kind])
    return token


async def link(tx: Tx, token: str, *, now: int) -> Link:
    """Return what a link is for; NotFound when it was used, is over, or never was."""
    found = await store.find(tx, hash_of(token), now=now) if len(token) <= LONGEST_SECRET else None
    if found is None:
        raise NotFound(_GONE)
    person, email, kind, ends_at = found
    return Link(person, email, Kind(kind), ends_at)


async def set_password(house: House, token: str, password: str) -> int:
    """Use a link up: give its person this password; return the person.

    Ends all sessions of the person and all other links. NotFound for a link that cannot be used, and for all but
    one of those who use it at once; Invalid for a password that may not be one, which leaves the link as it was.
    """
    async with house.db.glance() as tx:
        found = await link(tx, token, now=house.now())
    hash_ = await passwords.hashed(passwords.check(password, found.email))
    now = house.now()
    async with house.db.write() as tx:
        await tx.hold(f"person {found.person}")
        if not await store.use(tx, hash_of(token), now=now):
            raise NotFound(_GONE)
        # The password first: who signs in meanwhile waits for it, and is not missed by the next statement.
        await people_store.put_password(tx, found.person, hash_, now=now)
        await sessions_store.end_others(tx, found.person, 0)
        await store.end_all(tx, found.person)
        await _tell(tx, found.person, found.email, now=now)
    forgive(house, found.email)
    return found.person


async def change_password(house: House, session: Session, old: str, new: str, *, address: str) -> str:
    """Give somebody who is signed in another password; return the session's new secret.

    Ends all other sessions and all links. NotSignedIn when the old password is wrong; Invalid for a new one that
    may not be one; NotAllowed for a session of "sign in as"; Limited after too many attempts.
    """
    if session.is_bound:
        raise NotAllowed("This session is for the playground only.")
    async with house.db.glance() as tx:
        email, kept = await people_store.address_and_hash(tx, session.person)
    form = passwords.check(new, email)
    with guess(house, email, address, f"session {session.key}") as attempt:
        if not await passwords.is_right(kept, old) or kept is None:
            raise NotSignedIn("The old password is wrong.")
        attempt.was_right = True
    hash_ = await passwords.hashed(form)
    now = house.now()
    async with house.db.write() as tx:
        await tx.hold(f"person {session.person}")
        if not await people_store.replace_hash(tx, session.person, was=kept, hash=hash_):
            raise NotSignedIn("The old password is wrong.")
        await people_store.put_password(tx, session.person, hash_, now=now)
        await sessions_store.end_others(tx, session.person, session.key)
        await store.end_all(tx, session.person)
        await _tell(tx, session.person, email, now=now)
        return await rotate(tx, session)


async def _tell(tx: Tx, person: int, email: str, *, now: int) -> None:
    """Write down, in every environment that the person is known in, that a password was set."""
    for environment in await accounts.environments_of_person(tx, person):
        caller = await accounts.caller_of_person(tx, person, environment)
        assert caller is not None
        await events.record(Act(tx, caller.by, now), "person.password_set", about=email)
