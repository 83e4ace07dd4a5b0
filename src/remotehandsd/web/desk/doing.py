"""Doing something to a ticket by a form of its page, and answering with the page."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.act import Act
from remotehandsd.errors import AlreadyUsed, Fault, Invalid, LostRace, WrongMoment
from remotehandsd.web.call import Call
from remotehandsd.web.desk.ticket import Typed, number_in, shown
from remotehandsd.web.forms import Filled
from remotehandsd.web.once import once
from remotehandsd.web.visitor import Visitor

WORDS = ("comment", "note", "answer", "told", "word", "book_note", "stop_note")
"""Fields into which somebody writes sentences: shown to him when they come too late."""


def refilled(form: Filled, faults: tuple[Fault, ...], names: Mapping[str, str]) -> Filled:
    """Return a form with the faults that a noun found, under the names that its fields have on the page."""
    return form.refused(
        Fault(names.get(fault.field, fault.field), fault.rule, fault.sentence, fault.limit) for fault in faults
    )


class Form(msgspec.Struct, frozen=True):
    """A form of the page by its name, and the names of its fields by the nouns'."""

    name: str
    names: Mapping[str, str] = {}


NO_FORM = Form("")


async def do(
    call: Call,
    found: Visitor,
    form: Filled,
    verb: Callable[[Act, int | None], Awaitable[Any]],
    *,
    done: str,
    of: Form = NO_FORM,
) -> Response:
    """Do one thing, once however often the form is sent; the page then says that it is `done`, at a place after a `#`.

    A form that carries who had the ticket when its page was made is refused when somebody else has it now. What is
    wrong with the form `of` is shown in it, and what came too late beside the ticket as it stands.
    """
    number = number_in(call)

    async def act_on(act: Act) -> None:
        if "_holder" in form.values:
            await tickets.must_be_held_by(act, number, form.value("_holder"))
        await verb(act, number)

    home = f"/desk/tickets/{call.params['id']}?done={done}"
    try:
        return await once(call, form, lambda _: home, act_on)
    except AlreadyUsed:
        return await shown(call, found, 422, Typed({of.name: form}, used=True))
    except Invalid as refusal:
        return await shown(call, found, 422, Typed({of.name: refilled(form, refusal.faults, of.names)}))
    except (WrongMoment, LostRace) as refusal:
        late = (refusal if isinstance(refusal, WrongMoment) else WrongMoment(refusal.status)).sentence
        lost = [form.value(name) for name in WORDS if form.value(name).strip()]
        return await shown(call, found, 409, Typed(late=late, lost=lost))
