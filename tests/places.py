"""Where the files of a test lie: the same questions about a folder and a bucket."""

from pathlib import Path
from typing import Protocol

from remotehandsd.house import House


class Place(Protocol):
    """A place for files, looked at past the program under test."""

    settings: dict[str, str]

    def kept(self) -> list[str]:
        """Return the path of everything in it, below the place itself."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""


class OnDisk:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: dict[str, str] = {}

    def kept(self) -> list[str]:
        return [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()]

    def read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()


def folder_of(house: House) -> Path:
    """Return the folder of a house whose files lie on disk."""
    return Path(house.settings.files_url.removeprefix("file://"))
