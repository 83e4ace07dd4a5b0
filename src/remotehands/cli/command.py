"""The command's verbs and options: signing in, and what there is. `ticket_verbs` has those of tickets."""

import sys
from typing import Annotated

import typer

from remotehands.cli.faults import clear_faults
from remotehands.cli.given import Given
from remotehands.cli.ticket_verbs import Output, ticket

app = typer.Typer(
    name="remotehands",
    help="Order remote hands: tickets for a data centre's technicians.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=True,
)
app.add_typer(ticket, name="ticket")


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows its number.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    app(prog_name="remotehands")


def tell_version(asked: bool) -> None:
    """Print the version and end."""
    if asked:
        from importlib.metadata import version

        print(version("remotehands"))  # noqa: T201
        raise typer.Exit


@app.callback()
def before(
    context: typer.Context,
    profile: Annotated[
        str | None, typer.Option(help="The profile to use; else REMOTEHANDS_PROFILE, else default.")
    ] = None,
    account: Annotated[str | None, typer.Option(help="The account's id; else the default account.")] = None,
    url: Annotated[str | None, typer.Option(help="The server's address.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only the result, or of a new thing only its id.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Tell each request and its answer's status.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Keep what is said before the verb."""
    context.obj = Given(profile, account, url, quiet, verbose)


@app.command()
def login(context: typer.Context) -> None:
    """Sign in to a server once: ask for address, client id and secret, test them, and keep them as a profile.

    Where nobody can be asked, address and id come from --url or the environment, the secret from
    REMOTEHANDS_CLIENT_SECRET or the first line of stdin.
    """
    from remotehands.cli.signing_in import sign_in

    with clear_faults():
        sign_in(context.obj)


@app.command()
def accounts(context: typer.Context, output: Output = None) -> None:
    """List the accounts that the credential may act for."""
    from remotehands.cli import looking

    with clear_faults():
        looking.accounts(context.obj, output)


@app.command()
def sites(context: typer.Context, output: Output = None) -> None:
    """List the account's sites."""
    from remotehands.cli import looking

    with clear_faults():
        looking.sites(context.obj, output)


@app.command()
def locations(
    context: typer.Context,
    site: Annotated[str, typer.Argument(metavar="SITE", help="A site's code, such as PHX015.")],
    output: Output = None,
) -> None:
    """List the halls, cages and racks of a site."""
    from remotehands.cli import looking

    with clear_faults():
        looking.locations(context.obj, site, output)


@app.command()
def categories(
    context: typer.Context,
    request_type: Annotated[str | None, typer.Option(help="Planned Work or Urgent Work; else both.")] = None,
    output: Output = None,
) -> None:
    """List what can be asked for."""
    from remotehands.cli import looking

    with clear_faults():
        looking.categories(context.obj, request_type, output)
