"""The verbs of `remotehands ticket` and their options."""

from pathlib import Path
from typing import Annotated

import typer

from remotehands.cli.faults import clear_faults
from remotehands.cli.forms import Form

ticket = typer.Typer(help="Open, follow and change tickets.", no_args_is_help=True, rich_markup_mode=None)

Output = Annotated[Form | None, typer.Option("--output", "-o", help="table, json, yaml or csv; json in a pipe.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether it is meant.")]
Site = Annotated[str | None, typer.Option(help="A site's code, such as PHX015.")]
RequestType = Annotated[str | None, typer.Option(help="Planned Work or Urgent Work.")]
Category = Annotated[str | None, typer.Option(help="One that the request type allows, exactly.")]
Notify = Annotated[list[str] | None, typer.Option(metavar="ADDRESS", help="An e-mail address to tell; once for each.")]
Many = Annotated[Path | None, typer.Option("--from", metavar="FILE.toml", help="Open every ticket of a file.")]
Id = Annotated[str, typer.Argument(metavar="TICKET", help="A ticket's id, such as WO9331924.")]


@ticket.command()
def create(
    context: typer.Context,
    title: Annotated[str | None, typer.Option(help="What is to be done, in at most 160 characters.")] = None,
    site: Site = None,
    request_type: RequestType = None,
    category: Category = None,
    location: Annotated[str | None, typer.Option(help="A location of the site.")] = None,
    instruction: Annotated[str | None, typer.Option(help="What the technician must know.")] = None,
    instruction_file: Annotated[Path | None, typer.Option(help="The same as a file; - is stdin.")] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Write the instruction in $EDITOR.")] = False,
    reference: Annotated[str | None, typer.Option(help="Your own reference, at most 40 characters.")] = None,
    reference_ticket: Annotated[str | None, typer.Option(help="Another ticket's id.")] = None,
    notify: Notify = None,
    from_file: Many = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output: Output = None,
) -> None:
    """Open a ticket, or with --from many. What is missing is asked for, where a person sits there."""
    from remotehands.cli import opening, opening_many

    fields = {
        "title": title,
        "site": site,
        "request_type": request_type,
        "category": category,
        "location": location,
        "detailed_instruction": instruction,
        "customer_reference": reference,
        "reference_ticket": reference_ticket,
        "notification_recipients": ", ".join(notify) if notify else None,
    }
    with clear_faults():
        if from_file:
            opening_many.open_all(context.obj, from_file, fields, dry_run=dry_run, yes=yes, output=output)
        else:
            how = opening.How(instruction_file, edit, dry_run, yes)
            opening.open_one(context.obj, fields, how, output)


@ticket.command()
def show(context: typer.Context, id: Id, output: Output = None) -> None:
    """Show a ticket with its comments."""
    from remotehands.cli import looking

    with clear_faults():
        looking.ticket(context.obj, id, output)


@ticket.command("list")
def list_tickets(
    context: typer.Context,
    status: Annotated[
        str | None, typer.Option(help="New, In Progress, Cancellation Requested, Completed, Cancelled.")
    ] = None,
    site: Site = None,
    request_type: RequestType = None,
    category: Category = None,
    created_by: Annotated[str | None, typer.Option(help="Who opened it, exactly.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many; else all.", min=1)] = None,
    output: Output = None,
) -> None:
    """List the account's tickets, newest first."""
    from remotehands.cli import looking

    filters = {
        "status": status,
        "site": site,
        "request_type": request_type,
        "category": category,
        "created_by": created_by,
    }
    with clear_faults():
        looking.tickets(context.obj, filters, limit, output)


@ticket.command()
def update(
    context: typer.Context,
    id: Id,
    reference: Annotated[str | None, typer.Option(help='Your own reference; "" clears it.')] = None,
    notify: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help='All addresses to tell, one each time; "" clears them.')
    ] = None,
    dry_run: DryRun = False,
    output: Output = None,
) -> None:
    """Replace the reference or the recipients of a ticket that is New or In Progress."""
    from remotehands.cli import changing

    with clear_faults():
        changing.update(context.obj, id, reference, notify, dry_run=dry_run, output=output)


@ticket.command()
def cancel(
    context: typer.Context,
    id: Id,
    reason: Annotated[
        str | None,
        typer.Option(help="Request no longer needed (also without), Duplicate request, Request entered in error."),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    output: Output = None,
) -> None:
    """Ask the operator to call a ticket off. Work that was begun may be charged."""
    from remotehands.cli import changing

    with clear_faults():
        changing.cancel(context.obj, id, reason, dry_run=dry_run, yes=yes, output=output)


@ticket.command()
def comment(
    context: typer.Context,
    id: Id,
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="What to say; else it is written in $EDITOR.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="The same as a file; - is stdin.")] = None,
    dry_run: DryRun = False,
    output: Output = None,
) -> None:
    """Write on a ticket that is not closed."""
    from remotehands.cli import changing

    with clear_faults():
        changing.comment(context.obj, id, text, file, dry_run=dry_run, output=output)


@ticket.command()
def attach(
    context: typer.Context,
    id: Id,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The files.")],
    name: Annotated[str | None, typer.Option(help="Another name than the file's own, for one file.")] = None,
    dry_run: DryRun = False,
    output: Output = None,
) -> None:
    """Put files on a ticket that is not closed."""
    from remotehands.cli import carrying

    with clear_faults():
        carrying.attach(context.obj, id, files, name, dry_run=dry_run, output=output)


@ticket.command()
def files(context: typer.Context, id: Id, output: Output = None) -> None:
    """List the files of a ticket."""
    from remotehands.cli import looking

    with clear_faults():
        looking.files(context.obj, id, output)


@ticket.command()
def download(
    context: typer.Context,
    id: Id,
    file_ids: Annotated[list[str] | None, typer.Argument(metavar="[FILE_ID]...", help="Which files; else all.")] = None,
    to: Annotated[Path, typer.Option(help="A folder, or for one file its name.")] = Path(),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    output: Output = None,
) -> None:
    """Fetch files of a ticket. Nothing is overwritten unless told."""
    from remotehands.cli import carrying

    with clear_faults():
        carrying.download(context.obj, id, file_ids or [], to, overwrite=overwrite, output=output)


@ticket.command()
def watch(
    context: typer.Context,
    id: Id,
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 5.0,
    output: Output = None,
) -> None:
    """Show a ticket and what changes on it, until it is closed."""
    from remotehands.cli import watching

    with clear_faults():
        watching.watch(context.obj, id, every, output)
