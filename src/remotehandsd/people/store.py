"""All SQL about people."""

from remotehandsd.act import Act


async def keep(act: Act, email: str) -> int:
    """Return the internal key of the person with this address; the first time, add the person."""
    await act.tx.run("INSERT INTO people (email) VALUES (:email) ON CONFLICT (email) DO NOTHING", email=email)
    row = await act.tx.one("SELECT key FROM people WHERE email = :email", email=email)
    assert row is not None
    return int(row[0])
