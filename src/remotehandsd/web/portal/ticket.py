"""`/portal/{account}/tickets/{id}`: one ticket, what happened on it, and what a customer may do with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from remotehandsd import events, sites, tickets
from remotehandsd.act import Act
from remotehandsd.errors import AlreadyUsed, Invalid, WrongMoment
from remotehandsd.events import Event
from remotehandsd.tickets import LIMITS, Attachment, CancelReason, Ticket
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once
from remotehandsd.web.pages import page, see
from remotehandsd.web.portal.signed_out import customer_sent
from remotehandsd.web.previewing import may_have_preview
from remotehandsd.web.sent_files import FormWithFiles, NotKept, attach_files
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, customer, must_be_of

DONE = frozenset({"ordered", "commented", "edited", "cancelled", "attached"})


class Seen(msgspec.Struct, frozen=True):
    """A ticket with all that its customer may see of it, at one moment; `zone` is its site's."""

    ticket: Ticket
    history: Sequence[Event]
    files: Sequence[Attachment]
    zone: str


async def seen(act: Act, number: int | None) -> Seen:
    """Return a ticket of the act's account with its history and files."""
    ticket = await tickets.show(act, number)
    history = await events.shown_history(act, ticket.number)
    if not history or history[0].type != "ticket.created":
        # Made-up tickets have no event that customers may see.
        history = [Event("ticket.created", ticket.created_by, ticket.created_at, {}, {}), *history]
    site = await sites.find(act, ticket.site)
    files = await tickets.attachments(act, ticket.number)
    return Seen(ticket, history, files, site.timezone if site else "UTC")


class Typed(msgspec.Struct, frozen=True):
    """What stands in the forms of the page: the comment's, and the one for reference and recipients."""

    comment: Filled = Filled()
    edit: Filled | None = None


def number_in(call: Call) -> int | None:
    """Return the number of the ticket that the address names."""
    return tickets.number_of(call.params["id"])


async def show(call: Call) -> Response:
    """Show the ticket."""
    return await _shown(call, await customer(call))


async def _shown(call: Call, found: Visitor, code: int = 200, typed: Typed | None = None, **more: Any) -> Response:
    view = await call.look(seen, number_in(call))
    typed = typed or Typed()
    kept = {"customer_reference": view.ticket.customer_reference, "recipients": view.ticket.recipients}
    done = call.asked("done")
    values: dict[str, Any] = {
        "visitor": found,
        "here": "tickets",
        "view": view,
        "ticket": view.ticket,
        "comment": typed.comment,
        "edit": typed.edit or Filled(kept),
        "is_editing": typed.edit is not None,
        "once": once_key(),
        "limits": LIMITS,
        "may_have_preview": may_have_preview,
        "most": call.house.settings.max_file_bytes,
        "now": call.house.now(),
        "done": done if done in DONE else "",
        "failed": (),
        "late": "",
        "refused": "",
    }
    return page("portal/ticket.html", code, **values | more)


async def with_files_missing(
    call: Call, found: Visitor, number: int, failed: Sequence[NotKept], *, is_new: bool
) -> Response:
    """Show a ticket and which files are not on it, so that they can be sent again."""
    call.params["id"] = tickets.wire_number(number)
    return await _shown(call, found, 422, failed=failed, done="ordered" if is_new else "")


def _home(call: Call, done: str, place: str = "") -> str:
    return f"/portal/{call.params['account']}/tickets/{call.params['id']}?done={done}{place}"


async def comment(call: Call) -> Response:
    """Write on the ticket."""
    found, form = await customer_sent(call)
    try:
        home = _home(call, "commented", "#happened")
        return await once(call, form, lambda _: home, tickets.comment, number_in(call), form.value("comment"))
    except AlreadyUsed:
        return await _shown(call, found, 422, Typed(comment=form), refused=text("portal.used"))
    except Invalid as refusal:
        return await _shown(call, found, 422, Typed(comment=form.refused(refusal.faults)))
    except WrongMoment as refusal:
        return await _shown(call, found, 409, Typed(comment=form), late=refusal.sentence)


async def edit(call: Call) -> Response:
    """Change the customer's reference and the recipients."""
    found, form = await customer_sent(call)
    fields: Mapping[str, str] = {name: form.value(name) for name in ("customer_reference", "recipients")}
    try:
        return await once(call, form, lambda _: _home(call, "edited"), tickets.edit, number_in(call), fields)
    except AlreadyUsed:
        return await _shown(call, found, 422, Typed(edit=form), refused=text("portal.used"))
    except Invalid as refusal:
        return await _shown(call, found, 422, Typed(edit=form.refused(refusal.faults)))
    except WrongMoment as refusal:
        return await _shown(call, found, 409, Typed(edit=form), late=refusal.sentence)


async def attach(call: Call) -> Response:
    """Attach files; those that are not taken are named, with the reason."""
    files = FormWithFiles(call)
    found = await customer(call)
    must_be_of(found, await files.fields())
    ticket = await call.look(tickets.show, number_in(call))
    failed = await attach_files(call, ticket.number, files)
    if not files.has_files and not failed:
        failed = [NotKept("", text("file.none"))]
    if failed:
        return await with_files_missing(call, found, ticket.number, failed, is_new=False)
    return see(_home(call, "attached", "#files"))


async def ask_to_cancel(call: Call) -> Response:
    """Show what a cancellation means, and ask for the reason."""
    found = await customer(call)
    view = await call.look(seen, number_in(call))
    if not view.ticket.may("request_cancellation"):
        return await _shown(call, found, 409, late=WrongMoment(view.ticket.status).sentence)
    return await _asked_to_cancel(found, view, Filled({"reason": str(CancelReason.NO_LONGER_NEEDED)}))


async def _asked_to_cancel(found: Visitor, view: Seen, form: Filled, code: int = 200) -> Response:
    return page(
        "portal/cancel.html",
        code,
        visitor=found,
        here="tickets",
        view=view,
        ticket=view.ticket,
        form=form,
        reasons=list(CancelReason),
        once=once_key(),
    )


async def cancel(call: Call) -> Response:
    """Ask the operator to call the ticket off."""
    found, form = await customer_sent(call)
    try:
        home = _home(call, "cancelled")
        return await once(
            call, form, lambda _: home, tickets.request_cancellation, number_in(call), form.value("reason")
        )
    except (Invalid, AlreadyUsed):
        view = await call.look(seen, number_in(call))
        wrong = Filled(form.values, {"reason": text("portal.cancel.choose")})
        return await _asked_to_cancel(found, view, wrong, 422)
    except WrongMoment as refusal:
        return await _shown(call, found, 409, late=refusal.sentence)
