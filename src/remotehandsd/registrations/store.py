"""All SQL about registrations. They belong to nobody's account yet; each names its environment."""

from remotehandsd.kit.db import Row, Tx


async def add(tx: Tx, asked: dict[str, str], *, state: str, confirm_hash: bytes | None, now: int) -> int:
    """Add a registration; return its key."""
    row = await tx.one(
        """
        INSERT INTO registrations
            (environment, email, name, company, reason, state, asked_at, confirm_hash, decided_by, answer)
        VALUES (:environment, :email, :name, :company, :reason, :state, :now, :confirm_hash, '', '')
        RETURNING key
        """,
        state=state,
        confirm_hash=confirm_hash,
        now=now,
        **asked,
    )
    assert row is not None
    return int(row[0])


async def forget_unconfirmed_of(tx: Tx, environment: str, email: str) -> None:
    """Remove what was asked under an address and not confirmed."""
    await tx.run(
        "DELETE FROM registrations WHERE environment = :environment AND email = :email AND state = 'unconfirmed'",
        environment=environment,
        email=email,
    )


async def forget_unconfirmed(tx: Tx, *, asked_before: int) -> int:
    """Remove what was not confirmed in time; return how many."""
    return await tx.run(
        "DELETE FROM registrations WHERE state = 'unconfirmed' AND asked_at <= :asked_before", asked_before=asked_before
    )


async def unconfirmed(tx: Tx, confirm_hash: bytes, *, asked_after: int) -> Row | None:
    """Return key, environment, address of what waits to be confirmed by this link."""
    return await tx.one(
        """
        SELECT key, environment, email
        FROM registrations
        WHERE confirm_hash = :confirm_hash
        AND state = 'unconfirmed'
        AND asked_at > :asked_after
        """,
        confirm_hash=confirm_hash,
        asked_after=asked_after,
    )


async def not_confirmed(tx: Tx, environment: str, *, most: int) -> list[Row]:
    """Return what waits for its address to be confirmed, newest first."""
    return await tx.all(
        """
        SELECT key, environment, email, name, company, reason, state, asked_at, decided_at, decided_by, answer
        FROM registrations
        WHERE environment = :environment
        AND state = 'unconfirmed'
        ORDER BY asked_at DESC, key DESC
        LIMIT :most
        """,
        environment=environment,
        most=most,
    )


async def email_of_unconfirmed(tx: Tx, environment: str, key: int) -> str | None:
    """Return the address under which something was asked that is not confirmed."""
    row = await tx.one(
        "SELECT email FROM registrations WHERE environment = :environment AND key = :key AND state = 'unconfirmed'",
        environment=environment,
        key=key,
    )
    return row[0] if row else None


async def open_now(tx: Tx, key: int, *, now: int) -> bool:
    """Open what was confirmed; tell whether it still waited for that."""
    touched = await tx.run(
        """
        UPDATE registrations
        SET state = 'open', confirm_hash = NULL, asked_at = :now
        WHERE key = :key
        AND state = 'unconfirmed'
        """,
        key=key,
        now=now,
    )
    return touched == 1


async def is_open(tx: Tx, environment: str, email: str) -> bool:
    """Tell whether something asked under this address waits for an answer."""
    row = await tx.one(
        "SELECT key FROM registrations WHERE environment = :environment AND email = :email AND state = 'open'",
        environment=environment,
        email=email,
    )
    return row is not None


async def of_email(tx: Tx, email: str) -> list[Row]:
    """Return what was asked under an address in every environment, newest first."""
    return await tx.all(
        """
        SELECT key, environment, email, name, company, reason, state, asked_at, decided_at, decided_by, answer
        FROM registrations
        WHERE email = :email
        AND state <> 'unconfirmed'
        ORDER BY key DESC
        """,
        email=email,
    )


async def askers(tx: Tx) -> list[Row]:
    """Return every address under which something was asked."""
    return await tx.all("SELECT DISTINCT email FROM registrations")


async def waiting(tx: Tx, environment: str) -> list[Row]:
    """Return what waits for an answer, oldest first."""
    return await tx.all(
        """
        SELECT key, environment, email, name, company, reason, state, asked_at, decided_at, decided_by, answer
        FROM registrations
        WHERE environment = :environment
        AND state = 'open'
        ORDER BY asked_at, key
        """,
        environment=environment,
    )


async def find(tx: Tx, environment: str, key: int) -> Row | None:
    """Return one that was confirmed."""
    return await tx.one(
        """
        SELECT key, environment, email, name, company, reason, state, asked_at, decided_at, decided_by, answer
        FROM registrations
        WHERE environment = :environment
        AND key = :key
        AND state <> 'unconfirmed'
        """,
        environment=environment,
        key=key,
    )


async def decide(tx: Tx, key: int, *, state: str, by: str, answer: str, now: int) -> bool:
    """Answer one that is open; tell whether it was."""
    touched = await tx.run(
        """
        UPDATE registrations
        SET state = :state, decided_at = :now, decided_by = :by, answer = :answer
        WHERE key = :key
        AND state = 'open'
        """,
        key=key,
        state=state,
        by=by,
        answer=answer,
        now=now,
    )
    return touched == 1
