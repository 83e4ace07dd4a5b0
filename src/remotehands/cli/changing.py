"""The verbs that change a ticket."""

from pathlib import Path

from remotehands.cli import asking
from remotehands.cli.faults import Wrong, sending
from remotehands.cli.forms import Form
from remotehands.cli.given import Given
from remotehands.cli.hints import hinted
from remotehands.cli.printing import form_of, say, show_fields, show_one
from remotehands.cli.words import line


def update(
    given: Given, id_: str, reference: str | None, notify: list[str] | None, *, dry_run: bool, output: Form | None
) -> None:
    """Replace the reference or the recipients."""
    recipients = None if notify is None else ", ".join(address for address in notify if address)
    if reference is None and recipients is None:
        raise Wrong("Give --reference or --notify: there is nothing else to replace.")
    fields = {"customer_reference": reference, "notification_recipients": recipients}
    if dry_run:
        _not_sent(given, {"id": id_} | {name: value for name, value in fields.items() if value is not None}, output)
        return
    with given.client() as client, hinted(given), sending(f"remotehands ticket show {id_}"):
        ticket = client.tickets.update(id_, **fields)
    show_one(ticket, output)


def cancel(given: Given, id_: str, reason: str | None, *, dry_run: bool, yes: bool, output: Form | None) -> None:
    """Ask for a cancellation; a person is asked whether it is meant, with the ticket's title before his eyes."""
    if dry_run:
        _not_sent(given, {"id": id_, "cancel_reason": reason or "Request no longer needed"}, output)
        return
    with given.client() as client:
        if not yes and asking.is_somebody_there():
            ticket = client.tickets.get(id_)
            question = (
                f"{line(ticket.id)} at {line(ticket.site)}, {line(ticket.status)}: {line(ticket.title)}. Cancel it?"
            )
            if not asking.agree(question, default=False):
                given.note("Nothing was sent.")
                return
        with hinted(given), sending(f"remotehands ticket show {id_}"):
            message = client.tickets.cancel(id_, reason)
    if form_of(output) is Form.TABLE:
        say(line(message))
    else:
        show_fields({"message": message}, output)


def comment(given: Given, id_: str, text: str | None, file: Path | None, *, dry_run: bool, output: Form | None) -> None:
    """Write on a ticket."""
    text = asking.text_of(text, file, names="TEXT and --file")
    if text is None:
        if not asking.is_somebody_there():
            raise Wrong("TEXT is missing.")
        text = asking.written()
    if not text.strip():
        raise Wrong("There is nothing to say.")
    if dry_run:
        _not_sent(given, {"id": id_, "comment": text}, output)
        return
    with given.client() as client, sending(f"remotehands ticket show {id_}"):
        said = client.tickets.comment(id_, text)
    show_one(said, output)


def _not_sent(given: Given, fields: dict[str, str], output: Form | None) -> None:
    show_fields(fields, output)
    given.note("Nothing was sent.")
