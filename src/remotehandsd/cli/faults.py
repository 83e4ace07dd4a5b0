"""How the command says no: clear lines on stderr, and an exit code (interfaces.md section 1)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer

from remotehandsd.errors import Limited, NotAllowed, NotFound, NotSignedIn, Refusal, WrongMoment
from remotehandsd.kit.db import Unavailable, WrongDatabase
from remotehandsd.kit.files import FilesAway, NoRoom
from remotehandsd.kit.sealing import WrongKey
from remotehandsd.settings import WrongSetting


class Exit(IntEnum):
    """Exit codes of both commands."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    NOT_ALLOWED = 3
    NOT_FOUND = 4
    REFUSED = 5
    UNAVAILABLE = 6


def say(*lines: object) -> None:
    """Print to stdout."""
    for line in lines:
        print(line, flush=True)  # noqa: T201


def fail(code: Exit, *lines: str) -> typer.Exit:
    """Print each line to stderr and return the exit to raise."""
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201
    return typer.Exit(int(code))


CODES: dict[type[Exception], Exit] = {
    WrongSetting: Exit.FAILED,
    WrongDatabase: Exit.FAILED,
    WrongKey: Exit.FAILED,
    NoRoom: Exit.UNAVAILABLE,
    FilesAway: Exit.UNAVAILABLE,
    Unavailable: Exit.UNAVAILABLE,
    Limited: Exit.UNAVAILABLE,
    NotSignedIn: Exit.NOT_ALLOWED,
    NotAllowed: Exit.NOT_ALLOWED,
    NotFound: Exit.NOT_FOUND,
    WrongMoment: Exit.REFUSED,
    Refusal: Exit.FAILED,
    OSError: Exit.FAILED,
}


@contextmanager
def clear_faults() -> Iterator[None]:
    """Turn what can be expected to go wrong into lines and an exit code; never a traceback."""
    try:
        yield
    except tuple(CODES) as error:
        code = next(code for kind, code in CODES.items() if isinstance(error, kind))
        raise fail(code, *_words(error).splitlines()) from None


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    return str(error)


def number_of(count: int, thing: str) -> str:
    """Return a count in words: `1 file`, `2 files`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
