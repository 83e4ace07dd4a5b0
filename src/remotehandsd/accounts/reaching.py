"""Where people can be written to."""

from collections.abc import Iterable

from remotehandsd.accounts.store import reaching as store
from remotehandsd.act import Act


async def addresses(act: Act) -> dict[int, str]:
    """Return the addresses of the users in use who act for the act's account, by their keys.

    Who was retired, or no longer acts for the account, is not among them: what happens there is not his any more.
    """
    return await store.addresses(act)


async def registered(act: Act, wanted: Iterable[str]) -> set[str]:
    """Return which of these addresses belong to somebody in use in the act's environment, in small letters."""
    folded = {address.lower() for address in wanted}
    return {address for address in folded if await store.is_registered(act, address)}
