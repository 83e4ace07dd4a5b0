"""All SQL about events."""

from collections.abc import Sequence
from typing import Any

import msgspec

from remotehandsd.act import Act
from remotehandsd.events.event import Event, Past

_encode = msgspec.json.Encoder(enc_hook=str).encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


async def add(
    act: Act,
    type: str,  # noqa: A002
    *,
    ticket: int | None,
    about: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Append one event."""
    await act.tx.run(
        """
        INSERT INTO events
            (environment, account, ticket, type, about, done_by, "user", staff, happened_at, before, after)
        VALUES
            (:environment, :account, :ticket, :type, :about, :done_by, :user, :staff, :at, :before, :after)
        """,
        environment=act.by.environment,
        account=act.account or None,
        ticket=ticket,
        type=type,
        about=about,
        done_by=act.by.name,
        user=act.by.user,
        staff=act.by.staff,
        at=act.at,
        before=_encode(before).decode(),
        after=_encode(after).decode(),
    )


async def add_many(act: Act, type: str, happened: Sequence[Past]) -> None:  # noqa: A002
    """Append events of one type, each to its own account."""
    columns = ["environment", "account", "ticket", "type", "about", "done_by", "happened_at", "before", "after"]
    environment = str(act.by.environment)
    await act.tx.add_rows(
        "events",
        columns,
        [
            (environment, past.account, past.ticket, type, "", past.by, past.at, "{}", _encode(past.after).decode())
            for past in happened
        ],
    )


async def of_ticket(act: Act, ticket: int) -> list[Event]:
    """Return a ticket's events, oldest first."""
    rows = await act.tx.all(
        """
        SELECT type, done_by, happened_at, before, after
        FROM events
        WHERE ticket = :ticket
        AND account = :account
        ORDER BY id
        """,
        ticket=ticket,
        account=act.account,
    )
    return [Event(kind, by, at, _decode(before), _decode(after)) for kind, by, at, before, after in rows]
