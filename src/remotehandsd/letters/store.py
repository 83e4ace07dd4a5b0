"""All SQL about letters. They are about people, who belong to no account."""

from remotehandsd.kit.db import Row, Tx


async def add(tx: Tx, name: str, sealed: bytes, *, now: int) -> int:
    """Add a letter; return its key."""
    row = await tx.one(
        "INSERT INTO letters (name, sealed, added_at) VALUES (:name, :sealed, :now) RETURNING key",
        name=name,
        sealed=sealed,
        now=now,
    )
    assert row is not None
    return int(row[0])


async def find(tx: Tx, key: int) -> Row | None:
    """Return a letter's name and what is sealed of it."""
    return await tx.one("SELECT name, sealed FROM letters WHERE key = :key", key=key)


async def remove(tx: Tx, key: int) -> None:
    """Remove a letter."""
    await tx.run("DELETE FROM letters WHERE key = :key", key=key)


async def remove_old(tx: Tx, *, before: int) -> int:
    """Remove letters that were added before a moment; return how many."""
    return await tx.run("DELETE FROM letters WHERE added_at <= :before", before=before)
