"""A file on its way down: under a safe name, written beside its place, put there when it is whole."""

import errno
import hashlib
import os
import re
import secrets
import unicodedata
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from remotehands.errors import FileFault
from remotehands.sending import Progress

LONGEST_NAME = 200
"""Bytes of a name that every file system takes, with room for an ending of ours."""
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\..*)?", re.IGNORECASE)
"""Names that are devices on Windows, with any ending."""
SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def safe_name(name: str, otherwise: str) -> str:
    """Return the last part of a name that a server sent, harmless on every system; `otherwise` where nothing is left.

    What goes: folders in the manner of Unix and Windows, control and invisible characters, what Windows forbids, dots
    at the beginning (nothing becomes a hidden file) and dots and blanks at the end.
    """
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "_", visible).strip(" ").lstrip(".").rstrip(". ")
    if RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if len(plain.encode()) > LONGEST_NAME and dot and len(ending.encode()) < 20:
        return f"{_cut(stem, LONGEST_NAME - len(ending.encode()) - 1)}.{ending}"
    return _cut(plain, LONGEST_NAME).rstrip(". ") or otherwise


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


class Incoming:
    """A download. Until it is kept nothing lies under its name; if it is not kept, nothing is left of it."""

    def __init__(self, target: Path, *, overwrite: bool, progress: Progress | None) -> None:
        self._target = target
        self._overwrite = overwrite
        self._progress = progress
        self._part = target.with_name(f".{secrets.token_hex(8)}.part")
        self._file: BinaryIO
        self._size: int | None = None

    def __enter__(self) -> "Incoming":
        if not self._overwrite and os.path.lexists(self._target):
            raise self._taken()
        if not self._target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(self._target.parent))
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def begin(self, size: int | None) -> None:
        """Start anew, with so many bytes to come."""
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self._size = size
        self._done = 0

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        self._file.write(data)
        self._hash.update(data)
        self._done += len(data)

    def tell(self) -> None:
        """Tell how far it is."""
        if self._progress:
            self._progress(self._done, self._size)

    def keep(self, announced: str) -> Path:
        """Put the file in its place, if its bytes are the ones that were announced by their SHA-256."""
        if announced and self._hash.hexdigest() != announced.lower():
            raise FileFault(f"{self._target.name} came with other bytes than the server announced; it was not kept.")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self._overwrite:
            self._part.replace(self._target)
        else:
            self._place()
        return self._target

    def _place(self) -> None:
        """Give the file its name, unless somebody has taken it meanwhile."""
        try:
            os.link(self._part, self._target)
        except FileExistsError:
            raise self._taken() from None
        except OSError:
            # A file system without links: what may come between is a moment.
            if os.path.lexists(self._target):
                raise self._taken() from None
            self._part.rename(self._target)

    def _taken(self) -> FileExistsError:
        return FileExistsError(errno.EEXIST, "is there already; nothing was overwritten", str(self._target))


def announced(file_hash: str, etag: str) -> str:
    """Return the SHA-256 that a server announces for a file, as its hash or as its ETag; `""` where it does not."""
    said = [value for value in (file_hash, etag.strip('"')) if SHA256.fullmatch(value)]
    return said[0] if said else ""
