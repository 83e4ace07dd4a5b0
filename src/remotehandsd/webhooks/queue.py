"""The statements about webhooks that cross accounts, each with its reason."""

from collections import defaultdict
from collections.abc import Sequence

from remotehandsd.kit.db import Row, Tx
from remotehandsd.webhooks.store import webhook_of
from remotehandsd.webhooks.webhook import Webhook


async def listening(tx: Tx, accounts: Sequence[int]) -> dict[int, list[Webhook]]:
    """Return the active webhooks of these accounts, by account: events of many are handed out together."""
    names = {f"account_{place}": account for place, account in enumerate(accounts)}
    rows = await tx.all(
        f"""
        SELECT w.key, w.id, w.url, w.types, w.description, w.active, w.made_at, w.account
        FROM webhooks w
        JOIN accounts a ON a.key = w.account
        WHERE w.account IN ({", ".join(":" + name for name in names)})
        AND w.removed_at IS NULL
        AND w.active = 1
        AND a.retired = 0
        ORDER BY w.account, w.key
        """,  # noqa: S608 - names of values
        **names,
    )
    found: dict[int, list[Webhook]] = defaultdict(list)
    for *row, account in rows:
        found[account].append(webhook_of(row))
    return found


async def letter(tx: Tx, delivery: int) -> Row | None:
    """Return webhook, id, environment, account, URL, maker, secrets, event and body of a delivery to an active one.

    The worker sends everybody's.
    """
    return await tx.one(
        """
        SELECT w.key, w.id, w.environment, w.account, w.url, w.made_by, w.sealed, m.event, m.body
        FROM webhook_deliveries d
        JOIN webhooks w ON w.key = d.webhook
        JOIN webhook_messages m ON m.key = d.message
        WHERE d.key = :delivery
        AND w.removed_at IS NULL
        AND w.active = 1
        """,
        delivery=delivery,
    )


async def forget_deliveries(tx: Tx, *, before: int, most: int) -> int:
    """Remove the oldest deliveries and their attempts, up to a time: everybody's go at the same age."""
    old = {"before": before, "most": most}
    await tx.run(
        """
        DELETE FROM webhook_attempts
        WHERE delivery IN (
            SELECT key FROM webhook_deliveries WHERE made_at < :before ORDER BY made_at, key LIMIT :most
        )
        """,
        **old,
    )
    return await tx.run(
        """
        DELETE FROM webhook_deliveries
        WHERE key IN (SELECT key FROM webhook_deliveries WHERE made_at < :before ORDER BY made_at, key LIMIT :most)
        """,
        **old,
    )


async def forget_messages(tx: Tx, *, before: int, most: int) -> int:
    """Remove the oldest messages that no delivery sends any more: everybody's go at the same age."""
    return await tx.run(
        """
        DELETE FROM webhook_messages
        WHERE key IN (
            SELECT m.key
            FROM webhook_messages m
            WHERE m.made_at < :before
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message = m.key)
            ORDER BY m.made_at, m.key
            LIMIT :most
        )
        """,
        before=before,
        most=most,
    )


async def forget_webhooks(tx: Tx, *, most: int) -> int:
    """Remove webhooks that were removed by their owners and have nothing left, of every account."""
    return await tx.run(
        """
        DELETE FROM webhooks
        WHERE key IN (
            SELECT w.key
            FROM webhooks w
            WHERE w.removed_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook = w.key)
            LIMIT :most
        )
        """,
        most=most,
    )
