"""A ticket's files: photographs made anew, files as they are, both sent by a form that may hold several; previews."""

from collections.abc import Awaitable
from pathlib import PureWindowsPath

from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.errors import Invalid, LostRace, Refusal, WrongMoment
from remotehandsd.kit.db import Unavailable
from remotehandsd.kit.files import Draft, FilesAway, Incoming, NoRoom
from remotehandsd.kit.pictures import MOST_BYTES, NoPicture
from remotehandsd.tickets import AlreadyThere, Attachment, FileToAttach
from remotehandsd.web.attaching import send
from remotehandsd.web.call import Call
from remotehandsd.web.desk.ticket import Typed, number_in, shown
from remotehandsd.web.media_type import valid_media_type
from remotehandsd.web.pages import see
from remotehandsd.web.previewing import send_preview
from remotehandsd.web.refused import Refused
from remotehandsd.web.sent_files import FormWithFiles, NotKept
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import at_desk, must_be_of


async def attach(call: Call) -> Response:
    """Attach what a form holds, each file for itself; those that are not taken are named, with the reason.

    Whatever is sent again is there once. A picture of the form `photograph` is made anew; other files stay as they are.
    """
    found = await at_desk(call)
    sent = FormWithFiles(call)
    form = await sent.fields()
    must_be_of(found, form)
    number = number_in(call)
    await call.look(tickets.on_the_desk, number)
    try:
        not_kept = await _take_each(call, number, sent, as_photographs=form.value("kind") == "photograph")
    except WrongMoment as refusal:
        return await shown(call, found, 409, Typed(late=refusal.sentence))
    if not_kept:
        # What could not be kept just now is worth another try; what was refused is not.
        is_away = all(one.sentence == text("file.away") for one in not_kept)
        return await shown(call, found, 503 if is_away else 422, Typed(not_kept=not_kept))
    return see(f"/desk/tickets/{call.params['id']}?done=attached#files")


async def _take_each(call: Call, number: int | None, sent: FormWithFiles, *, as_photographs: bool) -> list[NotKept]:
    not_kept: list[NotKept] = []
    filename: str | None = None
    try:
        while segment := await sent.file():
            # Some browsers send the way to the file along.
            filename = PureWindowsPath(segment.filename or "").name
            media_type = valid_media_type(segment.header("Content-Type") or "")
            try:
                await _take(call, number, sent, filename, None if as_photographs else media_type)
            except WrongMoment:
                raise
            except (Refusal, LostRace, NoRoom, FilesAway, Unavailable) as refusal:
                not_kept.append(NotKept(filename, _sentence(refusal)))
    except Refused as broken:
        # What came before it broke off, or grew too large, stays.
        sentence = text("file.too_large" if broken.status == 413 else "file.broken")
        return [*not_kept, NotKept(filename or "", sentence)]
    return [NotKept("", text("desk.files.none_chosen"))] if filename is None else not_kept


def _sentence(refusal: Exception) -> str:
    if isinstance(refusal, Invalid) and any(fault.field == "file_name" for fault in refusal.faults):
        return text("desk.files.bad_name")
    return refusal.sentence if isinstance(refusal, Refusal) else text("file.away")


async def _take(call: Call, number: int | None, sent: FormWithFiles, filename: str, media_type: str | None) -> None:
    """Attach the file in hand, as a photograph when it has no media type of its own."""
    most = call.house.settings.max_ticket_bytes
    await call.look(tickets.may_attach_at_desk, number, filename, ticket_bytes=most)
    await call.house.files.room(call.declared_length)
    if media_type is None:
        await _photograph(call, number, sent, filename)
        return
    incoming = call.house.files.receive()
    writing = sent.write_to(incoming, call.house.settings.max_file_bytes)
    await _keep(call, number, incoming, writing, filename, media_type)


async def _photograph(call: Call, number: int | None, sent: FormWithFiles, filename: str) -> None:
    draft = Draft()
    try:
        await sent.write_to(draft, min(MOST_BYTES, call.house.settings.max_file_bytes))
        made = await call.house.pictures.photograph(draft.file)
    except NoPicture as error:
        raise Refusal(text("desk.files.no_picture", why=error.sentence)) from error
    finally:
        draft.close()
    incoming = call.house.files.receive()
    await _keep(call, number, incoming, incoming.write(made.content), made.name(filename), made.media_type)


async def _keep(
    call: Call, number: int | None, incoming: Incoming, writing: Awaitable[None], filename: str, media_type: str
) -> None:
    try:
        await writing
        kept = await incoming.finish()
    except BaseException:
        await incoming.discard()
        raise
    file = FileToAttach(kept.name, filename, media_type, kept.size, kept.sha256)
    most = call.house.settings.max_ticket_bytes
    try:
        await call.act(tickets.attach_new_at_desk, number, file, ticket_bytes=most)
    except AlreadyThere:
        await incoming.discard()
    except Refusal:
        # After any other fault the row may be there all the same: then the sweep finds out.
        await incoming.discard()
        raise


async def _found(call: Call) -> Attachment:
    await at_desk(call)
    return await call.look(tickets.attachment_at_desk, number_in(call), call.params["file_id"])


async def show(call: Call) -> Response:
    """Send a file's bytes, never as something that a browser would run."""
    return await send(call, await _found(call))


async def preview(call: Call) -> Response:
    """Send a small picture of a picture, made by us; 404 for anything else, whatever it calls itself."""
    return await send_preview(call, await _found(call))
