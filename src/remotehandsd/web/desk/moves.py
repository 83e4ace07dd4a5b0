"""What is done to a ticket: taken, handed over, started, completed, called off, written on."""

from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.act import Act
from remotehandsd.web.call import Call
from remotehandsd.web.desk.doing import Form, do
from remotehandsd.web.visitor import at_desk, sent_by


async def take(call: Call) -> Response:
    """Have the ticket oneself."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(call, found, form, lambda act, number: tickets.assign(act, number, found.email), done="taken")


async def assign(call: Call) -> Response:
    """Hand the ticket over to a colleague."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.assign(act, number, form.value("email")),
        done="assigned",
        of=Form("assign"),
    )


async def start(call: Call) -> Response:
    """Begin the work, and with it the time of who does it."""
    found = await at_desk(call)
    form = await sent_by(call, found)

    async def begin(act: Act, number: int | None) -> None:
        await tickets.start(act, number)
        await tickets.start_time(act, number)

    return await do(call, found, form, begin, done="started")


async def complete(call: Call) -> Response:
    """Finish the work, with the minutes that it took."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    minutes = whole(form.value("minutes"))
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.finish(act, number, minutes, form.value("word"), form.value("told")),
        done="completed",
        of=Form("complete", {"comment": "told", "note": "word", "time_note": "word", "reason": "word"}),
    )


def whole(typed: str) -> int | str | None:
    """Return a number of minutes as it was typed; None for nothing, a text for what is none."""
    typed = typed.strip()
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 10
    return int(typed) if is_number else typed or None


async def _answer(call: Call, *, is_granted: bool) -> Response:
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.answer_cancellation(
            act, number, is_granted=is_granted, comment=form.value("answer")
        ),
        done="granted" if is_granted else "refused",
        of=Form("answer", {"comment": "answer"}),
    )


async def grant(call: Call) -> Response:
    """Call the ticket off as the customer asked."""
    return await _answer(call, is_granted=True)


async def refuse(call: Call) -> Response:
    """Go on with the work all the same."""
    return await _answer(call, is_granted=False)


async def cancel(call: Call) -> Response:
    """Call the ticket off on the customer's behalf."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.cancel_for_customer(act, number, form.value("reason")),
        done="cancelled",
        of=Form("cancel", {"cancel_reason": "reason"}),
    )


async def comment(call: Call) -> Response:
    """Write to the customer."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.note(act, number, form.value("comment"), False),
        done="commented#happened",
        of=Form("comment"),
    )


async def note(call: Call) -> Response:
    """Write what only the desk reads."""
    found = await at_desk(call)
    form = await sent_by(call, found)
    return await do(
        call,
        found,
        form,
        lambda act, number: tickets.note(act, number, form.value("note"), True),
        done="noted#happened",
        of=Form("note", {"comment": "note"}),
    )
