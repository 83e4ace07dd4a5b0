"""Webhooks: customers' programs are told what happened on their tickets, by the Standard Webhooks specification."""

from remotehandsd.webhooks.attempting import MOST_ATTEMPTS, attempts, send_again
from remotehandsd.webhooks.delivering import PAUSES, WEBHOOK, Letter, News, letter, record, wait_of
from remotehandsd.webhooks.forgetting import KEPT_SECONDS, forget
from remotehandsd.webhooks.gathering import gather
from remotehandsd.webhooks.keeping import Made, add, change, get, list_all, remove, rotate, send_test
from remotehandsd.webhooks.signing import OVERLAP_SECONDS, headers
from remotehandsd.webhooks.webhook import LONGEST_DESCRIPTION, MOST_WEBHOOKS, TEST, Attempt, Outcome, Webhook

__all__ = [
    "KEPT_SECONDS",
    "LONGEST_DESCRIPTION",
    "MOST_ATTEMPTS",
    "MOST_WEBHOOKS",
    "OVERLAP_SECONDS",
    "PAUSES",
    "TEST",
    "WEBHOOK",
    "Attempt",
    "Letter",
    "Made",
    "News",
    "Outcome",
    "Webhook",
    "add",
    "attempts",
    "change",
    "forget",
    "gather",
    "get",
    "headers",
    "letter",
    "list_all",
    "record",
    "remove",
    "rotate",
    "send_again",
    "send_test",
    "wait_of",
]
