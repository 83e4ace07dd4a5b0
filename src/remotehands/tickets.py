"""What can be done with tickets."""

from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import msgspec

from remotehands import reading
from remotehands.errors import NotFound, StillOpen
from remotehands.exchange import Request
from remotehands.faces import Calls, W, call, each
from remotehands.receiving import Incoming, announced, safe_name
from remotehands.records import Attachment, Comment, ListedTicket, Ticket
from remotehands.sending import Outgoing, Progress

TICKETS = "/v1/remotehands-tickets"
JSON = {"Content-Type": "application/json"}
PAGE_SIZE = 500
"""Tickets that are fetched at once; the family allows 1000."""
WATCH_SECONDS = 10.0
"""How often a ticket that is waited for is looked at."""

Recipients = str | Iterable[str] | None
Attachments = list[Attachment]


class Tickets(Calls[W]):
    """The tickets of one account: `client.tickets`."""

    @call
    async def create(  # noqa: PLR0913 - the fields of a ticket
        self,
        *,
        title: str,
        site: str,
        request_type: str,
        category: str,
        location: str | None = None,
        detailed_instruction: str | None = None,
        customer_reference: str | None = None,
        reference_ticket: str | None = None,
        notification_recipients: Recipients = None,
    ) -> Ticket:
        """Open a ticket.

        `title` has at most 160 characters, `location` 40, `detailed_instruction` 32768, `customer_reference` 40,
        `reference_ticket` 20. `category` must be one that `request_type` allows. Recipients are e-mail addresses, as
        a list or separated by commas. Raises `Invalid` for a wrong field, `NotFound` for a site that the account does
        not have, and `OutcomeUnknown` where the ticket may have been opened or not.
        """
        fields = {
            "title": title,
            "site": site,
            "location": location,
            "request_type": request_type,
            "category": category,
            "detailed_instruction": detailed_instruction,
            "customer_reference": customer_reference,
            "reference_ticket": reference_ticket,
            "notification_recipients": _joined(notification_recipients),
        }
        return await self._ticket(Request("POST", TICKETS, headers=JSON, body=_body(fields)))

    @call
    async def get(self, id: str) -> Ticket:
        """Return a ticket with its comments. Raises `NotFound`."""
        return await self._ticket(Request("GET", _path(id)))

    @each
    async def list(
        self,
        *,
        status: str | None = None,
        site: str | None = None,
        request_type: str | None = None,
        category: str | None = None,
        created_by: str | None = None,
        page_size: int = PAGE_SIZE,
    ) -> AsyncGenerator[ListedTicket, None]:
        """Give the account's tickets, newest first, over all pages; a page is fetched when it is reached.

        Filters must fit exactly and all of them. A ticket that is opened meanwhile moves no other one into the list
        twice. One that meanwhile leaves a filtered list can hide its neighbour at a page's edge.
        """
        filters = {
            "status": status,
            "site": site,
            "request_type": request_type,
            "category": category,
            "created_by": created_by,
        }
        query = _named(filters)
        number, before = 0, frozenset[str]()
        while True:
            asked = query | {"size": str(page_size), "page": str(number)}
            answer = await self._caller.ask(Request("GET", TICKETS, query=asked))
            body = reading.parsed(answer.body)
            page = reading.records(ListedTicket, reading.member(body, "content"))
            for ticket in page:
                if ticket.id not in before:
                    yield ticket
            if not page or reading.member(reading.member(body, "pageable"), "last"):
                return
            number, before = number + 1, frozenset(ticket.id for ticket in page)

    @call
    async def update(
        self, id: str, *, customer_reference: str | None = None, notification_recipients: Recipients = None
    ) -> Ticket:
        """Replace the reference or the recipients of a ticket that is New or In Progress; `""` clears, None leaves.

        Raises `Refused` in another status.
        """
        fields = {
            "customer_reference": customer_reference,
            "notification_recipients": _joined(notification_recipients),
        }
        return await self._ticket(Request("PUT", _path(id), headers=JSON, body=_body(fields)))

    @call
    async def cancel(self, id: str, reason: str | None = None) -> str:
        """Ask the operator to call a ticket off, and return the server's words; work already done may be charged.

        `reason` is `Request no longer needed` (also without one), `Duplicate request` or `Request entered in error`.
        Raises `Refused` unless the ticket is New or In Progress.
        """
        request = Request("PUT", f"{_path(id)}/cancel", headers=JSON, body=_body({"cancel_reason": reason}))
        return str(reading.member(reading.parsed((await self._caller.ask(request)).body), "message"))

    @call
    async def comment(self, id: str, text: str) -> Comment:
        """Write on a ticket that is not closed, at most 4096 characters."""
        body = _body({"request_id": id, "comment": text})
        answer = await self._caller.ask(Request("POST", "/v1/comments", headers=JSON, body=body))
        return reading.record(Comment, reading.parsed(answer.body))

    @call
    async def attach(
        self, id: str, path: str | Path, *, name: str | None = None, progress: Progress | None = None
    ) -> Attachment:
        """Put a file on a ticket that is not closed, under its own name or another one.

        The file is read as it goes, never held in memory. `progress` is called with the bytes that have gone over and
        the file's size. Raises `FileFault` when the file becomes shorter meanwhile; nothing is attached then.
        """
        file = Outgoing(Path(path), name or Path(path).name, progress)
        query = {"requestId": id, "file_name": file.name}
        answer = await self._caller.ask(Request("POST", "/v1/attachments", query=query, file=file))
        return reading.record(Attachment, reading.parsed(answer.body))

    @call
    async def attachments(self, id: str) -> Attachments:
        """Return the files of a ticket."""
        return await self._attachments(id)

    @call
    async def download(
        self,
        id: str,
        attachment_id: str,
        path: str | Path = ".",
        *,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Path:
        """Fetch a file of a ticket and return where it lies: in the folder `path`, under its own name, or as `path`.

        Of the name that the server tells only the last part is used, without what could do harm. Nothing is
        overwritten unless told: then `FileExistsError`. The file appears when it is whole and its SHA-256 is the one
        that the server announces, if it does: else `FileFault`.
        """
        file = next((one for one in await self._attachments(id) if one.id == attachment_id), None)
        if file is None:
            raise NotFound(404, f"The ticket {id} has no file {attachment_id}.")
        target = Path(path)
        if target.is_dir():
            target /= safe_name(file.filename, safe_name(attachment_id, "attachment"))
        with Incoming(target, overwrite=overwrite, progress=progress) as incoming:
            where = f"/v1/attachments/{_segment(id)}/file/{_segment(attachment_id)}"
            answer = await self._caller.ask(
                Request("GET", where, headers={"Accept": "*/*", "Accept-Encoding": "identity"}, sink=incoming)
            )
            return incoming.keep(announced(file.hash, answer.headers.get("etag", "")))

    @each
    async def watch(self, id: str, *, every: float = WATCH_SECONDS) -> AsyncGenerator[Ticket, None]:
        """Give a ticket as it is, and again whenever it has changed, until it is closed. `every` is in seconds."""
        shown = None
        while True:
            ticket = await self._ticket(Request("GET", _path(id)))
            if ticket != shown:
                yield ticket
            if ticket.is_closed:
                return
            shown = ticket
            await self._caller.way.pause(every)

    @call
    async def wait_until_closed(self, id: str, *, timeout: float | None = None, every: float = WATCH_SECONDS) -> Ticket:
        """Return a ticket when it is Completed or Cancelled; raise `StillOpen` after `timeout` seconds."""
        ends_at = None if timeout is None else monotonic() + timeout
        while not (ticket := await self._ticket(Request("GET", _path(id)))).is_closed:
            left = every if ends_at is None else ends_at - monotonic()
            if left <= 0:
                raise StillOpen(f"{id} is still {ticket.status}.")
            await self._caller.way.pause(min(every, left))
        return ticket

    async def _ticket(self, request: Request) -> Ticket:
        return reading.record(Ticket, reading.parsed((await self._caller.ask(request)).body))

    async def _attachments(self, id: str) -> Attachments:
        answer = await self._caller.ask(Request("GET", f"/v1/attachments/{_segment(id)}"))
        return reading.records(Attachment, reading.parsed(answer.body))


def _joined(recipients: Recipients) -> str | None:
    return recipients if recipients is None or isinstance(recipients, str) else ", ".join(recipients)


def _named(fields: dict[str, str | None]) -> dict[str, str]:
    """Return the fields that are given, by the wire's words."""
    return {reading.wire_name(name): value for name, value in fields.items() if value is not None}


def _body(fields: dict[str, str | None]) -> bytes:
    return msgspec.json.encode(_named(fields))


def _segment(id: str) -> str:
    """Return an id as one part of a path."""
    if not id.strip(". "):
        raise NotFound(404, "There is nothing without an id.")
    return quote(id, safe="")


def _path(id: str) -> str:
    return f"{TICKETS}/{_segment(id)}"
