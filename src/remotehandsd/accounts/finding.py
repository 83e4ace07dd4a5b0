"""From the ids that the operator gives to the keys that the house uses."""

from remotehandsd.accounts.store import finding as store
from remotehandsd.act import Act


async def account_keys(act: Act) -> dict[str, int]:
    """Return the internal keys of the accounts in use of the act's environment, by their ids."""
    return await store.account_keys(act)
