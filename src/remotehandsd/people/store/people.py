"""SQL about people and their passwords."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Tx


async def keep(act: Act, email: str) -> int:
    """Return the internal key of the person with this address; the first time, add the person."""
    await act.tx.run("INSERT INTO people (email) VALUES (:email) ON CONFLICT (email) DO NOTHING", email=email)
    row = await act.tx.one("SELECT key FROM people WHERE email = :email", email=email)
    assert row is not None
    return int(row[0])


async def find(tx: Tx, email: str) -> tuple[int, str | None] | None:
    """Return the key of the person with this address, and the hash of the password if there is one."""
    row = await tx.one(
        "SELECT p.key, w.hash FROM people p LEFT JOIN passwords w ON w.person = p.key WHERE p.email = :email",
        email=email,
    )
    return (row[0], row[1]) if row else None


async def email_of(tx: Tx, person: int) -> str:
    """Return a person's address."""
    row = await tx.one("SELECT email FROM people WHERE key = :person", person=person)
    assert row is not None
    return str(row[0])


async def address_and_hash(tx: Tx, person: int) -> tuple[str, str | None]:
    """Return a person's address, and the hash of the password if there is one."""
    row = await tx.one(
        "SELECT p.email, w.hash FROM people p LEFT JOIN passwords w ON w.person = p.key WHERE p.key = :person",
        person=person,
    )
    assert row is not None
    return row[0], row[1]


async def put_password(tx: Tx, person: int, hash: str, *, now: int) -> None:  # noqa: A002
    """Give a person this password."""
    await tx.run(
        """
        INSERT INTO passwords (person, hash, set_at)
        VALUES (:person, :hash, :now)
        ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at
        """,
        person=person,
        hash=hash,
        now=now,
    )


async def replace_hash(tx: Tx, person: int, *, was: str, hash: str) -> bool:  # noqa: A002
    """Hold a person's password to the end of the transaction, under this hash; tell whether it still is the one."""
    touched = await tx.run(
        "UPDATE passwords SET hash = :hash WHERE person = :person AND hash = :was", person=person, hash=hash, was=was
    )
    return touched == 1
