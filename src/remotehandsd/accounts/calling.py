"""From a credential to the person it acts as."""

import hashlib

import msgspec

from remotehandsd.accounts.account import Caller
from remotehandsd.accounts.store import calling as store
from remotehandsd.act import Act, By, Environment, Role
from remotehandsd.kit.db import Tx


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a client secret: its SHA-256, which suffices for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def secret_hash_of(tx: Tx, client_id: str) -> tuple[bytes, Environment] | None:
    """Return the kept hash and the environment of an app in use whose person is in use."""
    app = await store.app(tx, client_id)
    return (app.secret_hash, Environment(app.environment)) if app else None


async def caller(tx: Tx, client_id: str) -> Caller | None:
    """Return whom the app acts as, with rights as they stand now; None when either of them is retired."""
    app = await store.app(tx, client_id)
    if app is None:
        return None
    if app.staff is not None:
        by = By(
            name=app.name,
            environment=Environment(app.environment),
            staff=app.staff,
            roles=frozenset(map(Role, await store.roles(tx, app.staff))),
            sites=None if app.everywhere else frozenset(await store.staff_sites(tx, app.staff)),
        )
        return Caller(client_id, by, frozenset(), (), {})
    assert app.user is not None
    by = By(name=app.name, environment=Environment(app.environment), user=app.user)
    of_user = tuple(await store.accounts_of_user(tx, app.user))
    return Caller(
        client_id,
        by,
        frozenset(await store.permissions(tx, app.user)),
        of_user,
        {(account.master_id, account.id): msgspec.structs.replace(by, account=account.key) for account in of_user},
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
