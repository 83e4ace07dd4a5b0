"""`backup` and `restore`: the embedded database, the files, and the key that opens its secrets."""

import asyncio
import shutil
from pathlib import Path

from remotehandsd import tickets
from remotehandsd.cli.faults import Exit, fail, number_of, say
from remotehandsd.house import House
from remotehandsd.kit.clock import system_clock
from remotehandsd.kit.db import embedded_file, is_embedded, open_database
from remotehandsd.kit.files import open_files
from remotehandsd.settings import Settings

DATABASE = "remotehands.db"
FILES = "files"
KEY = "master.key"
OTHER_TOOLS = "PostgreSQL is backed up and restored with its own tools: pg_dump, or pg_basebackup with WAL archiving."


def check_source(settings: Settings) -> None:
    """Refuse to back up what is not there, before anything is opened, and so made."""
    if not is_embedded(settings.database_url):
        raise fail(Exit.FAILED, OTHER_TOOLS)
    database = embedded_file(settings.database_url)
    if not database.is_file():
        raise fail(Exit.NOT_FOUND, f"There is no database {database}; REMOTEHANDS_DATA names the data folder.")


async def back_up(house: House, folder: Path) -> None:
    """Copy while the server runs. The database goes first: files are only ever added, so none that it names lacks."""
    if folder.exists() and any(folder.iterdir()):
        raise fail(Exit.FAILED, f"{folder} is not empty.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    await house.db.copy_to(folder / DATABASE)
    copied = open_database(f"sqlite:///{(folder / DATABASE).absolute()}", Path())
    try:
        async with copied.read() as tx:
            names = await tickets.all_files(tx)
    finally:
        await copied.close()
    (folder / FILES).mkdir(mode=0o700)
    await house.files.copy_to(folder / FILES, names)
    key = house.settings.data / KEY
    if not house.settings.master_key and key.exists():
        shutil.copyfile(key, folder / KEY)
        (folder / KEY).chmod(0o600)
    say(f"{folder}: the database and {number_of(len(names), 'file')} of {house.settings.data}.")


def put_back(settings: Settings, folder: Path) -> None:
    """Copy a backup into a data folder and a place for files that are empty."""
    if not (folder / DATABASE).is_file():
        raise fail(Exit.NOT_FOUND, f"{folder} is not a backup: it has no {DATABASE}.")
    if not is_embedded(settings.database_url):
        raise fail(Exit.FAILED, OTHER_TOOLS)
    database = embedded_file(settings.database_url)
    for place in (settings.data, database.parent):
        if place.exists() and any(place.iterdir()):
            raise fail(Exit.REFUSED, f"{place} is not empty.")
    asyncio.run(_put_files_back(settings, folder / FILES))
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database.parent.mkdir(parents=True, exist_ok=True)
    if (folder / KEY).exists():
        shutil.copyfile(folder / KEY, settings.data / KEY)
        (settings.data / KEY).chmod(0o600)
    # The database last: a restore that breaks off leaves a folder without one, not half of one.
    shutil.copyfile(folder / DATABASE, database.with_suffix(".part"))
    database.with_suffix(".part").rename(database)
    say(f"{settings.data}: restored.")


async def _put_files_back(settings: Settings, folder: Path) -> None:
    files = open_files(settings.files_url, settings.min_free, system_clock)
    # Into a place that is in use a restore must not go: the sweep would take what the older database does not name.
    if not await files.is_empty():
        raise fail(Exit.REFUSED, f"{files.place} is not empty.")
    await files.take_from(folder)
