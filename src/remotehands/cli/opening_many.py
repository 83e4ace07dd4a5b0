"""`remotehands ticket create --from FILE.toml`: many tickets, said beforehand, counted afterwards."""

import tomllib
from pathlib import Path
from typing import Any

import typer

from remotehands.cli import asking
from remotehands.cli.faults import FAULTS, Wrong, code_of, tell, words_of
from remotehands.cli.forms import Form
from remotehands.cli.given import Given
from remotehands.cli.opening import NEEDED, Fields
from remotehands.cli.printing import show_all, table
from remotehands.cli.words import line, number_of
from remotehands.client import Client
from remotehands.errors import OutcomeUnknown
from remotehands.records import Ticket

COLUMNS = ("id", "status", "site", "location", "category", "title")
KNOWN = (
    *NEEDED,
    "location",
    "detailed_instruction",
    "customer_reference",
    "reference_ticket",
    "notification_recipients",
)


def open_all(given: Given, file: Path, beside: Fields, *, dry_run: bool, yes: bool, output: Form | None) -> None:
    """Say what will be opened, ask whether it is meant, open one after the other, and stop at the first that fails."""
    more = [name for name, value in beside.items() if value]
    if more:
        raise Wrong(f"With --from every field stands in the file: {', '.join(more)}.")
    wanted = read(file)
    with given.client() as client:
        _see_that_they_can_be(client, file, wanted)
        _say_what_will_be_done(given, client, wanted)
        if dry_run:
            given.note("Nothing was sent.")
        elif _is_meant(yes, len(wanted)):
            _open_each(client, wanted, output)
        else:
            given.note("Nothing was sent.")


def read(file: Path) -> list[dict[str, str]]:
    """Return the tickets of a file: each is a table `[[tickets]]`, on top of what `[defaults]` says."""
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Wrong(f"{file}: is no TOML: {error}.") from None
    defaults, tickets = whole.pop("defaults", {}), whole.pop("tickets", [])
    faults = [f"{file}: {name}: unknown." for name in whole]
    if not isinstance(defaults, dict) or not isinstance(tickets, list) or not tickets:
        raise Wrong("\n".join([*faults, f"{file}: has no [[tickets]]."]))
    found = []
    for number, own in enumerate(tickets, 1):
        fields = defaults | own if isinstance(own, dict) else {}
        faults += [f"{file}: ticket {number}: {fault}" for fault in _faults(fields)]
        found.append({name: _joined(value) for name, value in fields.items()})
    if faults:
        raise Wrong("\n".join(faults))
    return found


def _faults(fields: dict[str, Any]) -> list[str]:
    faults = [f"{name}: missing." for name in NEEDED if fields.get(name) in (None, "")]
    for name, value in fields.items():
        if name not in KNOWN:
            faults.append(f"{name}: unknown.")
        elif not (isinstance(value, str) or (name == "notification_recipients" and _are_texts(value))):
            faults.append(f"{name}: is no text.")
    return faults


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _see_that_they_can_be(client: Client, file: Path, wanted: list[dict[str, str]]) -> None:
    """Compare with the account's sites and the catalogue before anything is sent."""
    sites = {site.site for site in client.sites()}
    pairs = {(one.request_type, one.category) for one in client.categories()}
    faults = []
    for number, fields in enumerate(wanted, 1):
        if fields["site"] not in sites:
            faults.append(f"{file}: ticket {number}: site: the account has no {fields['site']}.")
        if (fields["request_type"], fields["category"]) not in pairs:
            pair = f"{fields['request_type']} / {fields['category']}"
            faults.append(f"{file}: ticket {number}: category: there is no {pair}.")
    if faults:
        raise Wrong("\n".join(faults))


def _say_what_will_be_done(given: Given, client: Client, wanted: list[dict[str, str]]) -> None:
    account = client.account()
    named = f"{account.account_name} ({account.account_id})"
    given.note(f"{number_of(len(wanted), 'ticket')} for {named} at {client.base_url}:")
    names = ("site", "location", "request_type", "category", "title")
    rows = [[str(number), *(fields.get(name, "") for name in names)] for number, fields in enumerate(wanted, 1)]
    if not given.quiet:
        typer.echo(table(rows, ["", *(name.replace("_", " ") for name in names)]), err=True)


def _is_meant(yes: bool, count: int) -> bool:
    if yes:
        return True
    if not asking.is_somebody_there():
        raise Wrong("Nobody can be asked whether this is meant: give --yes.")
    return asking.agree(f"Open {number_of(count, 'ticket')}?", default=False)


def _open_each(client: Client, wanted: list[dict[str, str]], output: Form | None) -> None:
    made: list[Ticket] = []
    try:
        for fields in wanted:
            made.append(client.tickets.create(**fields))
    except FAULTS as error:
        show_all(made, Ticket, output, COLUMNS)
        tell(*words_of(error), *_what_was_done(error, made, wanted))
        raise typer.Exit(int(code_of(error))) from None
    show_all(made, Ticket, output, COLUMNS)


def _what_was_done(error: BaseException, made: list[Ticket], wanted: list[dict[str, str]]) -> list[str]:
    broken = len(made) + 1
    ids = f": {', '.join(ticket.id for ticket in made)}" if made else ""
    lines = [f"{len(made)} of {number_of(len(wanted), 'ticket')} were opened{ids}."]
    # A change that was interrupted may have arrived.
    is_unsure = isinstance(error, OutcomeUnknown | KeyboardInterrupt)
    title = line(wanted[len(made)]["title"])
    lines.append(f"Ticket {broken} of the file, '{title}', {'may or may not have been' if is_unsure else 'was not'}.")
    if broken < len(wanted):
        lines.append(f"From ticket {broken + 1} on nothing was sent.")
    return lines
