"""SQL about sessions."""

from remotehandsd.kit.db import Row, Tx
from remotehandsd.people.session import Session


async def add(tx: Tx, secret_hash: bytes, session: Session) -> None:
    """Begin a session; its key is given by the database."""
    await tx.run(
        """
        INSERT INTO sessions (secret_hash, person, environment, bound, began_at, seen_at, device)
        VALUES (:secret_hash, :person, :environment, :bound, :began_at, :seen_at, :device)
        """,
        secret_hash=secret_hash,
        person=session.person,
        environment=session.environment,
        bound=int(session.is_bound),
        began_at=session.began_at,
        seen_at=session.seen_at,
        device=session.by_device,
    )


async def borrowed_since(tx: Tx, since: int) -> bool:
    """Tell whether a session of "sign in as" was seen after a time."""
    row = await tx.one(
        "SELECT key FROM sessions WHERE bound = :bound AND seen_at > :since LIMIT 1", bound=1, since=since
    )
    return row is not None


async def find(tx: Tx, secret_hash: bytes, *, seen_after: int, began_after: int) -> Row | None:
    """Return the session with this secret that was seen and begun late enough."""
    return await tx.one(
        """
        SELECT key, person, environment, bound, began_at, seen_at, device
        FROM sessions
        WHERE secret_hash = :secret_hash
        AND seen_at > :seen_after
        AND began_at > :began_after
        """,
        secret_hash=secret_hash,
        seen_after=seen_after,
        began_after=began_after,
    )


async def of_person(tx: Tx, person: int, *, seen_after: int, began_after: int) -> list[Row]:
    """Return a person's sessions, the one that was seen last first."""
    return await tx.all(
        """
        SELECT key, person, environment, bound, began_at, seen_at, device
        FROM sessions
        WHERE person = :person
        AND seen_at > :seen_after
        AND began_at > :began_after
        ORDER BY seen_at DESC, key DESC
        """,
        person=person,
        seen_after=seen_after,
        began_after=began_after,
    )


async def newest_environment(tx: Tx, person: int) -> str | None:
    """Return the environment of the person's session that was seen last, whether it is over or not."""
    row = await tx.one(
        """
        SELECT environment
        FROM sessions
        WHERE person = :person
        AND bound = 0
        ORDER BY seen_at DESC, key DESC
        LIMIT 1
        """,
        person=person,
    )
    return row[0] if row else None


async def touch(tx: Tx, key: int, *, seen_before: int, now: int) -> None:
    """Note that a session is in use, unless somebody just did."""
    await tx.run(
        "UPDATE sessions SET seen_at = :now WHERE key = :key AND seen_at <= :seen_before",
        key=key,
        seen_before=seen_before,
        now=now,
    )


async def rotate(tx: Tx, key: int, *, environment: str, secret_hash: bytes) -> bool:
    """Give a session another secret, and its environment; tell whether it was still there."""
    touched = await tx.run(
        "UPDATE sessions SET secret_hash = :secret_hash, environment = :environment WHERE key = :key",
        key=key,
        secret_hash=secret_hash,
        environment=environment,
    )
    return touched == 1


async def end(tx: Tx, person: int, key: int) -> bool:
    """End one of a person's sessions; tell whether it was there."""
    return await tx.run("DELETE FROM sessions WHERE person = :person AND key = :key", person=person, key=key) == 1


async def end_others(tx: Tx, person: int, key: int) -> int:
    """End a person's sessions but this one; 0 ends all. Return how many."""
    return await tx.run("DELETE FROM sessions WHERE person = :person AND key <> :key", person=person, key=key)


async def forget_over(tx: Tx, *, seen_before: int, began_before: int) -> int:
    """Remove the sessions that are over."""
    return await tx.run(
        "DELETE FROM sessions WHERE seen_at <= :seen_before OR began_at <= :began_before",
        seen_before=seen_before,
        began_before=began_before,
    )
