"""All SQL about signing keys. They belong to the server, not to a tenant."""

from remotehandsd.kit.db import Row, Tx


async def all_keys(tx: Tx) -> list[Row]:
    """Return kid, sealed key, time made, time of first use; oldest first."""
    return await tx.all("SELECT kid, sealed, made_at, used_from FROM signing_keys ORDER BY used_from, kid")


async def add_key_unless_made_since(
    tx: Tx, kid: str, sealed: bytes, *, made_at: int, used_from: int, since: int
) -> bool:
    """Add a key unless another was made after `since` (two servers may want to at once)."""
    touched = await tx.run(
        """
        INSERT INTO signing_keys (kid, sealed, made_at, used_from)
        SELECT :kid, :sealed, :made_at, :used_from
        WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE made_at > :since)
        """,
        kid=kid,
        sealed=sealed,
        made_at=made_at,
        used_from=used_from,
        since=since,
    )
    return touched == 1


async def forget_key(tx: Tx, kid: str) -> None:
    """Remove a key; its tokens are refused from then on."""
    await tx.run("DELETE FROM signing_keys WHERE kid = :kid", kid=kid)
