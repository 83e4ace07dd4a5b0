"""One message on its way to one webhook: what is sent, and what follows from how it went."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from remotehandsd import accounts, events, jobs
from remotehandsd.act import Act, By, Environment
from remotehandsd.kit.db import Tx
from remotehandsd.kit.sealing import Seal
from remotehandsd.webhooks import queue, store
from remotehandsd.webhooks.signing import Secret, opened
from remotehandsd.webhooks.webhook import Outcome, Webhook

WEBHOOK = "webhook"
"""The kind of job. It is about a delivery; its lane is the webhook."""
MINUTE, HOUR, DAY = 60, 3600, 86_400
PAUSES = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds between attempts: the specification's schedule, ten attempts within some 76 hours."""
LONGEST_WAIT = DAY
"""What a receiver may ask for by Retry-After, in seconds; more is taken for this."""
WARNED_AFTER, OFF_AFTER = DAY, 5 * DAY
"""Seconds for which every attempt has failed: then its owner is told, and later the webhook is switched off."""
WARNED_BEFORE = DAY
"""Least seconds between the two."""


class Letter(msgspec.Struct, frozen=True):
    """What is to be sent, where to, and the secrets that sign it."""

    delivery: int
    webhook: int
    webhook_id: str
    environment: str
    account: int
    url: str
    made_by: int | None
    name: str
    body: bytes
    secrets: list[Secret]

    def act(self, tx: Tx, at: int) -> Act:
        """Return an act of the house on the account."""
        return Act(tx, By(name="Remotehands", environment=Environment(self.environment), account=self.account), at)


async def send(act: Act, webhook: Webhook, name: str, type_: str, body: bytes) -> None:
    """Have a message sent to one webhook of the act's account."""
    [message] = await store.add_messages(act, [(name, type_, body)])
    [delivery] = await store.add_deliveries(act, [(webhook.key, message)])
    await jobs.add(act.tx, WEBHOOK, delivery, lane=webhook.key, now=act.at, due_at=act.at)


async def letter(tx: Tx, seal: Seal, delivery: int, now: int) -> Letter | None:
    """Return what a delivery sends; None when there is nothing to be sent any more."""
    row = await queue.letter(tx, delivery)
    if row is None:
        return None
    webhook, id_, environment, account, url, made_by, sealed, name, body = row
    secrets = opened(seal, id_, sealed, now)
    return Letter(delivery, webhook, id_, environment, account, url, made_by, name, body, secrets)


class News(msgspec.Struct, frozen=True):
    """What the owner of a webhook should know: it fails, and when it would be switched off, or it is, and why."""

    owner: str
    receiver: str
    off_at: int | None = None
    reason: str = ""


async def record(act: Act, letter: Letter, outcome: Outcome) -> News | None:
    """Write down an attempt, and what follows from it for the webhook; return what its owner is to be told."""
    await store.add_attempt(act, letter.delivery, outcome)
    if not outcome.error:
        await store.note_success(act, letter.webhook)
        return None
    if outcome.is_gone:
        return await _switch_off(act, letter, "The receiver answered 410: it wants nothing any more.")
    return await _note_failure(act, letter)


async def _note_failure(act: Act, letter: Letter) -> News | None:
    """Switch a webhook off where everything has failed for five days, after its owner was told a day before."""
    await store.note_failure(act, letter.webhook, quiet_since=act.at - OFF_AFTER)
    failing = await store.failing(act, letter.webhook)
    if failing is None:
        return None
    failing_since, warned_at = failing
    if failing_since > act.at - WARNED_AFTER:
        return None
    if warned_at is None:
        if await store.note_warning(act, letter.webhook):
            await events.record(act, "webhook.failing", about=letter.webhook_id, after={"since": failing_since})
            # Not before the fifth day, and not within a day of this warning.
            return await _news(act, letter, off_at=max(failing_since + OFF_AFTER, act.at + WARNED_BEFORE))
    elif failing_since <= act.at - OFF_AFTER and warned_at <= act.at - WARNED_BEFORE:
        return await _switch_off(act, letter, "Every attempt has failed for five days.")
    return None


async def _switch_off(act: Act, letter: Letter, reason: str) -> News | None:
    if not await store.switch_off(act, letter.webhook):
        return None
    await jobs.drop_lane(act.tx, WEBHOOK, letter.webhook)
    await events.record(
        act, "webhook.disabled", about=letter.webhook_id, before={"active": True}, after={"reason": reason}
    )
    return await _news(act, letter, reason=reason)


async def _news(act: Act, letter: Letter, *, off_at: int | None = None, reason: str = "") -> News | None:
    """Return the news for whoever made the webhook, unless that is nobody in use any more."""
    owner = await accounts.email_of_user(act, letter.made_by)
    return News(owner, urlsplit(letter.url).hostname or "", off_at, reason) if owner else None


def wait_of(retry_after: str, now: int) -> int | None:
    """Return the seconds that a Retry-After asks for, a day at most; None where it says nothing."""
    if re.fullmatch(r"[0-9]{1,9}", retry_after):
        return min(int(retry_after), LONGEST_WAIT)
    try:
        until = datetime.strptime(retry_after, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    except ValueError:
        return None
    return max(0, min(int(until.timestamp()) - now, LONGEST_WAIT))
