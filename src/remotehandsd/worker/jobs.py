"""Every timer and every kind of job on one page: what is done, how often or on which schedule, by which function."""

from collections.abc import Awaitable, Callable

import msgspec

from remotehandsd import access, accounts, letters, notices, people, registrations, repeats, webhooks
from remotehandsd.house import House
from remotehandsd.jobs import Ending, Job
from remotehandsd.worker.delivering import deliver, forget_deliveries, gather_messages
from remotehandsd.worker.posting import LETTER_PAUSES, forget_letters, send_letter
from remotehandsd.worker.robot import Robot
from remotehandsd.worker.search import index
from remotehandsd.worker.sweep import sweep
from remotehandsd.worker.telling import (
    MAIL_PAUSES,
    NOTICE_PAUSES,
    compose_notice,
    forget_notices,
    gather_notices,
    send_mail,
)
from remotehandsd.worker.usual import learn

MINUTE = 60.0
HOUR = 60 * MINUTE


async def tidy(house: House) -> int:
    """Let the database fold what it only noted, such as changes of totals."""
    return await house.db.tidy()


class Timer(msgspec.Struct, frozen=True):
    """Something that is done every so many seconds; the first time at once. One process of all does it.

    One that has much to do does some of it and returns True: its turn comes again behind the others that are due.
    `gives_way` is False for what requests themselves are slower without.
    """

    name: str
    every: float
    run: Callable[[House], Awaitable[object]]
    gives_way: bool = True


class Kind(msgspec.Struct, frozen=True):
    """A kind of job: what does it, and after how many seconds it is tried again, each time that it fails.

    When the pauses are over the job is set aside. `at_once` bounds how many are in hand in one process, `per_lane`
    how many of those share a lane, so that one slow receiver does not hold up the others. A lane whose job failed
    after long rests `rest` times as long; with 0 it does not.
    """

    name: str
    do: Callable[[House, Job], Awaitable[Ending]]
    pauses: tuple[int, ...]
    at_once: int
    per_lane: int
    rest: float = 0.0


def timers() -> list[Timer]:
    """Return the house's regular work."""
    return [
        Timer("the database's own upkeep", 2.0, tidy, gives_way=False),
        Timer("keep the index of words", 1.0, index),
        Timer("replace the signing key when it is due", 10 * MINUTE, access.rotate_when_due),
        Timer("forget signing keys whose tokens are over", HOUR, access.forget_old),
        Timer("end the rotations of secrets that are over", HOUR, accounts.settle_rotations),
        Timer("forget registrations that were not confirmed", HOUR, registrations.forget_unconfirmed),
        Timer("forget sessions and links that are over", HOUR, people.forget_over),
        Timer("forget answers that were kept for a day", 10 * MINUTE, repeats.forget_old),
        Timer("remove files that no ticket names", HOUR, sweep),
        Timer("learn how long tickets usually take", HOUR, learn),
        Timer("gather what webhooks are to be told", 1.0, gather_messages),
        Timer("forget what webhooks were told 30 days ago", HOUR, forget_deliveries),
        Timer("gather what people are to be told", 1.0, gather_notices),
        Timer("forget who was mailed 30 days ago", HOUR, forget_notices),
        Timer("forget letters that nobody took for 7 days", HOUR, forget_letters),
    ]


def kinds() -> list[Kind]:
    """Return what is done job by job, by whichever process takes it."""
    return [
        # An account's webhooks (20) together leave room for others', and those of many accounts soon do when none
        # of them answers: each rests then, three times as long as it was waited for.
        Kind(webhooks.WEBHOOK, deliver, webhooks.PAUSES, at_once=64, per_lane=2, rest=3.0),
        Kind(notices.NOTICE, compose_notice, NOTICE_PAUSES, at_once=2, per_lane=1),
        Kind(notices.MAIL, send_mail, MAIL_PAUSES, at_once=4, per_lane=3),
        Kind(letters.LETTER, send_letter, LETTER_PAUSES, at_once=2, per_lane=2),
    ]


def robots(house: House) -> list[Timer]:
    """Return the playground's robot's work; it never leaves the playground."""
    return [Timer("the playground's robot", min(1.0, house.settings.robot_seconds / 4), Robot().step)]
