"""All that an environment has, in the words in which an operator writes it down."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from remotehandsd.accounts.keeping import KeptAccount, KeptApp, KeptMaster, KeptStaff, KeptUser
from remotehandsd.accounts.store import administering as administering_store
from remotehandsd.accounts.store import snapshot as store
from remotehandsd.accounts.store.snapshot import environment_of_client_id
from remotehandsd.act import Act, Role
from remotehandsd.kit.db import Row

__all__ = [
    "address_of_user",
    "all_accounts",
    "all_apps",
    "all_masters",
    "all_staff",
    "all_users",
    "company_of_user",
    "environment_of_client_id",
    "is_staff",
    "members",
    "own_accounts",
    "user_named",
]


class Member(msgspec.Struct, frozen=True):
    """One of an account's people. `has_password`: was invited and came."""

    email: str
    name: str
    permissions: tuple[str, ...]
    is_administrator: bool
    has_password: bool


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


async def user_named(act: Act, email: str) -> KeptUser | None:
    """Return the user with this address in the act's environment, retired or not."""
    row = await store.user(act, email)
    if row is None:
        return None
    key, name, administrator, retired = row
    return KeptUser(
        email,
        name,
        tuple(await store.accounts_of(act, key)),
        tuple(await store.permissions_of(act, key)),
        bool(administrator),
        bool(retired),
    )


async def is_staff(act: Act, email: str) -> bool:
    """Tell whether this is the address of a member of staff in the act's environment, retired or not."""
    return await store.is_staff(act, email)


async def members(act: Act) -> list[Member]:
    """Return the people in use of the act's account, by name."""
    permissions = _by_key(await administering_store.permissions(act))
    return [
        Member(email, name, tuple(permissions[key]), bool(administrator), has_password is not None)
        for key, email, name, administrator, has_password in await administering_store.members(act)
    ]


async def own_accounts(act: Act) -> list[str]:
    """Return the ids of the accounts of who acts, retired ones included."""
    return await administering_store.own_accounts(act)


async def address_of_user(act: Act) -> str:
    """Return the address of the user who acts."""
    return await administering_store.own_address(act)


async def company_of_user(act: Act) -> str | None:
    """Return the name of the default account of the user who acts."""
    return await administering_store.company(act)


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
