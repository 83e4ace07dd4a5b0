"""All SQL about the events of one account, and about recording."""

from collections.abc import Sequence
from typing import Any

import msgspec

from remotehandsd.act import Act
from remotehandsd.events.event import TOLD, Event, Logged, Mark, Past, Told
from remotehandsd.kit.db import Row

_encode = msgspec.json.Encoder(enc_hook=str).encode
decode = msgspec.json.Decoder(dict[str, Any]).decode


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
            (environment, account, ticket, type, about, done_by, "user", staff, happened_at, before, after, told)
        VALUES
            (:environment, :account, :ticket, :type, :about, :done_by, :user, :staff, :at, :before, :after, :told)
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
        told=int(type in TOLD),
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
    return [Event(kind, by, at, decode(before), decode(after)) for kind, by, at, before, after in rows]


async def shown_of_ticket(act: Act, ticket: int) -> list[Event]:
    """Return a ticket's events that customers may see, oldest first."""
    rows = await act.tx.all(
        """
        SELECT type, done_by, happened_at, before, after
        FROM events
        WHERE ticket = :ticket
        AND account = :account
        AND told = :told
        ORDER BY id
        """,
        ticket=ticket,
        account=act.account,
        told=1,
    )
    return [Event(kind, by, at, decode(before), decode(after)) for kind, by, at, before, after in rows]


async def told_of_ticket(act: Act, ticket: int) -> list[Row]:
    """Return id, time, before and after of the events of a ticket that customers may see, oldest first."""
    rows = await act.tx.all(
        """
        SELECT id, happened_at, before, after
        FROM events
        WHERE ticket = :ticket
        AND account = :account
        AND told = :told
        ORDER BY id
        """,
        ticket=ticket,
        account=act.account,
        told=1,
    )
    return [(id_, at, decode(before), decode(after)) for id_, at, before, after in rows]


async def told_between(act: Act, ticket: int, *, first: int, last: int) -> list[Told]:
    """Return the events of a ticket that customers may see, from one to another, oldest first."""
    rows = await act.tx.all(
        """
        SELECT id, id AS place, environment, account, ticket, type, done_by, "user", staff, happened_at, before, after
        FROM events
        WHERE ticket = :ticket
        AND account = :account
        AND told = :told
        AND id BETWEEN :first AND :last
        ORDER BY id
        """,
        ticket=ticket,
        account=act.account,
        told=1,
        first=first,
        last=last,
    )
    return [told(row) for row in rows]


async def opened_by(act: Act, ticket: int) -> Row | None:
    """Return the key of the user who opened a ticket."""
    return await act.tx.one(
        """
        SELECT "user"
        FROM events
        WHERE ticket = :ticket
        AND account = :account
        AND type = :type
        ORDER BY id
        LIMIT 1
        """,
        ticket=ticket,
        account=act.account,
        type="ticket.created",
    )


async def since(act: Act, after: Mark, *, most: int) -> list[Told]:
    """Return the account's events after a mark, in the order in which they are told."""
    rows = await act.tx.all(
        """
        SELECT id, place, environment, account, ticket, type, done_by, "user", staff, happened_at, before, after
        FROM settled_events
        WHERE account = :account
        AND (place, id) > (:place, :id)
        ORDER BY place, id
        LIMIT :most
        """,
        account=act.account,
        place=after.place,
        id=after.id,
        most=most,
    )
    return [told(row) for row in rows]


async def before(act: Act, mark: Mark, *, most: int) -> list[Told]:
    """Return the account's events before a mark, newest first."""
    rows = await act.tx.all(
        """
        SELECT id, place, environment, account, ticket, type, done_by, "user", staff, happened_at, before, after
        FROM settled_events
        WHERE account = :account
        AND (place, id) < (:place, :id)
        ORDER BY place DESC, id DESC
        LIMIT :most
        """,
        account=act.account,
        place=mark.place,
        id=mark.id,
        most=most,
    )
    return [told(row) for row in rows]


async def about_account(act: Act, *, most: int) -> list[Logged]:
    """Return what was done on the account and is about no ticket, newest first."""
    rows = await act.tx.all(
        """
        SELECT id, type, about, done_by, happened_at, before, after
        FROM events
        WHERE account = :account
        AND ticket IS NULL
        ORDER BY id DESC
        LIMIT :most
        """,
        account=act.account,
        most=most,
    )
    return [logged(row) for row in rows]


async def newest(act: Act) -> Mark | None:
    """Return the mark of the account's newest event."""
    row = await act.tx.one(
        """
        SELECT place, id
        FROM settled_events
        WHERE account = :account
        ORDER BY place DESC, id DESC
        LIMIT 1
        """,
        account=act.account,
    )
    return Mark(*row) if row else None


async def has(act: Act, mark: Mark) -> bool:
    """Tell whether a mark is that of one of the account's events."""
    row = await act.tx.one(
        "SELECT id FROM settled_events WHERE account = :account AND place = :place AND id = :id",
        account=act.account,
        place=mark.place,
        id=mark.id,
    )
    return row is not None


def told(row: Row) -> Told:
    """Return the event of a row with all columns of `settled_events`."""
    id_, place, environment, account, ticket, kind, by, user, staff, at, before, after = row
    return Told(
        id_,
        place,
        environment,
        account,
        ticket,
        kind,
        by,
        user,
        staff,
        at,
        decode(before),
        decode(after),
    )


def logged(row: Row) -> Logged:
    """Return what was done, from its columns in their order."""
    id_, type_, about, by, at, before, after = row
    return Logged(id_, type_, about, by, at, decode(before), decode(after))
