"""Sending letters about people."""

import structlog

from remotehandsd import letters
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit.db import Tx
from remotehandsd.kit.mail import MailAway, MailRefused

MINUTE, HOUR = 60, 3600
LETTER_PAUSES = (10, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR)
"""A letter is tried 9 times in about 15 hours; then it is set aside."""

log = structlog.get_logger("letters")


async def send_letter(house: House, job: Job) -> Ending:
    """Send one letter to one mailbox; one that was taken, or never will be, is forgotten."""
    async with house.db.read() as tx:
        letter = await letters.letter_of(tx, house.seal, job.about)
    if letter is None:
        return Ending()

    async def is_over(tx: Tx) -> None:
        await letters.ended(tx, job.about)

    try:
        await house.mail.send(letter)
    except MailRefused as error:
        log.warning("letter refused", subject=letter.subject, reason=str(error))
        return Ending(record=is_over)
    except MailAway as error:
        return Ending(str(error))
    return Ending(record=is_over)


async def forget_letters(house: House) -> int:
    """Forget letters that nobody took."""
    async with house.db.write() as tx:
        return await letters.forget(tx, now=house.now())
