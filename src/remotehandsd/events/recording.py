"""Recording what happened, and telling it again."""

from collections.abc import Sequence
from typing import Any

from remotehandsd.act import Act
from remotehandsd.events import store
from remotehandsd.events.event import Event, Logged, Past


async def record(
    act: Act,
    type: str,  # noqa: A002 - the field's own word
    *,
    ticket: int | None = None,
    about: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down one change in the transaction that makes it.

    `ticket` is a ticket's number; `about` names what else was changed (a site, an account). `before` and `after`
    hold the changed fields only, never a secret.
    """
    await store.add(act, type, ticket=ticket, about=about, before=before or {}, after=after or {})


async def record_many(act: Act, type: str, happened: Sequence[Past]) -> None:  # noqa: A002
    """Write down many events of one type about tickets of any accounts, as `fabricate` needs it."""
    await store.add_many(act, type, happened)


async def history(act: Act, ticket: int) -> list[Event]:
    """Return all that happened to a ticket of the act's account, oldest first, internal events included."""
    return await store.of_ticket(act, ticket)


async def about_account(act: Act, *, most: int) -> list[Logged]:
    """Return up to `most` things that were done about the people and programs of the act's account, newest first."""
    return await store.about_account(act, most=most)
