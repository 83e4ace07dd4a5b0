"""How the command says no: clear lines on stderr, and an exit code (interfaces.md section 1)."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

import typer

from remotehands import errors
from remotehands.cli.words import line


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    NOT_ALLOWED = 3
    NOT_FOUND = 4
    REFUSED = 5
    UNAVAILABLE = 6


class Wrong(errors.RemotehandsError):
    """What was typed cannot be; each line is a fault."""


CODES: dict[type[BaseException], Exit] = {
    Wrong: Exit.WRONG_USAGE,
    errors.NoCredential: Exit.NOT_ALLOWED,
    errors.NotSignedIn: Exit.NOT_ALLOWED,
    errors.NotAllowed: Exit.NOT_ALLOWED,
    errors.NotFound: Exit.NOT_FOUND,
    errors.Refused: Exit.REFUSED,
    errors.Invalid: Exit.WRONG_USAGE,
    errors.Limited: Exit.UNAVAILABLE,
    errors.Unavailable: Exit.UNAVAILABLE,
    # A certificate does not get better by waiting.
    errors.CertificateRefused: Exit.FAILED,
    errors.ConnectionFailed: Exit.UNAVAILABLE,
    errors.ConnectionLost: Exit.UNAVAILABLE,
    errors.RemotehandsError: Exit.FAILED,
    OSError: Exit.FAILED,
    UnicodeEncodeError: Exit.WRONG_USAGE,
    KeyboardInterrupt: Exit.FAILED,
}
"""By what went wrong, the first that fits."""
FAULTS = tuple(CODES)


def code_of(error: BaseException) -> Exit:
    """Return the exit code for what went wrong."""
    return next(code for kind, code in CODES.items() if isinstance(error, kind))


def tell(*lines: str) -> None:
    """Print lines to stderr."""
    for each in lines:
        print(line(each), file=sys.stderr)  # noqa: T201


@contextmanager
def clear_faults() -> Iterator[None]:
    """Turn what can be expected to go wrong into lines and an exit code; never a traceback."""
    try:
        yield
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(int(Exit.DONE)) from None
    except FAULTS as error:
        tell(*words_of(error))
        raise typer.Exit(int(code_of(error))) from None


@contextmanager
def sending(look: str) -> Iterator[None]:
    """While a change is sent: where its outcome is not known, say which command tells it."""
    try:
        yield
    except errors.OutcomeUnknown as error:
        raise errors.OutcomeUnknown(f"{error}\n`{look}` tells.") from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Interrupted: the change may have been made or not; `{look}` tells.") from None


def words_of(error: BaseException) -> list[str]:
    """Return the lines that say what went wrong, one a fault."""
    match error:
        case KeyboardInterrupt():
            return [str(error) or "Interrupted."]
        case UnicodeEncodeError():
            return ["Something that was typed, or a file's name, is no text in UTF-8."]
        case OSError() if error.filename:
            return [f"{error.filename}: {error.strerror}."]
        case errors.Invalid():
            # The family joins faults by a comma without a space.
            return re.split(r",(?=Mandatory |Payload |Query )", str(error))
        case errors.ApiError() if error.status >= 500 and error.correlation_id:
            return [f"{error} (correlation id {error.correlation_id})"]
        case _:
            return str(error).splitlines()
