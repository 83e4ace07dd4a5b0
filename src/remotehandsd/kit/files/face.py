"""What a place for files must offer."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Protocol

import msgspec


class NoRoom(Exception):  # noqa: N818
    """Less free space than the operator keeps in reserve."""


class FilesAway(Exception):  # noqa: N818
    """The place for files cannot serve just now, or refuses this server. A sentence says why, without a secret."""


class Kept(msgspec.Struct, frozen=True):
    """A file that arrived whole: our name for it, its size in bytes, its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class Incoming(Protocol):
    """A file on its way in."""

    @property
    def size(self) -> int:
        """Return the bytes that came so far."""

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes."""

    async def finish(self) -> Kept:
        """Make it durable under a name of our own."""

    async def discard(self) -> None:
        """Leave nothing of it; safe to call at any time, twice too."""


class Files(Protocol):
    """A place for files. Everything but `place` may raise FilesAway."""

    @property
    def place(self) -> str:
        """Tell a person where it is; no secret is in it."""

    def receive(self) -> Incoming:
        """Begin a new file."""

    def open(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Stream `length` bytes from `start`."""

    async def delete(self, name: str) -> None:
        """Remove a file; one that is not there is no error."""

    async def room(self, wanted: int) -> None:
        """Raise NoRoom when `wanted` more bytes would go into the reserve."""

    def older_than(self, seconds: float) -> AsyncIterator[list[str]]:
        """Give the names of the files that nobody has written to for so long, some at a time."""

    async def clear_unfinished(self, seconds: float) -> int:
        """Remove what has no name yet and belongs to an upload that ended so long ago; return how many."""

    async def is_empty(self) -> bool:
        """Tell whether there is nothing in it."""

    async def copy_to(self, folder: Path, names: Iterable[str]) -> None:
        """Copy the files named into a folder, for a backup."""

    async def take_from(self, folder: Path) -> None:
        """Take all files of a folder that `copy_to` filled, under their names, to restore them."""
