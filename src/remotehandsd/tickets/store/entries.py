"""SQL about the time that was worked on an account's tickets."""

from typing import Any

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def add_entry(act: Act, number: int, values: dict[str, Any]) -> int:
    """Add an entry and return its key; without `ended_at` it runs."""
    row = await act.tx.one(
        """
        INSERT INTO time_entries (account, ticket, staff, began_at, ended_at, note)
        VALUES (:account, :number, :staff, :began_at, :ended_at, :note)
        RETURNING key
        """,
        account=act.account,
        number=number,
        **values,
    )
    assert row is not None
    return int(row[0])


async def entries(act: Act, number: int) -> list[Row]:
    """Return a ticket's entries in the order in which they were made.

    Each has key, staff member, his name, from, to, note, and when the ticket was opened.
    """
    return await act.tx.all(
        """
        SELECT e.key, e.staff, s.name, e.began_at, e.ended_at, e.note, t.created_at
        FROM time_entries e
        JOIN staff s ON s.key = e.staff
        JOIN tickets t ON t.number = e.ticket
        WHERE e.ticket = :number
        AND e.account = :account
        AND t.account = :account
        ORDER BY e.key
        """,
        number=number,
        account=act.account,
    )


async def change_entry(act: Act, key: int, values: dict[str, Any], *, was: dict[str, Any]) -> bool:
    """Set from, to and note of an entry that is still as it was loaded; tell whether it was."""
    touched = await act.tx.run(
        """
        UPDATE time_entries
        SET began_at = :began_at,
            ended_at = :ended_at,
            note = :note
        WHERE key = :key
        AND account = :account
        AND began_at = :began_before
        AND COALESCE(ended_at, -1) = :ended_before
        AND note = :noted_before
        """,
        key=key,
        account=act.account,
        began_before=was["began_at"],
        ended_before=-1 if was["ended_at"] is None else was["ended_at"],
        noted_before=was["note"],
        **values,
    )
    return touched == 1
