"""SQL about links that set a password."""

from remotehandsd.kit.db import Row, Tx


async def add(tx: Tx, person: int, kind: str, secret_hash: bytes, *, made_at: int, ends_at: int) -> None:
    """Add a link; it ends the person's others of its kind."""
    await tx.run("DELETE FROM password_links WHERE person = :person AND kind = :kind", person=person, kind=kind)
    await tx.run(
        """
        INSERT INTO password_links (secret_hash, person, kind, made_at, ends_at)
        VALUES (:secret_hash, :person, :kind, :made_at, :ends_at)
        """,
        secret_hash=secret_hash,
        person=person,
        kind=kind,
        made_at=made_at,
        ends_at=ends_at,
    )


async def find(tx: Tx, secret_hash: bytes, *, now: int) -> Row | None:
    """Return person, address, kind and end of a link that may still be used."""
    return await tx.one(
        """
        SELECT l.person, p.email, l.kind, l.ends_at
        FROM password_links l
        JOIN people p ON p.key = l.person
        WHERE l.secret_hash = :secret_hash
        AND l.ends_at > :now
        """,
        secret_hash=secret_hash,
        now=now,
    )


async def use(tx: Tx, secret_hash: bytes, *, now: int) -> bool:
    """Use a link up; tell whether it was there to be used."""
    touched = await tx.run(
        "DELETE FROM password_links WHERE secret_hash = :secret_hash AND ends_at > :now",
        secret_hash=secret_hash,
        now=now,
    )
    return touched == 1


async def end_all(tx: Tx, person: int) -> None:
    """End every link of a person."""
    await tx.run("DELETE FROM password_links WHERE person = :person", person=person)


async def forget_over(tx: Tx, *, now: int) -> int:
    """Remove the links whose time is over."""
    return await tx.run("DELETE FROM password_links WHERE ends_at <= :now", now=now)
