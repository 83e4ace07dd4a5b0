"""From the ids that the operator gives to the keys that the house uses."""

from remotehandsd.accounts.store import finding as store
from remotehandsd.act import Act


async def account_keys(act: Act) -> dict[str, int]:
    """Return the internal keys of the accounts in use of the act's environment, by their ids."""
    return await store.account_keys(act)


async def email_of_user(act: Act, user: int | None) -> str | None:
    """Return the address of a user of the act's environment; None for one who was turned off, and for nobody."""
    return None if user is None else await store.email_of_user(act, user)
