"""The command's verbs and options."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from remotehandsd.cli.faults import clear_faults
from remotehandsd.house import House
from remotehandsd.settings import Settings, read_settings

app = typer.Typer(
    name="remotehandsd",
    help="The remote-hands desk that a data centre can run itself.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)


def main() -> None:
    """Run the command. What it writes is for its own user only: the database, the files, backups."""
    os.umask(0o077)
    app()


def _run(work: Callable[[House], Awaitable[None]], *, migrated: bool = True) -> None:
    """Open the house, do one thing in it, close it."""
    with clear_faults():
        from remotehandsd.cli.looping import new_loop  # noqa: PLC0415

        with asyncio.Runner(loop_factory=new_loop()) as runner:
            runner.run(_in_house(read_settings(), work, migrated))


async def _in_house(settings: Settings, work: Callable[[House], Awaitable[None]], migrated: bool) -> None:
    from remotehandsd.app import opened_house  # noqa: PLC0415 - `--help` need not load the server

    async with opened_house(settings) as house:
        if migrated:
            await house.db.migrate()
        await work(house)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Server processes; more than one needs PostgreSQL.", min=1)] = 1,
    playground: Annotated[bool, typer.Option("--playground", help="Add the playground and its robot.")] = False,
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Run no timers in this process.")] = False,
) -> None:
    """Serve everything; migrates first. On SIGTERM it finishes what runs and exits 0."""
    from remotehandsd.cli.serve import serve_all  # noqa: PLC0415

    with clear_faults():
        serve_all(
            read_settings(),
            host=host,
            port=port,
            workers=workers,
            playground=playground,
            with_worker=not no_worker,
        )


@app.command()
def work() -> None:
    """Run the background worker alone."""
    from remotehandsd.cli.work import work_alone  # noqa: PLC0415

    _run(work_alone)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="A world file (TOML).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference and change nothing.")] = False,
) -> None:
    """Add and change what a world file names; removes nothing. Running it again changes nothing."""
    from remotehandsd.cli.load import load_world  # noqa: PLC0415

    _run(lambda house: load_world(house, file, dry_run=dry_run))


@app.command()
def migrate() -> None:
    """Bring the schema to the newest version."""
    from remotehandsd.cli.upkeep import migrate_schema  # noqa: PLC0415

    _run(migrate_schema, migrated=False)


@app.command()
def invite(email: Annotated[str, typer.Argument(help="A person who is a user or staff in any environment.")]) -> None:
    """Print a single-use link with which a person sets a password; it ends the older invitations, and in 7 days."""
    from remotehandsd.cli.invite import print_invitation  # noqa: PLC0415

    _run(lambda house: print_invitation(house, email))


@app.command()
def rotate_keys() -> None:
    """Make a new signing key now; it signs after 10 seconds, and the old one verifies until its tokens are over."""
    from remotehandsd.cli.upkeep import rotate_signing_key  # noqa: PLC0415

    _run(rotate_signing_key)


@app.command()
def totals(mend: Annotated[bool, typer.Option("--mend", help="Put right what is wrong.")] = False) -> None:
    """Compare the kept totals with the tickets that are there; exit 1 when they differ and are not mended."""
    from remotehandsd.cli.totals import compare_totals  # noqa: PLC0415

    _run(lambda house: compare_totals(house, mend=mend))


@app.command()
def jobs() -> None:
    """List the jobs that were set aside, and those that wait, such as messages to be sent."""
    from remotehandsd.cli.jobs import list_jobs  # noqa: PLC0415

    _run(list_jobs)


@app.command()
def retry(job: Annotated[int, typer.Argument(help="A number that `jobs` shows.", min=1)]) -> None:
    """Try a job again now, whether it waits or was set aside."""
    from remotehandsd.cli.jobs import retry_job  # noqa: PLC0415

    _run(lambda house: retry_job(house, job))


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or is empty.")],
) -> None:
    """Copy the embedded database, the files and the master key while the server runs. Keep the copy as a secret."""
    from remotehandsd.cli.backup import back_up, check_source  # noqa: PLC0415

    with clear_faults():
        check_source(read_settings())
    _run(lambda house: back_up(house, folder), migrated=False)


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="A folder that `backup` wrote.")]) -> None:
    """Put a backup into an empty data folder."""
    from remotehandsd.cli.backup import put_back  # noqa: PLC0415

    with clear_faults():
        put_back(read_settings(), folder)


@app.command()
def check() -> None:
    """Say whether settings, database, files and mail are usable; exit 1 if not."""
    from remotehandsd.cli.upkeep import check_all  # noqa: PLC0415

    with clear_faults():
        check_all(read_settings())


@app.command()
def fabricate(
    tickets: Annotated[int, typer.Option(help="How many tickets.", min=1)],
    accounts: Annotated[
        int | None, typer.Option(help="Into so many made-up accounts of the playground (200).", min=1)
    ] = None,
    into: Annotated[str | None, typer.Option(help="Into one account of the playground that exists.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same tickets.")] = 1,
) -> None:
    """Write made-up tickets fast, for load tests and capacity planning; the first account gets a tenth."""
    from remotehandsd.cli.fabricate import fabricate_tickets  # noqa: PLC0415

    if into is not None and accounts is not None:
        raise typer.BadParameter("give --accounts or --into, not both")
    _run(lambda house: fabricate_tickets(house, tickets, accounts=accounts or 200, into=into, seed=seed))
