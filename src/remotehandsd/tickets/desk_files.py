"""Files that staff attach to a ticket, for the customer to see: the proof of the work."""

from remotehandsd.act import Act
from remotehandsd.tickets import attaching
from remotehandsd.tickets.attaching import Attachment, FileToAttach
from remotehandsd.tickets.rights import ANY, enter


async def may_attach_at_desk(act: Act, number: int | None, filename: str, *, ticket_bytes: int) -> None:
    """Say before the bytes come whether they would be taken, as `may_attach`; for any staff at the ticket's site."""
    await attaching.may_attach(await enter(act, number, ANY), number, filename, ticket_bytes=ticket_bytes)


async def attach_at_desk(act: Act, number: int | None, file: FileToAttach, *, ticket_bytes: int) -> Attachment:
    """Make a kept file the ticket's. The customer sees it and is told of it."""
    return await attaching.attach(await enter(act, number, ANY), number, file, ticket_bytes=ticket_bytes)


async def attach_new_at_desk(act: Act, number: int | None, file: FileToAttach, *, ticket_bytes: int) -> Attachment:
    """The same, but AlreadyThere for a file that the ticket has already, by name and bytes.

    A photograph that was taken where there is no network may arrive and never hear of it: then it is sent again,
    perhaps days later.
    """
    return await attaching.attach_new(await enter(act, number, ANY), number, file, ticket_bytes=ticket_bytes)


async def attachments_at_desk(act: Act, number: int | None) -> list[Attachment]:
    """Return the files of a ticket, oldest first, whoever attached them."""
    return await attaching.attachments(await enter(act, number, ANY), number)


async def attachment_at_desk(act: Act, number: int | None, id: str) -> Attachment:  # noqa: A002
    """Return one file of a ticket."""
    return await attaching.attachment(await enter(act, number, ANY), number, id)
