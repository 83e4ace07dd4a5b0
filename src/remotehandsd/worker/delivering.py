"""Telling customers' programs: events become messages, and each message goes to the webhooks that asked for it."""

import time
from functools import partial

from remotehandsd import letters, webhooks, wire
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.kit import mail as kit_mail
from remotehandsd.kit.db import EVERY_TENANT, Tx
from remotehandsd.kit.outbound import NotAnswered
from remotehandsd.notices import is_mailed
from remotehandsd.tickets import Retold
from remotehandsd.webhooks import Letter, News, Outcome


async def gather_messages(house: House) -> bool:
    """Turn some new events into messages; tell whether there may be more of them."""
    async with house.db.write(EVERY_TENANT) as tx:
        return await webhooks.gather(tx, _body, now=house.now())


def _body(retold: Retold) -> bytes:
    return wire.encode(wire.told(retold))


async def forget_deliveries(house: House) -> bool:
    """Forget some of what was sent 30 days ago; tell whether there may be more of it."""
    async with house.db.write(EVERY_TENANT) as tx:
        return await webhooks.forget(tx, now=house.now()) > 0


async def deliver(house: House, job: Job) -> Ending:
    """Send one message to one webhook. How it went is recorded with the job's end.

    When the schedule is over the job ends like one that is done: what a customer's program did not take is the
    customer's to see and to send again.
    """
    at = house.now()
    async with house.db.glance(EVERY_TENANT) as tx:
        letter = await webhooks.letter(tx, house.seal, job.about, at)
    if letter is None:
        return Ending()
    outcome, wait = await _attempt(house, letter, at)
    is_over = not outcome.error or outcome.is_gone or job.tries > len(webhooks.PAUSES)
    return Ending("" if is_over else outcome.error, pause=wait, record=partial(_record, house, letter, outcome))


async def _attempt(house: House, letter: Letter, at: int) -> tuple[Outcome, int | None]:
    began = time.perf_counter()
    status, error, wait = None, "", None
    try:
        headers = webhooks.headers(letter.name, letter.body, letter.secrets, at)
        answer = await house.outbound.post(letter.url, headers, letter.body)
        status, wait = answer.status, webhooks.wait_of(answer.retry_after, at)
        if not 200 <= status < 300:
            error = f"The receiver answered {status}."
    except NotAnswered as none:
        error = none.sentence
    return Outcome(at, status, round((time.perf_counter() - began) * 1000), error), wait


async def _record(house: House, letter: Letter, outcome: Outcome, tx: Tx) -> None:
    act = letter.act(tx, house.now())
    news = await webhooks.record(act, letter, outcome)
    if news and is_mailed(house, news.owner):
        await letters.post(tx, house.seal, _letter(house, news, letter.environment), now=act.at)


def _letter(house: House, news: News, environment: str) -> kit_mail.Letter:
    url = house.settings.public_url
    if news.off_at is None:
        return letters.wording.webhook_off(
            news.owner, url, environment=environment, receiver=news.receiver, reason=news.reason
        )
    off_at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(news.off_at))
    return letters.wording.webhook_failing(
        news.owner, url, environment=environment, receiver=news.receiver, off_at=off_at
    )
