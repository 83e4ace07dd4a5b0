"""A form that carries files: its fields first, then each file as it streams in."""

from collections.abc import AsyncIterator
from pathlib import PureWindowsPath

import msgspec
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from remotehandsd import tickets
from remotehandsd.errors import Fault, Invalid, Refusal, Rule, TooLarge
from remotehandsd.kit.db import Unavailable
from remotehandsd.kit.files import FilesAway, NoRoom
from remotehandsd.tickets import AlreadyThere, FileToAttach
from remotehandsd.web.call import Call
from remotehandsd.web.forms import FORM_BYTES, Filled, must_be_ours
from remotehandsd.web.media_type import valid_media_type
from remotehandsd.web.refused import Refused
from remotehandsd.web.texts import text
from remotehandsd.web.upload import AROUND_A_FILE, Sink, boundary_of

MOST_PARTS = 100


class NotKept(msgspec.Struct, frozen=True):
    """A file that was sent and is not on the ticket, and why."""

    filename: str
    sentence: str


class FormWithFiles:
    """A multipart form of ours. Whatever stands before its first file are its fields; what stands after is files.

    Refused with 415 and 400 for what is no such form, with 413 above what one ticket's files may take together.
    """

    def __init__(self, call: Call) -> None:
        must_be_ours(call)
        self._events = _events(call, boundary_of(call), call.house.settings.max_ticket_bytes + AROUND_A_FILE)
        self._file: MultipartSegment | None = None
        self.has_files = False

    async def fields(self) -> Filled:
        """Return the fields; the files are still to come."""
        found: dict[str, bytes] = {}
        name, left = "", FORM_BYTES
        async for event in self._events:
            if isinstance(event, MultipartSegment):
                if event.filename is not None:
                    self._file = event
                    break
                name = event.name
                found[name] = b""
            elif event:
                left -= len(event)
                if left < 0:
                    raise Refused(413)
                found[name] += event
        try:
            return Filled({name: value.decode().replace("\r\n", "\n") for name, value in found.items()})
        except UnicodeDecodeError:
            raise Refused(400) from None

    async def file(self) -> MultipartSegment | None:
        """Go on to the next file that was chosen, and return its head; None after the last one."""
        while self._file is None or not self._file.filename:
            self._file = None
            async for event in self._events:
                if isinstance(event, MultipartSegment) and event.filename is not None:
                    self._file = event
                    break
            if self._file is None:
                return None
        found, self._file = self._file, None
        self.has_files = True
        return found

    async def write_to(self, incoming: Sink, most: int) -> None:
        """Write the bytes of the file in hand; TooLarge above `most`, Invalid for none."""
        async for event in self._events:
            if not event or isinstance(event, MultipartSegment):
                break
            if incoming.size + len(event) > most:
                raise TooLarge(text("file.too_large"))
            await incoming.write(event)
        if incoming.size == 0:
            raise Invalid(Fault("file", Rule.MISSING, text("file.empty")))


async def _events(call: Call, boundary: str, most: int) -> AsyncIterator[MultipartSegment | bytes | None]:
    parser = PushMultipartParser(boundary, max_header_size=8192, max_segment_count=MOST_PARTS)
    try:
        async for chunk in call.chunks():
            most -= len(chunk)
            if most < 0:
                raise Refused(413)
            for event in parser.parse(chunk):
                yield bytes(event) if isinstance(event, bytearray | memoryview) else event
        parser.close()
    except MultipartError:
        raise Refused(400) from None


async def attach_files(call: Call, number: int, form: FormWithFiles) -> list[NotKept]:
    """Attach the files of a form to a ticket, each for itself; return those that are not there, with the reason.

    A file that the ticket has already, under the same name and with the same bytes, is not attached again. Where the
    form breaks off or is too large, what came before stays.
    """
    failed: list[NotKept] = []
    filename = ""
    try:
        while segment := await form.file():
            # Some browsers send the way to the file along.
            filename = PureWindowsPath(segment.filename or "").name
            try:
                await _attach(call, number, form, filename, valid_media_type(segment.header("Content-Type") or ""))
            except (NoRoom, FilesAway, Unavailable):
                failed.append(NotKept(filename, text("file.away")))
            except Refusal as refusal:
                failed.append(NotKept(filename, refusal.sentence))
    except Refused as broken:
        failed.append(NotKept(filename, text("file.too_large" if broken.status == 413 else "file.broken")))
    return failed


async def _attach(call: Call, number: int, form: FormWithFiles, filename: str, media_type: str) -> None:
    settings = call.house.settings
    await call.look(tickets.may_attach, number, filename, ticket_bytes=settings.max_ticket_bytes)
    await call.house.files.room(call.declared_length)
    incoming = call.house.files.receive()
    try:
        await form.write_to(incoming, settings.max_file_bytes)
        kept = await incoming.finish()
    except BaseException:
        await incoming.discard()
        raise
    file = FileToAttach(kept.name, filename, media_type, kept.size, kept.sha256)
    try:
        await call.act(tickets.attach_new, number, file, ticket_bytes=settings.max_ticket_bytes)
    except AlreadyThere:
        await incoming.discard()
    except Refusal:
        # After any other fault the row may be there all the same: then the sweep finds out.
        await incoming.discard()
        raise
