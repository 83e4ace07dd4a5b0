"""Looking at attempts, and sending again by hand."""

import re

from remotehandsd import jobs
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, NotFound, Rule
from remotehandsd.webhooks import store
from remotehandsd.webhooks.delivering import WEBHOOK
from remotehandsd.webhooks.keeping import check_active
from remotehandsd.webhooks.webhook import Attempt

MOST_ATTEMPTS = 1000
"""Attempts that are shown at once."""

_ID = re.compile(r"att_([1-9a-f][0-9a-f]{0,14})", re.ASCII)


def _key_of(id_: str) -> int | None:
    found = _ID.fullmatch(id_)
    return int(found[1], 16) if found else None


async def attempts(act: Act, id_: str, *, before: str | None, most: int) -> list[Attempt]:
    """Return attempts at a webhook of the account, newest first; `before` names the last one that was seen.

    Attempts are kept for 30 days.
    """
    webhook = await store.get_webhook(act, id_)
    key = None if before is None else _key_of(before)
    if before is not None and key is None:
        raise Invalid(Fault("before", Rule.WRONG_VALUE, "This names no attempt."))
    return await store.attempts(act, webhook, before=key, most=most)


async def send_again(act: Act, id_: str, attempt: str) -> str:
    """Send again what an attempt sent, now, however it went: the same bytes under the same id, which is returned.

    A webhook that is switched off is sent nothing. If this fails, it is tried again by the schedule.
    """
    webhook = await store.get_webhook(act, id_)
    key = _key_of(attempt)
    found = await store.delivery_of(act, webhook, key) if key else None
    if found is None:
        raise NotFound("There is no such delivery.")
    check_active(webhook)
    delivery, name = found[0], str(found[1])
    await jobs.hasten(act.tx, WEBHOOK, delivery, lane=webhook.key, now=act.at)
    return name
