"""Who administers what: a customer's account administrator some accounts, the operator's administrator everything."""

from remotehandsd.accounts.store import administering as store
from remotehandsd.act import Act, Environment, Role
from remotehandsd.errors import NotAllowed
from remotehandsd.kit.db import Tx


async def administered_account(act: Act) -> str:
    """Return the id of the act's account; NotAllowed for whoever is not an administrator of it, as of now."""
    id_ = await store.administered(act) if act.by.user is not None else None
    if id_ is None:
        raise NotAllowed("This is for the account's administrators.")
    return id_


def check_administers_all(act: Act) -> None:
    """Let the operator's administrators pass who are not bound to sites; NotAllowed for everybody else."""
    if act.by.staff is None or Role.ADMINISTRATOR not in act.by.roles or act.by.sites is not None:
        raise NotAllowed("This is for the operator's administrators.")


async def administered_environments(tx: Tx) -> list[Environment]:
    """Return where an administrator of the operator's could answer who asks to be let in, the playground first."""
    found = await store.administered_environments(tx)
    return [environment for environment in Environment if environment in found]
