"""Files up and down, with a bar that shows how far they are."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from remotehands.cli.faults import FAULTS, Wrong, tell
from remotehands.cli.forms import Form
from remotehands.cli.given import Given
from remotehands.cli.printing import show_all, show_fields
from remotehands.cli.words import line
from remotehands.client import Client
from remotehands.errors import FileFault, NotFound
from remotehands.receiving import safe_name
from remotehands.records import Attachment
from remotehands.sending import Progress

COLUMNS = ("id", "filename", "hash")


class Fetched(msgspec.Struct, frozen=True):
    """A file that was fetched, and where it lies."""

    id: str
    path: str


def attach(given: Given, id_: str, files: list[Path], name: str | None, *, dry_run: bool, output: Form | None) -> None:
    """Put files on a ticket, one after the other; when one fails, say which were attached."""
    if name and len(files) > 1:
        raise Wrong("--name is for one file.")
    _see_that_they_are_there(files)
    if dry_run:
        show_fields({"id": id_, "files": [name or file.name for file in files]}, output)
        given.note("Nothing was sent.")
        return
    done: list[Attachment] = []
    with given.client() as client:
        try:
            for file in files:
                done.append(_sent(given, client, id_, file, name))
        except FAULTS:
            if done:
                tell(f"Attached before that: {', '.join(one.filename for one in done)}.")
            raise
        finally:
            if done:
                show_all(done, Attachment, output, COLUMNS)


def download(given: Given, id_: str, ids: list[str], to: Path, *, overwrite: bool, output: Form | None) -> None:
    """Fetch the named files of a ticket, or all."""
    with given.client() as client:
        names = {one.id: one.filename for one in client.tickets.attachments(id_)}
        missing = [one for one in ids if one not in names]
        if missing:
            raise NotFound(404, "\n".join(f"The ticket {id_} has no file {one}." for one in missing))
        wanted = ids or list(names)
        if len(wanted) > 1 and not to.is_dir():
            raise Wrong(f"{to}: is no folder; several files need one.")
        if not wanted:
            given.note(f"The ticket {id_} has no files.")
        done: list[Fetched] = []
        try:
            for one, place in _places(to, {one: names[one] for one in wanted}).items():
                with _bar(given, names[one]) as progress:
                    path = client.tickets.download(id_, one, place, overwrite=overwrite, progress=progress)
                done.append(Fetched(one, str(path)))
        finally:
            show_all(done, Fetched, output, ("id", "path"))


def _places(to: Path, names: dict[str, str]) -> dict[str, Path]:
    """Return where each file goes; cameras give the same name again and again, so such ones begin with their ids."""
    if not to.is_dir():
        return dict.fromkeys(names, to)
    safe = {one: safe_name(name, "attachment") for one, name in names.items()}
    often = Counter(name.lower() for name in safe.values())
    return {
        one: to / (name if often[name.lower()] == 1 else safe_name(f"{one}-{name}", one)) for one, name in safe.items()
    }


def _see_that_they_are_there(files: list[Path]) -> None:
    faults = [f"{file}: is no file that can be read." for file in files if not file.is_file()]
    if faults:
        raise FileFault("\n".join(faults))


def _sent(given: Given, client: Client, id_: str, file: Path, name: str | None) -> Attachment:
    gone = 0

    def count(done: int, size: int | None) -> None:
        nonlocal gone
        # The most that ever went over: a repeat begins anew, and the first may have arrived.
        gone = max(gone, done)
        if progress:
            progress(done, size)

    try:
        with _bar(given, file.name) as progress:
            return client.tickets.attach(id_, file, name=name, progress=count)
    except KeyboardInterrupt:
        if gone < file.stat().st_size:
            raise KeyboardInterrupt(f"Interrupted: {file.name} did not go over whole, and is not attached.") from None
        where = f"`remotehands ticket files {id_}` tells"
        raise KeyboardInterrupt(f"Interrupted: {file.name} went over, and may be attached or not; {where}.") from None


@contextmanager
def _bar(given: Given, name: str) -> Iterator[Progress | None]:
    """Show a bar on stderr while a file goes over, where a person can see it."""
    if given.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(line(name), total=None)
        yield lambda done, size: shown.update(task, completed=done, total=size)
