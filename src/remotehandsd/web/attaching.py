"""Taking a file for a ticket and sending it again, for the customers and for the desk alike."""

from collections.abc import Awaitable
from typing import Protocol

from starlette.responses import Response

from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, Refusal, Rule
from remotehandsd.kit.files import Draft, Incoming
from remotehandsd.kit.pictures import MOST_BYTES, NoPicture
from remotehandsd.tickets import Attachment, FileToAttach
from remotehandsd.web.call import Call
from remotehandsd.web.download import download
from remotehandsd.web.refused import Refused
from remotehandsd.web.upload import AROUND_A_FILE, boundary_of, receive_file


class Asking(Protocol):
    """Asks before the bytes come whether they would be taken."""

    def __call__(self, act: Act, number: int | None, filename: str, *, ticket_bytes: int) -> Awaitable[None]:
        """Raise the refusal, if any."""


class Attaching(Protocol):
    """Makes a kept file the ticket's."""

    def __call__(self, act: Act, number: int | None, file: FileToAttach, *, ticket_bytes: int) -> Awaitable[Attachment]:
        """Return it."""


async def take_in(call: Call, number: int | None, asking: Asking, attaching: Attaching) -> Attachment:
    """Attach the part `file` byte for byte. It is there whole, or nothing of it is.

    A short look first (rights, ticket, name, status), then the bytes into a file of our own, then the act that
    looks at the status again and writes the row.
    """
    boundary, filename = await _expected(call, number, asking, call.house.settings.max_file_bytes)
    incoming = call.house.files.receive()
    try:
        media_type = await receive_file(call, boundary, incoming, call.house.settings.max_file_bytes)
        kept = await incoming.finish()
    except BaseException:
        await incoming.discard()
        raise
    return await _attached(
        call, number, attaching, incoming, FileToAttach(kept.name, filename, media_type, kept.size, kept.sha256)
    )


async def take_photograph(call: Call, number: int | None, asking: Asking, attaching: Attaching) -> Attachment:
    """Attach the part `file` made anew as a photograph, without what it says beside the picture.

    Invalid for a file that is no picture. The name's ending is made true.
    """
    most = min(MOST_BYTES, call.house.settings.max_file_bytes)
    boundary, filename = await _expected(call, number, asking, most)
    draft = Draft()
    try:
        await receive_file(call, boundary, draft, most)
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
    return await _attached(
        call,
        number,
        attaching,
        incoming,
        FileToAttach(kept.name, made.name(filename), made.media_type, kept.size, kept.sha256),
    )


async def _attached(
    call: Call, number: int | None, attaching: Attaching, incoming: Incoming, file: FileToAttach
) -> Attachment:
    try:
        return await call.act(attaching, number, file, ticket_bytes=call.house.settings.max_ticket_bytes)
    except Refusal:
        # After any other fault the row may be there all the same: then the sweep finds out.
        await incoming.discard()
        raise


async def _expected(call: Call, number: int | None, asking: Asking, most: int) -> tuple[str, str]:
    """Return boundary and file name of an upload that would be taken."""
    boundary = boundary_of(call)
    if call.declared_length > most + AROUND_A_FILE:
        raise Refused(413)
    filename = call.query.get("file_name") or ""
    await call.look(asking, number, filename, ticket_bytes=call.house.settings.max_ticket_bytes)
    await call.house.files.room(call.declared_length)
    return boundary, filename


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
