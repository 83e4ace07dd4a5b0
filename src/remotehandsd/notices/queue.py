"""The statements about notices that cross accounts: a job knows a key, and not yet whose it is."""

from remotehandsd.kit.db import Row, Tx


async def whose_notice(tx: Tx, key: int) -> Row | None:
    """Return environment and account of a notice."""
    return await tx.one("SELECT environment, account FROM notices WHERE key = :key", key=key)


async def waiting_mail(tx: Tx, key: int) -> Row | None:
    """Return a mail that still waits, with its notice: address, key, environment, account, ticket, first, last."""
    return await tx.one(
        """
        SELECT m.address, n.key, n.environment, n.account, n.ticket, n.first_event, n.last_event
        FROM mails m
        JOIN notices n ON n.key = m.notice
        WHERE m.key = :key
        AND m.ended_at IS NULL
        """,
        key=key,
    )


async def forget_mails(tx: Tx, *, before: int) -> int:
    """Remove mails that ended before a time; the addresses of those who were told are kept no longer."""
    return await tx.run("DELETE FROM mails WHERE ended_at < :before", before=before)


async def forget_notices(tx: Tx, *, before: int) -> int:
    """Remove closed notices from before a time that no mail waits for."""
    return await tx.run(
        """
        DELETE FROM notices
        WHERE added_at < :before
        AND closed = :closed
        AND NOT EXISTS (SELECT 1 FROM mails WHERE mails.notice = notices.key)
        """,
        before=before,
        closed=1,
    )
