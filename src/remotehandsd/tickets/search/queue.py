"""The statements of search that cross accounts, each with its reason."""

from collections.abc import Iterable
from typing import Any

from remotehandsd.act import Act
from remotehandsd.kit.db import Row, Tx
from remotehandsd.tickets.queue import at_his_sites

PAST = "search past"
"""The mark of how far down the tickets that were there before are indexed: the largest number that is not yet."""


async def found(act: Act, asked: str, narrowed: str, values: dict[str, Any], *, hits: int, most: int) -> list[Row]:
    """Return the same as the store's, of all accounts at the staff member's sites: the desk serves everybody."""
    sites, codes = at_his_sites(act)
    return await act.tx.all(
        f"""
        SELECT t.number, t.title, t.status, t.site, t.location, t.category, t.request_type, t.created_at,
            t.updated_at, t.closed_at, t.created_by, m.id, a.id, COALESCE(w.name, ''),
            a.name
        FROM (
            SELECT h.number
            FROM (
                SELECT s.rowid >> 1 AS number
                FROM searchable(:asked) s
                ORDER BY s.rowid DESC
                LIMIT :hits
            ) h
            UNION
            SELECT number
            FROM tickets
            WHERE number = :direct
        ) f
        CROSS JOIN tickets t
        JOIN accounts a ON a.key = t.account
        JOIN master_accounts m ON m.key = a.master
        LEFT JOIN staff w ON w.key = t.assigned_to
        WHERE t.number = f.number
        AND t.environment = :environment
        {narrowed}
        {sites}
        ORDER BY t.created_at DESC, t.number DESC
        LIMIT :most
        """,  # noqa: S608
        environment=str(act.by.environment),
        asked=asked,
        hits=hits,
        most=most,
        **values,
        **codes,
    )


async def hits(tx: Tx, asked: str, *, most: int) -> int:
    """Return how many rows of the index fit a question, counted up to `most`; the question says whose rows."""
    row = await tx.one(
        "SELECT COUNT(*) FROM (SELECT s.rowid FROM searchable(:asked) s LIMIT :most) h", asked=asked, most=most
    )
    assert row is not None
    return int(row[0])


async def take_unsearched(tx: Tx, *, most: int) -> list[int]:
    """Take tickets off the list of those whose words have changed: the index is everybody's."""
    rows = await tx.all(
        """
        DELETE FROM unsearched
        WHERE key IN (SELECT key FROM unsearched ORDER BY key LIMIT :most)
        RETURNING ticket
        """,
        most=most,
    )
    return [row[0] for row in rows]


async def take_past(tx: Tx, *, most: int) -> list[int]:
    """Return the next numbers downward of the tickets that were there before, and move the mark below them."""
    mark = await tx.one("SELECT place FROM event_marks WHERE reader = :reader", reader=PAST)
    if mark is None or mark[0] == 0:
        return []
    rows = await tx.all(
        "SELECT number FROM tickets WHERE number <= :place ORDER BY number DESC LIMIT :most", place=mark[0], most=most
    )
    place = rows[-1][0] - 1 if rows else 0
    await tx.run("UPDATE event_marks SET place = :place WHERE reader = :reader", place=place, reader=PAST)
    return [row[0] for row in rows]


async def begin_again(tx: Tx) -> None:
    """Have every ticket indexed once more."""
    await tx.run(
        """
        UPDATE event_marks
        SET place = (SELECT COALESCE(MAX(number), 0) FROM tickets)
        WHERE reader = :reader
        """,
        reader=PAST,
    )


def _named(numbers: Iterable[int]) -> dict[str, int]:
    return {f"ticket_{place}": number for place, number in enumerate(numbers)}


async def texts(tx: Tx, numbers: Iterable[int]) -> list[Row]:
    """Return number, environment, account and what is searched of these tickets, of any accounts."""
    values = _named(numbers)
    return await tx.all(
        f"""
        SELECT number, environment, account, title, customer_reference, reference_ticket, instruction
        FROM tickets
        WHERE number IN ({", ".join(":" + name for name in values)})
        """,  # noqa: S608
        **values,
    )


async def comments(tx: Tx, numbers: Iterable[int]) -> list[Row]:
    """Return ticket, text and whether it is internal of what was written on these tickets."""
    values = _named(numbers)
    return await tx.all(
        f"""
        SELECT ticket, body, internal
        FROM comments
        WHERE ticket IN ({", ".join(":" + name for name in values)})
        ORDER BY key
        """,  # noqa: S608
        **values,
    )


async def replace(tx: Tx, numbers: Iterable[int], rows: list[dict[str, Any]]) -> None:
    """Put new rows of the index in the place of those of these tickets."""
    await tx.run_many(
        "DELETE FROM searchable WHERE rowid = :rowid",
        [{"rowid": 2 * number + is_desks} for number in numbers for is_desks in (0, 1)],
    )
    await tx.run_many("INSERT INTO searchable (rowid, account, words) VALUES (:rowid, :account, :words)", rows)
