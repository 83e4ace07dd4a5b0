"""Forgetting what was sent 30 days ago."""

from remotehandsd.kit.db import Tx
from remotehandsd.webhooks import queue

KEPT_SECONDS = 30 * 86_400
MOST_FORGOTTEN = 500
"""Deliveries that are removed in one transaction, so that it ends soon."""


async def forget(tx: Tx, *, now: int) -> int:
    """Remove some of what is older than 30 days, attempts and all, and webhooks of which nothing is left.

    Return how many rows went; 0 when there is nothing more to do.
    """
    before = now - KEPT_SECONDS
    gone = await queue.forget_deliveries(tx, before=before, most=MOST_FORGOTTEN)
    gone += await queue.forget_messages(tx, before=before, most=MOST_FORGOTTEN)
    return gone or await queue.forget_webhooks(tx, most=MOST_FORGOTTEN)
