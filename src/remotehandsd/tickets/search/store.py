"""SQL about finding an account's tickets, and about those that wait for being indexed."""

from typing import Any

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def found(act: Act, asked: str, narrowed: str, values: dict[str, Any], *, hits: int, most: int) -> list[Row]:
    """Return up to `most` of the account's tickets that fit, newest first, among the newest so many hits.

    `searchable` is the engine's own full text index by one name: called with a question it gives, for each row that
    fits, twice the ticket's number (and one more for a row of the desk's).
    """
    return await act.tx.all(
        f"""
        SELECT t.number, t.title, t.status, t.site, t.location, t.category, t.request_type, t.created_at,
            t.updated_at, t.closed_at, t.created_by
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
            AND account = :account
        ) f
        CROSS JOIN tickets t
        WHERE t.number = f.number
        AND t.account = :account
        {narrowed}
        ORDER BY t.created_at DESC, t.number DESC
        LIMIT :most
        """,  # noqa: S608 - clauses are the queue's
        account=act.account,
        asked=asked,
        hits=hits,
        most=most,
        **values,
    )


async def add_unsearched(act: Act, number: int) -> None:
    """Note that a ticket's words have changed without an event of which readers are told."""
    await act.tx.run(
        "INSERT INTO unsearched (account, ticket) VALUES (:account, :number)", account=act.account, number=number
    )
