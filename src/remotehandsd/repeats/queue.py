"""The one statement that crosses accounts: what is kept no longer goes, whoever's it was."""

from remotehandsd.kit.db import Tx


async def remove_old(tx: Tx, *, before: int, most: int) -> int:
    """Remove up to `most` answers that were kept before a moment, the oldest first; return how many."""
    return await tx.run(
        """
        DELETE FROM repeats
        WHERE (app, key) IN (SELECT app, key FROM repeats WHERE kept_at <= :before ORDER BY kept_at LIMIT :most)
        """,
        before=before,
        most=most,
    )
