"""Telling people by mail: events become notices, notices become mails, and mails go out."""

from functools import partial

from remotehandsd import notices
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit.db import EVERY_TENANT, Tx
from remotehandsd.kit.mail import MailAway, MailRefused

MINUTE, HOUR = 60, 3600
NOTICE_PAUSES = (10, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR)
MAIL_PAUSES = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, *[8 * HOUR] * 8)
"""A mail is tried 15 times in about three days; then it is set aside and its address named on the ticket."""


async def gather_notices(house: House) -> bool:
    """Turn some new events into notices; tell whether there may be more of them."""
    async with house.db.write(EVERY_TENANT) as tx:
        return await notices.gather(tx, now=house.now())


async def forget_notices(house: House) -> int:
    """Forget who was mailed 30 days ago."""
    async with house.db.write(EVERY_TENANT) as tx:
        return await notices.forget(tx, now=house.now())


async def compose_notice(house: House, job: Job) -> Ending:
    """Decide who is told; all of it is written in the transaction that ends the job."""
    policy = notices.Policy.of(house.settings)

    async def record(tx: Tx) -> None:
        await notices.compose(tx, job.about, policy, now=house.now())

    return Ending(record=record)


async def send_mail(house: House, job: Job) -> Ending:
    """Send one mail to one address. What becomes of it is recorded with the job's end."""
    async with house.db.read(EVERY_TENANT) as tx:
        mail = await notices.mail_of(tx, job.about)
        if mail is None:
            return Ending()
        letter = await notices.letter(
            mail.act(tx, house.now()), mail, house.settings.public_url, notices.Policy.of(house.settings)
        )

    async def is_sent(tx: Tx) -> None:
        await notices.sent(mail.act(tx, house.now()), mail)

    async def is_refused(tx: Tx, reason: str, for_good: bool) -> None:
        await notices.refuse(mail.act(tx, house.now()), mail, reason, for_good=for_good)

    try:
        await house.mail.send(letter)
    except MailRefused as error:
        return Ending(record=partial(is_refused, reason=str(error), for_good=True))
    except MailAway as error:
        is_last = job.tries > len(MAIL_PAUSES)
        return Ending(str(error), record=partial(is_refused, reason=str(error), for_good=False) if is_last else None)
    return Ending(record=is_sent)
