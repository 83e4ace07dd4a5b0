"""What was said before the verb: which server, as whom, how talkative."""

import logging
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from remotehands.cli.words import line

if TYPE_CHECKING:
    from remotehands.client import Client


@dataclass(frozen=True, slots=True)
class Given:
    """The options that every verb shares."""

    profile: str | None = None
    account: str | None = None
    url: str | None = None
    quiet: bool = False
    verbose: bool = False

    def client(self) -> "Client":
        """Return a client of the server that is meant."""
        from remotehands.client import Client

        if self.verbose:
            _speak()
        return Client(self.url, account=self.account, profile=self.profile)

    def note(self, text: str) -> None:
        """Tell a person something beside the result, unless quiet was asked for."""
        if not self.quiet:
            print(line(text), file=sys.stderr)  # noqa: T201


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print(line(record.getMessage()), file=sys.stderr)  # noqa: T201


def _speak() -> None:
    """Print each request and its answer's status to stderr."""
    log = logging.getLogger("remotehands")
    log.setLevel(logging.DEBUG)
    log.addHandler(_Lines())
