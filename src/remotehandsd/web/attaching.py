"""Taking a file for a ticket and sending it again, for the customers and for the desk alike."""

from collections.abc import Awaitable
from typing import Protocol

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, Refusal, Rule
from remotehandsd.kit.files import Draft, Incoming
from remotehandsd.kit.pictures import MOST_BYTES, NoPicture
from remotehandsd.tickets import Attachment, FileToAttach
from remotehandsd.web.call import Call
from remotehandsd.web.download import download
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import Refused
from remotehandsd.web.repeating import again, kept_before
from remotehandsd.web.upload import AROUND_A_FILE, Passing, boundary_of, hash_of_file, receive_file


class Asking(Protocol):
    """Asks before the bytes come whether they would be taken."""

    def __call__(self, act: Act, number: int | None, filename: str, *, ticket_bytes: int) -> Awaitable[None]:
        """Raise the refusal, if any."""


class Attaching(Protocol):
    """Makes a kept file the ticket's."""

    def __call__(self, act: Act, number: int | None, file: FileToAttach, *, ticket_bytes: int) -> Awaitable[Attachment]:
        """Return it."""


async def take_in(call: Call, number: int | None, asking: Asking, attaching: Attaching) -> Response:
    """Attach the part `file` byte for byte and answer. It is there whole, or nothing of it is.

    A short look first (rights, ticket, name, status), then the bytes into a file of our own, then the act that
    looks at the status again and writes the row.
    """
    most = call.house.settings.max_file_bytes
    boundary = _boundary(call, most)
    if before := await _sent_before(call, boundary, most):
        return before
    filename = await _expected(call, number, asking)
    incoming = call.house.files.receive()
    try:
        media_type = await receive_file(call, boundary, incoming, most)
        kept = await incoming.finish()
    except BaseException:
        await incoming.discard()
        raise
    call.file_sent = hash_of_file(media_type, kept.sha256)
    file = FileToAttach(kept.name, filename, media_type, kept.size, kept.sha256)
    return await _attached(call, number, attaching, incoming, file)


async def take_photograph(call: Call, number: int | None, asking: Asking, attaching: Attaching) -> Response:
    """Attach the part `file` made anew as a photograph, without what it says beside the picture, and answer.

    Invalid for a file that is no picture. The name's ending is made true.
    """
    most = min(MOST_BYTES, call.house.settings.max_file_bytes)
    boundary = _boundary(call, most)
    if before := await _sent_before(call, boundary, most):
        return before
    filename = await _expected(call, number, asking)
    draft = Draft()
    try:
        passing = Passing(draft)
        media_type = await receive_file(call, boundary, passing, most)
        made = await call.house.pictures.photograph(draft.file)
    except NoPicture as error:
        raise Invalid(Fault("file", Rule.WRONG_VALUE, error.sentence)) from error
    finally:
        draft.close()
    incoming = call.house.files.receive()
    try:
        await incoming.write(made.content)
        kept = await incoming.finish()
    except BaseException:
        await incoming.discard()
        raise
    call.file_sent = hash_of_file(media_type, passing.sha256)
    file = FileToAttach(kept.name, made.name(filename), made.media_type, kept.size, kept.sha256)
    return await _attached(call, number, attaching, incoming, file)


def _boundary(call: Call, most: int) -> str:
    boundary = boundary_of(call)
    if call.declared_length > most + AROUND_A_FILE:
        raise Refused(413)
    return boundary


async def _sent_before(call: Call, boundary: str, most: int) -> Response | None:
    """Return the kept answer to an upload that came before under its key: it is read to be compared, into no file."""
    kept = await kept_before(call)
    if kept is None:
        return None
    passing = Passing()
    media_type = await receive_file(call, boundary, passing, most)
    answer = kept.answer_to(hash_of_file(media_type, passing.sha256))
    call.is_repeated = True
    return again(answer)


async def _expected(call: Call, number: int | None, asking: Asking) -> str:
    """Return the file name of an upload that would be taken."""
    filename = call.query.get("file_name") or ""
    await call.look(asking, number, filename, ticket_bytes=call.house.settings.max_ticket_bytes)
    await call.house.files.room(call.declared_length)
    return filename


async def _attached(
    call: Call, number: int | None, attaching: Attaching, incoming: Incoming, file: FileToAttach
) -> Response:
    try:
        response = await call.once(_shown, attaching, number, file, ticket_bytes=call.house.settings.max_ticket_bytes)
    except Refusal:
        # After any other fault the row may be there all the same: then the sweep finds out.
        await incoming.discard()
        raise
    if call.is_repeated:
        # The same came in beside it and was quicker.
        await incoming.discard()
    return response


def _shown(attachment: Attachment) -> Response:
    return json_answer(wire.attachment(attachment))


async def send(call: Call, file: Attachment) -> Response:
    """Answer with a file's bytes as they are kept."""
    return await download(
        call,
        file.file,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
    )
