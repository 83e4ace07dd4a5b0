"""Adding and changing accounts, people and apps, as the world file and the pages do."""

import msgspec

from remotehandsd.accounts.store import keeping as store
from remotehandsd.act import Act, Role


class KeptMaster(msgspec.Struct, frozen=True):
    """A master account as the operator names it."""

    id: str
    name: str
    retired: bool = False


class KeptAccount(msgspec.Struct, frozen=True):
    """An account as the operator names it, with the codes of its sites."""

    id: str
    master: str
    name: str
    sites: tuple[str, ...] = ()
    retired: bool = False


class KeptUser(msgspec.Struct, frozen=True):
    """A customer's person; `accounts` are account ids, the first is the default."""

    email: str
    name: str
    accounts: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    administrator: bool = False
    retired: bool = False


class KeptStaff(msgspec.Struct, frozen=True):
    """One of the operator's people; `sites` are site codes, None means all."""

    email: str
    name: str
    roles: tuple[Role, ...] = ()
    sites: tuple[str, ...] | None = None
    retired: bool = False


class KeptApp(msgspec.Struct, frozen=True):
    """A credential; `user` is the address of a user or a staff member. The secret is kept as a hash only."""

    client_id: str
    name: str
    user: str
    secret_hash: bytes
    retired: bool = False


async def keep_master(act: Act, master: KeptMaster) -> None:
    """Add the master account, or change it to this."""
    await store.put_master(act, master.id, master.name, master.retired)


async def keep_account(act: Act, account: KeptAccount) -> None:
    """Add the account under its master account, or change it to this; its sites are replaced."""
    await store.put_account(act, account.id, account.master, name=account.name, retired=account.retired)
    await store.put_account_sites(act, account.id, account.sites)


async def keep_user(act: Act, user: KeptUser, person: int) -> None:
    """Add the user for a person, or change him to this; accounts and permissions are replaced."""
    key = await store.put_user(act, person, user.name, administrator=user.administrator, retired=user.retired)
    await store.put_user_accounts(act, key, user.accounts)
    await store.put_user_permissions(act, key, user.permissions)


async def keep_staff(act: Act, staff: KeptStaff, person: int) -> None:
    """Add the staff member for a person, or change him to this; roles and sites are replaced."""
    key = await store.put_staff(act, person, staff.name, everywhere=staff.sites is None, retired=staff.retired)
    await store.put_staff_roles(act, key, staff.roles)
    await store.put_staff_sites(act, key, staff.sites or ())


async def keep_app(act: Act, app: KeptApp) -> None:
    """Add the app, or change it to this; its client id stays."""
    await store.put_app(act, app.client_id, app.user, name=app.name, secret_hash=app.secret_hash, retired=app.retired)
