"""One request and its answer, apart from how they travel."""

from enum import IntEnum
from typing import Protocol

import msgspec

from remotehands.sending import Outgoing


class Sink(Protocol):
    """Where the bytes of a download go."""

    def begin(self, size: int | None) -> None:
        """Start anew, with so many bytes to come: what came before was broken off."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""

    def tell(self) -> None:
        """Tell how far it is."""


class Needs(IntEnum):
    """What a request must carry."""

    NOTHING = 0
    TOKEN = 1
    ACCOUNT = 2


class Request(msgspec.Struct, frozen=True):
    """A request. With a `sink` the body of an answer of 2xx goes there instead of into memory."""

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes | None = None
    file: Outgoing | None = None
    sink: Sink | None = None
    needs: Needs = Needs.ACCOUNT

    @property
    def changes(self) -> bool:
        """Tell whether it changes anything; a token more or less is no change."""
        return self.method != "GET" and self.needs is not Needs.NOTHING


class Answer(msgspec.Struct, frozen=True):
    """An answer: its status, its headers with names in lower case, its body."""

    status: int
    headers: dict[str, str] = {}
    body: bytes = b""
