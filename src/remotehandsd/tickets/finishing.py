"""The ends of a ticket as people make them at the desk: what is said beside goes with the move, or neither."""

from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, Rule
from remotehandsd.tickets.cancelling import grant_cancellation, refuse_cancellation
from remotehandsd.tickets.commenting import note
from remotehandsd.tickets.fields import is_missing, mandatory_text, missing, refuse
from remotehandsd.tickets.span import faults_of_minutes
from remotehandsd.tickets.timing import correct_time, time_on_the_desk
from remotehandsd.tickets.working import complete


async def finish(act: Act, number: int | None, minutes: object, word: str, told: str) -> None:
    """Complete a ticket, and say how many minutes it took; none are possible with a word that says why.

    `word` goes with the time, or, without any, becomes an internal note; `told` is the customer's to read. Minutes
    take the place of the time of who does this, where it runs on the ticket.
    """
    if minutes is None:
        raise Invalid(missing("minutes"))
    refuse(faults_of_minutes(minutes, least=0))
    if told.strip():
        await note(act, number, told, False)
    if minutes != 0:
        await complete(act, number, {"minutes": minutes, "note": word.strip() or None})
        return
    if is_missing(word) or not word.strip():
        raise Invalid(Fault("word", Rule.MISSING, "Say in a word why it took no time."))
    refuse(_renamed(fault, "word") for fault in mandatory_text("reason", word))
    running = [one for one in await time_on_the_desk(act, number) if one.ended_at is None]
    his = next((one for one in running if one.staff == act.by.staff), None)
    if his is None:
        await note(act, number, word, True)
    else:
        await correct_time(act, number, his.id, {"minutes": 0, "reason": word})
    await complete(act, number)


def _renamed(fault: Fault, field: str) -> Fault:
    return Fault(field, fault.rule, fault.sentence, fault.limit)


async def answer_cancellation(act: Act, number: int | None, *, is_granted: bool, comment: str) -> None:
    """Grant or refuse what the customer asked for, with a comment for him if there is one; for dispatchers."""
    text = comment if comment.strip() else None
    if not is_granted:
        await refuse_cancellation(act, number, text)
        return
    if text is not None:
        # First: on a cancelled ticket nobody comments any longer.
        await note(act, number, text, False)
    await grant_cancellation(act, number)
