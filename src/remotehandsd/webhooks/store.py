"""All SQL about the webhooks of one account."""

from collections.abc import Sequence

from remotehandsd.act import Act
from remotehandsd.errors import NotFound
from remotehandsd.kit.db import Row
from remotehandsd.webhooks.webhook import Attempt, Outcome, Webhook


def webhook_of(row: Sequence[object]) -> Webhook:
    """Return the webhook of a row with its seven columns."""
    key, id_, url, types, description, active, made_at = row
    return Webhook(key, id_, url, tuple(str(types).split()), description, bool(active), made_at)  # type: ignore[arg-type]


async def webhooks_of_account(act: Act) -> list[Webhook]:
    """Return the account's webhooks, oldest first."""
    rows = await act.tx.all(
        """
        SELECT key, id, url, types, description, active, made_at
        FROM webhooks
        WHERE account = :account
        AND removed_at IS NULL
        ORDER BY key
        """,
        account=act.account,
    )
    return [webhook_of(row) for row in rows]


async def get_webhook(act: Act, id_: str) -> Webhook:
    """Return one webhook of the account."""
    row = await act.tx.one(
        """
        SELECT key, id, url, types, description, active, made_at
        FROM webhooks
        WHERE id = :id
        AND account = :account
        AND removed_at IS NULL
        """,
        id=id_,
        account=act.account,
    )
    if row is None:
        raise NotFound("There is no such webhook.")
    return webhook_of(row)


async def add_webhook(act: Act, webhook: Webhook, sealed: bytes) -> None:
    """Add a webhook."""
    await act.tx.run(
        """
        INSERT INTO webhooks (id, environment, account, url, types, description, active, sealed, made_by, made_at)
        VALUES (:id, :environment, :account, :url, :types, :description, :active, :sealed, :made_by, :made_at)
        """,
        id=webhook.id,
        environment=str(act.by.environment),
        account=act.account,
        url=webhook.url,
        types=" ".join(webhook.types),
        description=webhook.description,
        active=int(webhook.is_active),
        sealed=sealed,
        made_by=act.by.user,
        made_at=act.at,
    )


async def change_webhook(act: Act, webhook: Webhook, *, is_new_start: bool) -> bool:
    """Write a webhook as it is to be; a new start forgets what has failed."""
    touched = await act.tx.run(
        """
        UPDATE webhooks
        SET url = :url, types = :types, description = :description, active = :active,
            failing_since = CASE WHEN :is_new_start = 1 THEN NULL ELSE failing_since END,
            failed_at = CASE WHEN :is_new_start = 1 THEN NULL ELSE failed_at END,
            warned_at = CASE WHEN :is_new_start = 1 THEN NULL ELSE warned_at END
        WHERE key = :key
        AND account = :account
        """,
        key=webhook.key,
        account=act.account,
        url=webhook.url,
        types=" ".join(webhook.types),
        description=webhook.description,
        active=int(webhook.is_active),
        is_new_start=int(is_new_start),
    )
    return touched == 1


async def remove_webhook(act: Act, webhook: Webhook) -> bool:
    """Remove a webhook and its secrets; its row stays until the last of its deliveries is forgotten."""
    touched = await act.tx.run(
        """
        UPDATE webhooks
        SET removed_at = :at, active = 0, sealed = :nothing
        WHERE key = :key
        AND account = :account
        """,
        key=webhook.key,
        account=act.account,
        at=act.at,
        nothing=b"",
    )
    return touched == 1


async def sealed(act: Act, webhook: Webhook) -> bytes:
    """Return a webhook's secrets as they are kept, nothing for a webhook that is not there."""
    row = await act.tx.one(
        "SELECT sealed FROM webhooks WHERE key = :key AND account = :account", key=webhook.key, account=act.account
    )
    return bytes(row[0]) if row else b""


async def set_sealed(act: Act, webhook: Webhook, sealed: bytes) -> bool:
    """Keep a webhook's secrets."""
    touched = await act.tx.run(
        "UPDATE webhooks SET sealed = :sealed WHERE key = :key AND account = :account",
        key=webhook.key,
        account=act.account,
        sealed=sealed,
    )
    return touched == 1


# What is sent


async def add_messages(act: Act, messages: Sequence[tuple[str, str, bytes]]) -> list[int]:
    """Add messages (event, type, body) and return their keys."""
    keys = await act.tx.numbers("webhook_messages", "key", len(messages))
    await act.tx.add_rows(
        "webhook_messages",
        ["key", "account", "event", "type", "body", "made_at"],
        [(key, act.account, *message, act.at) for key, message in zip(keys, messages, strict=True)],
    )
    return keys


