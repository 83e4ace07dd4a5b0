"""Staying signed in: who a cookie stands for, from which devices, and the end of it."""

import msgspec

from remotehandsd import accounts
from remotehandsd.act import Environment
from remotehandsd.errors import NotAllowed, NotFound, NotSignedIn
from remotehandsd.house import House
from remotehandsd.kit.db import Row, Tx
from remotehandsd.people.session import (
    IDLE_SECONDS,
    LONGEST_SECONDS,
    LONGEST_SECRET,
    TOUCHED_EVERY,
    Session,
    hash_of,
    new_secret,
)
from remotehandsd.people.store import links as links_store
from remotehandsd.people.store import sessions as store

_OVER = "You are no longer signed in."


def _session(row: Row) -> Session:
    key, person, environment, bound, began_at, seen_at, device = row
    return Session(key, person, Environment(environment), bool(bound), began_at, seen_at, device)


def _living(now: int) -> dict[str, int]:
    return {"seen_after": now - IDLE_SECONDS, "began_after": now - LONGEST_SECONDS}


async def session(tx: Tx, secret: str, *, now: int) -> Session | None:
    """Return the session whose secret this is; None after 12 hours without use, and 30 days after the sign-in.

    One statement. What the person may do is asked for beside it (accounts.caller_of_person).
    """
    if len(secret) > LONGEST_SECRET:
        return None
    row = await store.find(tx, hash_of(secret), **_living(now))
    return _session(row) if row else None


async def admit(house: House, secret: str) -> Session | None:
    """The same for a request that came with a cookie; notes, at most once a minute, that the session is in use."""
    now = house.now()
    async with house.db.glance() as tx:
        found = await session(tx, secret, now=now)
    if found is not None and found.seen_at <= now - TOUCHED_EVERY:
        async with house.db.write() as tx:
            await store.touch(tx, found.key, seen_before=now - TOUCHED_EVERY, now=now)
        found = msgspec.structs.replace(found, seen_at=now)
    return found


async def sessions_of_person(tx: Tx, person: int, *, now: int) -> list[Session]:
    """Return a person's sessions, the one that was seen last first."""
    return [_session(row) for row in await store.of_person(tx, person, **_living(now))]


async def rotate(tx: Tx, session: Session) -> str:
    """Give the session another secret, the cookie's new value; the old one is refused from then on."""
    return await _moved(tx, session, session.environment)


async def switch(tx: Tx, session: Session, environment: Environment) -> str:
    """Go on in another environment, under another secret, which is returned.

    NotAllowed for a session of "sign in as", and where the person has no record in use.
    """
    if session.is_bound:
        raise NotAllowed("This session is for the playground only.")
    if environment not in await accounts.environments_of_person(tx, session.person):
        raise NotAllowed(f"You have no access to {environment}.")
    return await _moved(tx, session, environment)


async def _moved(tx: Tx, session: Session, environment: Environment) -> str:
    secret = new_secret()
    if not await store.rotate(tx, session.key, environment=environment, secret_hash=hash_of(secret)):
        raise NotSignedIn(_OVER)
    return secret


async def end(tx: Tx, person: int, key: int) -> None:
    """End one of a person's sessions, such as the own at signing out; NotFound when there is no such one."""
    if not await store.end(tx, person, key):
        raise NotFound("There is no such session.")


async def end_others(tx: Tx, session: Session) -> int:
    """End all other sessions of the person; return how many.

    NotAllowed for a session of "sign in as": others who try the playground out are signed in as the same person.
    """
    if session.is_bound:
        raise NotAllowed("This session is for the playground only.")
    return await store.end_others(tx, session.person, session.key)


async def forget_over(house: House) -> int:
    """Remove the sessions and the links whose time is over; return how many."""
    now = house.now()
    async with house.db.write() as tx:
        over = await store.forget_over(tx, seen_before=now - IDLE_SECONDS, began_before=now - LONGEST_SECONDS)
        return over + await links_store.forget_over(tx, now=now)
