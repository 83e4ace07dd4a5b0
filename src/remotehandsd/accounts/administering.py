"""Who administers what: a customer's account administrator some accounts, the operator's administrator everything."""

from remotehandsd.accounts.store import administering as store
from remotehandsd.act import Act, Role
from remotehandsd.errors import NotAllowed


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