async def add_deliveries(act: Act, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Add deliveries (webhook, message) and return their keys."""
    keys = await act.tx.numbers("webhook_deliveries", "key", len(pairs))
    await act.tx.add_rows(
        "webhook_deliveries",
        ["key", "account", "webhook", "message", "made_at"],
        [(key, act.account, *pair, act.at) for key, pair in zip(keys, pairs, strict=True)],
    )
    return keys


# How it went


async def add_attempt(act: Act, delivery: int, outcome: Outcome) -> bool:
    """Add an attempt at a delivery, if that is still there."""
    touched = await act.tx.run(
        """
        INSERT INTO webhook_attempts (account, webhook, delivery, attempted_at, status, milliseconds, error)
        SELECT account, webhook, key, CAST(:at AS BIGINT), CAST(:status AS BIGINT), CAST(:milliseconds AS BIGINT),
            CAST(:error AS TEXT)
        FROM webhook_deliveries
        WHERE key = :delivery
        AND account = :account
        """,
        delivery=delivery,
        account=act.account,
        at=outcome.at,
        status=outcome.status,
        milliseconds=outcome.milliseconds,
        error=outcome.error,
    )
    return touched == 1


async def attempts(act: Act, webhook: Webhook, *, before: int | None, most: int) -> list[Attempt]:
    """Return attempts at a webhook before one of them, newest first."""
    rows = await act.tx.all(
        """
        SELECT t.key, m.event, m.type, t.attempted_at, t.status, t.milliseconds, t.error
        FROM webhook_attempts t
        JOIN webhook_deliveries d ON d.key = t.delivery
        JOIN webhook_messages m ON m.key = d.message
        WHERE t.webhook = :webhook
        AND t.account = :account
        AND d.account = :account
        AND m.account = :account
        AND t.key < :before
        ORDER BY t.key DESC
        LIMIT :most
        """,
        webhook=webhook.key,
        account=act.account,
        before=2**62 if before is None else before,
        most=most,
    )
    return [Attempt(*row) for row in rows]


async def delivery_of(act: Act, webhook: Webhook, attempt: int) -> Row | None:
    """Return the delivery that an attempt was at, and the event's name."""
    return await act.tx.one(
        """
        SELECT d.key, m.event
        FROM webhook_attempts t
        JOIN webhook_deliveries d ON d.key = t.delivery
        JOIN webhook_messages m ON m.key = d.message
        WHERE t.key = :attempt
        AND t.webhook = :webhook
        AND t.account = :account
        AND d.account = :account
        AND m.account = :account
        """,
        attempt=attempt,
        webhook=webhook.key,
        account=act.account,
    )


async def note_success(act: Act, webhook: int) -> bool:
    """Forget what failed before; tell whether anything had."""
    touched = await act.tx.run(
        """
        UPDATE webhooks
        SET failing_since = NULL, failed_at = NULL, warned_at = NULL
        WHERE key = :webhook
        AND account = :account
        AND failed_at IS NOT NULL
        """,
        webhook=webhook,
        account=act.account,
    )
    return touched == 1


async def note_failure(act: Act, webhook: int, *, quiet_since: int) -> bool:
    """Note a failure: the first, if there was none before or none since a time."""
    touched = await act.tx.run(
        """
        UPDATE webhooks
        SET failing_since = CASE WHEN COALESCE(failed_at, 0) < :quiet_since THEN :at ELSE failing_since END,
            warned_at = CASE WHEN COALESCE(failed_at, 0) < :quiet_since THEN NULL ELSE warned_at END,
            failed_at = :at
        WHERE key = :webhook
        AND account = :account
        """,
        webhook=webhook,
        account=act.account,
        quiet_since=quiet_since,
        at=act.at,
    )
    return touched == 1


async def failing(act: Act, webhook: int) -> Row | None:
    """Return since when everything fails, and when that was told."""
    return await act.tx.one(
        "SELECT failing_since, warned_at FROM webhooks WHERE key = :webhook AND account = :account",
        webhook=webhook,
        account=act.account,
    )


async def note_warning(act: Act, webhook: int) -> bool:
    """Note that the owner is told; tell whether nobody has done so yet."""
    touched = await act.tx.run(
        """
        UPDATE webhooks
        SET warned_at = :at
        WHERE key = :webhook
        AND account = :account
        AND warned_at IS NULL
        AND active = 1
        """,
        webhook=webhook,
        account=act.account,
        at=act.at,
    )
    return touched == 1


async def switch_off(act: Act, webhook: int) -> bool:
    """Switch a webhook off; tell whether it was on."""
    touched = await act.tx.run(
        """
        UPDATE webhooks
        SET active = 0
        WHERE key = :webhook
        AND account = :account
        AND active = 1
        """,
        webhook=webhook,
        account=act.account,
    )
    return touched == 1
