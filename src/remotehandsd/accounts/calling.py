"""From a credential to the person it acts as."""

import hashlib

import msgspec

from remotehandsd.accounts.account import Caller
from remotehandsd.accounts.store import calling as store
from remotehandsd.act import Act, By, Environment, Role
from remotehandsd.kit.db import Tx

ROTATION_SECONDS = 7 * 86_400
"""How long an app has two secrets, unless the rotation is finished before."""


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a client secret: its SHA-256, which suffices for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def secret_hashes_of(tx: Tx, client_id: str, *, now: int) -> tuple[bytes, bytes, Environment] | None:
    """Return the kept hashes and the environment of an app in use whose person is in use.

    There are two hashes while the app's secret is rotated; otherwise they are the same one twice.
    """
    app = await store.app(tx, client_id)
    if app is None:
        return None
    last = app.next_hash or app.secret_hash
    is_first_good = app.rotated_at is None or now < app.rotated_at + ROTATION_SECONDS
    return (app.secret_hash if is_first_good else last), last, Environment(app.environment)


async def caller(tx: Tx, client_id: str) -> Caller | None:
    """Return whom the app acts as, with rights as they stand now; None when either of them is retired."""
    app = await store.app(tx, client_id)
    return await _caller(tx, client_id, Environment(app.environment), app.who) if app else None


async def caller_of_person(tx: Tx, person: int, environment: Environment) -> Caller | None:
    """Return as whom a person acts in an environment, with rights as they stand now; None without a record in use.

    The client id of such a caller holds a colon, which an app's cannot.
    """
    who = await store.who_in(tx, person, environment)
    return await _caller(tx, f"person:{person}", environment, who) if who else None


async def environments_of_person(tx: Tx, person: int) -> list[Environment]:
    """Return where a person is a user or a member of staff in use: production first, the playground last."""
    found = set(await store.environments_of_person(tx, person))
    return [environment for environment in reversed(Environment) if environment in found]


async def _caller(tx: Tx, client_id: str, environment: Environment, who: store.Who) -> Caller:
    if who.staff is not None:
        by = By(
            name=who.name,
            environment=environment,
            staff=who.staff,
            roles=frozenset(map(Role, await store.roles(tx, who.staff))),
            sites=None if who.everywhere else frozenset(await store.staff_sites(tx, who.staff)),
        )
        return Caller(client_id, by, frozenset(), (), {})
    assert who.user is not None
    by = By(name=who.name, environment=environment, user=who.user)
    of_user = tuple(await store.accounts_of_user(tx, who.user))
    return Caller(
        client_id,
        by,
        frozenset(await store.permissions(tx, who.user)),
        of_user,
        {(account.master_id, account.id): msgspec.structs.replace(by, account=account.key) for account in of_user},
        bool(who.administrator),
    )


async def staff_member(act: Act, email: str) -> By | None:
    """Return the staff member in use with this address in the act's environment."""
    found = await store.staff_by_email(act, email)
    if found is None:
        return None
    key, name, everywhere = found
    return By(
        name=name,
        environment=act.by.environment,
        staff=key,
        roles=frozenset(map(Role, await store.roles(act.tx, key))),
        sites=None if everywhere else frozenset(await store.staff_sites(act.tx, key)),
    )
