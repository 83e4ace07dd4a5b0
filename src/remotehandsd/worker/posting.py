"""Sending letters that are about no ticket."""

from functools import partial

import structlog

from remotehandsd import letters, notices
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit.db import EVERY_TENANT, Tx
from remotehandsd.kit.mail import MailAway, MailRefused

MINUTE, HOUR = 60, 3600
LETTER_PAUSES = (10, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR, *[12 * HOUR] * 4)

log = structlog.get_logger("worker")


async def send_letter(house: House, job: Job) -> Ending:
    """Send one letter. It is forgotten when it went out, when it never will, and when its time is over."""
    async with house.db.read(EVERY_TENANT) as tx:
        posted = await letters.posted(tx, house.seal, job.about)
    if posted is None:
        return Ending()
    forgotten = partial(_forget, job.about)
    settings = house.settings
    if house.now() >= posted.ends_at:
        log.warning("letter came too late", kind=posted.kind)
        return Ending(record=forgotten)
    if not notices.Policy(settings.mail_domains, None, is_playground_open=True).allows_domain(posted.to):
        log.warning("letter refused", kind=posted.kind, reason="its domain is not mailed")
        return Ending(record=forgotten)
    letter = letters.worded(
        posted.kind,
        posted.id,
        posted.to,
        environment=posted.environment,
        values=posted.values,
        public_url=settings.public_url,
    )
    try:
        await house.mail.send(letter)
    except MailRefused as refusal:
        log.warning("letter refused", kind=posted.kind, reason=str(refusal))
        return Ending(record=forgotten)
    except MailAway as away:
        if job.tries > len(LETTER_PAUSES):
            log.warning("letter given up", kind=posted.kind, reason=str(away))
            return Ending(record=forgotten)
        return Ending(str(away))
    return Ending(record=forgotten)


async def _forget(key: int, tx: Tx) -> None:
    await letters.remove(tx, key)
