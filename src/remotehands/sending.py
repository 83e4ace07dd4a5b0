"""A file on its way up: read from the disk as it goes, exactly as long as was announced."""

import io
import mimetypes
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from remotehands.errors import FileFault

Progress = Callable[[int, int | None], None]
"""Told how many bytes have gone over, and of how many, if that is known."""


class Outgoing(msgspec.Struct, frozen=True):
    """A file that is to be attached under a name."""

    path: Path
    name: str
    progress: Progress | None = None

    @property
    def media_type(self) -> str:
        """Return the type that the name's ending tells."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def opened(self) -> "Reading":
        """Open the file from its beginning."""
        return Reading(self)


class Reading(io.RawIOBase):
    """The file, open. It gives as many bytes as it had when it was opened, or says that it changed."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._file = outgoing.path.open("rb")
        self._path = outgoing.path
        self._progress = outgoing.progress
        self._size = os.fstat(self._file.fileno()).st_size
        self._done = 0

    def fileno(self) -> int:
        """Return the descriptor, by which the length is known beforehand."""
        return self._file.fileno()

    def seekable(self) -> bool:
        """Tell that it can be read again."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the file."""
        self._done = self._file.seek(offset, whence)
        return self._done

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, and tell how far it is."""
        left = self._size - self._done
        data = self._file.read(left if size < 0 else min(size, left))
        if not data and left:
            raise FileFault(f"{self._path} became shorter while it was read.")
        self._done += len(data)
        if self._progress and data:
            self._progress(self._done, self._size)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
