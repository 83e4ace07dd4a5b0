"""All SQL about letters. They belong to a person on the whole server, not to a tenant."""

from remotehandsd.kit.db import Row, Tx


async def add(tx: Tx, id: str, sealed: bytes, *, now: int, ends_at: int) -> int:  # noqa: A002
    """Add a letter and return its key."""
    row = await tx.one(
        """
        INSERT INTO letters (id, sealed, added_at, ends_at)
        VALUES (:id, :sealed, :now, :ends_at)
        RETURNING key
        """,
        id=id,
        sealed=sealed,
        now=now,
        ends_at=ends_at,
    )
    assert row is not None
    return int(row[0])


async def find(tx: Tx, key: int) -> Row | None:
    """Return a letter's id and what is sealed."""
    return await tx.one("SELECT id, sealed FROM letters WHERE key = :key", key=key)


async def remove(tx: Tx, key: int) -> None:
    """Remove a letter."""
    await tx.run("DELETE FROM letters WHERE key = :key", key=key)
