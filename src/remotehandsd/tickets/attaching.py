"""Files on a ticket. The bytes are kept by kit.files; the row here makes them the customer's."""

import secrets
import unicodedata

import msgspec

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.errors import Invalid, NotFound, Refusal, TooLarge
from remotehandsd.kit.db import can_be_kept
from remotehandsd.tickets import flow, store
from remotehandsd.tickets.fields import missing, wrong

LONGEST_FILENAME = 255


class AlreadyThere(Refusal):
    """The ticket has this file, under the same name."""


class FileToAttach(msgspec.Struct, frozen=True):
    """A file that arrived whole: our name for it, the customer's, its media type, size in bytes, SHA-256 in hex."""

    file: str
    filename: str
    media_type: str
    size: int
    sha256: str


class Attachment(msgspec.Struct, frozen=True):
    """A file on a ticket. `id` has 32 hex digits; `at` in seconds since 1970, UTC."""

    id: str
    ticket: int
    file: str
    filename: str
    media_type: str
    size: int
    sha256: str
    by: str
    at: int


async def may_attach(act: Act, number: int | None, filename: str, *, ticket_bytes: int) -> None:
    """Say before the bytes come whether they would be taken.

    NotFound for a ticket of nobody or of somebody else; Invalid for a file name that is blank, longer than 255
    characters or holds control characters; WrongMoment when the ticket is closed; TooLarge when its files already
    fill `ticket_bytes`.
    """
    ticket = await store.get(act, number)
    if not 1 <= len(filename.strip()) <= LONGEST_FILENAME:
        raise Invalid(missing("file_name"))
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in filename):
        raise Invalid(wrong("file_name"))
    flow.after("attach", ticket.stand)
    if await store.attached_bytes(act, ticket.number) >= ticket_bytes:
        raise TooLarge("The ticket's files are full.")


async def attach(act: Act, number: int | None, file: FileToAttach, *, ticket_bytes: int) -> Attachment:
    """Make a kept file the ticket's, if the ticket still takes one; `ticket_bytes` bounds its files together."""
    ticket = await store.get(act, number)
    flow.after("attach", ticket.stand)
    # Changed first: whoever attaches beside waits here, and then counts this file in.
    await store.change(act, ticket, updated_at=max(act.at, ticket.updated_at))
    if await store.attached_bytes(act, ticket.number) + file.size > ticket_bytes:
        raise TooLarge("The ticket's files would be too large together.")
    id_ = secrets.token_hex(16)
    await store.add_attachment(act, ticket.number, {"id": id_, **msgspec.structs.asdict(file)})
    await events.record(
        act,
        "ticket.attachment_added",
        ticket=ticket.number,
        after={"id": id_, "filename": file.filename, "size": file.size, "sha256": file.sha256},
    )
    return Attachment(
        id_,
        ticket.number,
        file.file,
        file.filename,
        file.media_type,
        file.size,
        file.sha256,
        act.by.name,
        act.at,
    )


async def attach_new(act: Act, number: int | None, file: FileToAttach, *, ticket_bytes: int) -> Attachment:
    """The same, but AlreadyThere when the ticket has the same bytes under the same name: a form that came twice."""
    attachment = await attach(act, number, file, ticket_bytes=ticket_bytes)
    # Looked at last: whoever attaches the same beside has ended by now, and with the refusal this one is undone.
    for other in await attachments(act, number):
        if (other.filename, other.sha256) == (file.filename, file.sha256) and other.id != attachment.id:
            raise AlreadyThere("The ticket has this file already.")
    return attachment


async def attachments(act: Act, number: int | None) -> list[Attachment]:
    """Return the files of a ticket of the act's account, oldest first."""
    ticket = await store.get(act, number)
    return [Attachment(*row) for row in await store.attachments(act, ticket.number)]


async def attachment(act: Act, number: int | None, id: str) -> Attachment:  # noqa: A002
    """Return one file of a ticket of the act's account."""
    found = await attachment_by_id(act, id)
    if found.ticket != number:
        raise NotFound("There is no such file.")
    return found


async def attachment_by_id(act: Act, id: str) -> Attachment:  # noqa: A002
    """Return one file of the act's account, on whichever of its tickets (an older form of the address)."""
    row = await store.attachment(act, id) if can_be_kept(id) else None
    if row is None:
        raise NotFound("There is no such file.")
    return Attachment(*row)
