"""Numbered migration files: which there are, and how one falls into statements."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from remotehandsd.kit.db.face import WrongDatabase


def steps(folder: Path) -> list[tuple[int, Path]]:
    """Return the migrations of a folder in order: `0001_start.sql` is number 1."""
    found = sorted((int(path.name.split("_", 1)[0]), path) for path in folder.glob("[0-9]*_*.sql"))
    if [number for number, _ in found] != list(range(1, len(found) + 1)):
        raise WrongDatabase(f"The migrations in {folder} are not numbered 1, 2, 3 without a gap.")
    return found


def statements(text: str) -> Iterator[str]:
    """Split a script at the semicolons that end a statement (a trigger's body has its own).

    A file may hold nothing but comments: what one engine needs, the other one may not.
    """
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if any(line.strip() and not line.lstrip().startswith("--") for line in pending.splitlines()):
        raise WrongDatabase(f"A migration ends in the middle of a statement: {pending.strip()[:60]}")
