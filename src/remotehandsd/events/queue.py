"""The statements about events that cross accounts, each with its reason."""

from remotehandsd.act import Act
from remotehandsd.events.event import Logged, Mark, Told
from remotehandsd.events.store import logged, told
from remotehandsd.kit.db import Tx

LATER_THAN_ALL = 2**63 - 1


async def unread(tx: Tx, reader: str, *, most: int) -> list[Told]:
    """Return what a reader has not read yet, in the order in which it is told: everybody's people are told.

    Whoever reads under the same name waits until this transaction ends.
    """
    await tx.hold(f"events read by {reader}")
    mark = await tx.one("SELECT place, id FROM event_marks WHERE reader = :reader", reader=reader)
    assert mark is not None, f"no reader {reader}"
    rows = await tx.all(
        """
        SELECT id, place, environment, account, ticket, type, done_by, "user", staff, happened_at, before, after
        FROM settled_events
        WHERE (place, id) > (:place, :id)
        ORDER BY place, id
        LIMIT :most
        """,
        place=mark[0],
        id=mark[1],
        most=most,
    )
    return [told(row) for row in rows]


async def mark_read(tx: Tx, reader: str, last: Told) -> None:
    """Set a reader's mark to the last event that it was given, in the transaction in which it was given it."""
    await tx.run(
        "UPDATE event_marks SET place = :place, id = :id WHERE reader = :reader",
        reader=reader,
        place=last.place,
        id=last.id,
    )


async def newest_of_all(tx: Tx) -> Mark | None:
    """Return the mark of the newest event of all accounts: whoever waits for one looks whether there is any."""
    row = await tx.one("SELECT place, id FROM settled_events ORDER BY place DESC, id DESC LIMIT 1")
    return Mark(*row) if row else None


LATE_EVENTS = 1000
"""Ids are given before the commit: among so many newest ones an event may still appear below the newest."""


async def state_of_all(tx: Tx) -> str:
    """Return a text that is another one whenever anything at all has happened since: live pages compare two of them.

    Internal events count, too. It says nothing of what happened, nor to whom.
    """
    row = await tx.one(
        """
        SELECT COALESCE(MAX(id), 0), COUNT(*)
        FROM events
        WHERE id > (SELECT COALESCE(MAX(id), 0) FROM events) - :late
        """,
        late=LATE_EVENTS,
    )
    assert row is not None
    return f"{row[0]:x}.{row[1]:x}"


async def log(act: Act, *, before: int | None, most: int) -> list[Logged]:
    """Return what was done in the act's environment about anything but tickets, newest first: it is everybody's.

    `before` is the id of an event: only what is older is returned.
    """
    rows = await act.tx.all(
        """
        SELECT id, type, about, done_by, happened_at, before, after
        FROM events
        WHERE environment = :environment
        AND ticket IS NULL
        AND id < :before
        ORDER BY id DESC
        LIMIT :most
        """,
        environment=act.by.environment,
        before=LATER_THAN_ALL if before is None else before,
        most=most,
    )
    return [logged(row) for row in rows]
