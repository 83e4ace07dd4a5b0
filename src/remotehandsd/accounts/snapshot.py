"""All that an environment has, in the words in which an operator writes it down."""

from collections import defaultdict
from collections.abc import Iterable

from remotehandsd.accounts.keeping import KeptAccount, KeptApp, KeptMaster, KeptStaff, KeptUser
from remotehandsd.accounts.store import snapshot as store
from remotehandsd.accounts.store.snapshot import environment_of_client_id
from remotehandsd.act import Act, Role
from remotehandsd.kit.db import Row

__all__ = ["all_accounts", "all_apps", "all_masters", "all_staff", "all_users", "environment_of_client_id"]


def _by_key(rows: Iterable[Row]) -> defaultdict[object, list[str]]:
    grouped: defaultdict[object, list[str]] = defaultdict(list)
    for key, value in rows:
        grouped[key].append(value)
    return grouped


async def all_masters(act: Act) -> list[KeptMaster]:
    """Return every master account of the act's environment, retired ones included."""
    return [KeptMaster(id_, name, bool(retired)) for id_, name, retired in await store.masters(act)]


async def all_accounts(act: Act) -> list[KeptAccount]:
    """Return every account of the act's environment, retired ones included."""
    sites = _by_key(await store.account_sites(act))
    return [
        KeptAccount(id_, master, name, tuple(sites[id_]), bool(retired))
        for id_, master, name, retired in await store.accounts(act)
    ]


async def all_users(act: Act) -> list[KeptUser]:
    """Return every user of the act's environment, retired ones included."""
    accounts = _by_key(await store.user_accounts(act))
    permissions = _by_key(await store.user_permissions(act))
    return [
        KeptUser(email, name, tuple(accounts[key]), tuple(permissions[key]), bool(administrator), bool(retired))
        for key, email, name, administrator, retired in await store.users(act)
    ]


async def all_staff(act: Act) -> list[KeptStaff]:
    """Return every staff member of the act's environment, retired ones included."""
    roles = _by_key(await store.staff_roles(act))
    sites = _by_key(await store.staff_sites(act))
    return [
        KeptStaff(
            email,
            name,
            tuple(map(Role, roles[key])),
            None if everywhere else tuple(sites[key]),
            bool(retired),
        )
        for key, email, name, everywhere, retired in await store.staff(act)
    ]


async def all_apps(act: Act) -> list[KeptApp]:
    """Return every app of the act's environment, retired ones included."""
    return [
        KeptApp(client_id, name, email, secret, bool(retired))
        for client_id, name, email, secret, retired in await store.apps(act)
    ]
