"""`remotehands ticket create`: one ticket, asked for where a person sits there."""

from pathlib import Path
from typing import Any

import msgspec

from remotehands.cli import asking
from remotehands.cli.faults import Wrong, sending
from remotehands.cli.forms import Form
from remotehands.cli.given import Given
from remotehands.cli.hints import hinted
from remotehands.cli.printing import say, show_fields, show_one, table
from remotehands.client import Client
from remotehands.errors import NotFound
from remotehands.records import Ticket

Fields = dict[str, str | None]
NEEDED = ("title", "site", "request_type", "category")


class How(msgspec.Struct, frozen=True):
    """How a ticket is to be opened, beside its fields."""

    instruction_file: Path | None
    edit: bool
    dry_run: bool
    yes: bool


def open_one(given: Given, fields: Fields, how: How, output: Form | None) -> None:
    """Open a ticket; ask for what is missing."""
    both = "--instruction and --instruction-file"
    fields["detailed_instruction"] = asking.text_of(fields["detailed_instruction"], how.instruction_file, names=both)
    is_dialogue = any(not fields[name] for name in NEEDED)
    if is_dialogue and not asking.is_somebody_there():
        raise Wrong("\n".join(f"--{name.replace('_', '-')} is missing." for name in NEEDED if not fields[name]))
    with given.client() as client:
        if is_dialogue:
            _ask_for_the_rest(client, fields)
        if how.edit or (is_dialogue and not fields["detailed_instruction"] and _wants_to_write()):
            fields["detailed_instruction"] = asking.written()
        there = {name: value for name, value in fields.items() if value}
        if how.dry_run:
            show_fields(there, output)
            given.note("Nothing was sent.")
        elif is_dialogue and not how.yes and not _is_meant(there):
            given.note("Nothing was sent.")
        else:
            with hinted(given):
                ticket = created(client, there)
            told(given, ticket, output)


def created(client: Client, fields: dict[str, Any]) -> Ticket:
    """Open a ticket."""
    with sending("remotehands ticket list --limit 10"):
        try:
            return client.tickets.create(**fields)
        except NotFound:
            what = f"site {fields['site']}, or the site no such location"
            raise NotFound(404, f"The account has no {what}.") from None


def told(given: Given, ticket: Ticket, output: Form | None) -> None:
    """Print a new ticket, or only its id."""
    if given.quiet and output is None:
        say(ticket.id)
    else:
        show_one(ticket, output)


def _ask_for_the_rest(client: Client, fields: Fields) -> None:
    if not fields["site"]:
        sites = client.sites()
        if not sites:
            raise Wrong("The account has no sites.")
        notes = [f"{site.address}, {site.city}" for site in sites]
        fields["site"] = asking.choose("Site", [site.site for site in sites], notes)
    if not fields["location"]:
        places = [place.location for place in client.locations(fields["site"] or "")]
        fields["location"] = asking.choose("Location", places, optional=True) if places else None
    if not fields["request_type"] or not fields["category"]:
        there = client.categories(fields["request_type"])
        kinds = list(dict.fromkeys(one.request_type for one in there))
        kind = fields["request_type"] or asking.choose("Request type", kinds)
        fields["request_type"] = kind
        if not fields["category"]:
            fitting = [one.category for one in there if one.request_type.lower() == kind.lower()]
            fields["category"] = asking.choose("Category", fitting)
    if not fields["title"]:
        fields["title"] = asking.ask("Title")


def _wants_to_write() -> bool:
    return asking.agree("Write an instruction in your editor?", default=False)


def _is_meant(fields: dict[str, Any]) -> bool:
    import typer

    typer.echo(table([[name.replace("_", " "), str(value)] for name, value in fields.items()]), err=True)
    return asking.agree("Open this ticket?", default=True)
