"""Files in a folder: written beside, hashed on the way, synced, then named.

Names are 32 hex digits of ours, spread over 256 folders; nothing that a customer sent is ever part of a path.
"""

import asyncio
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from remotehandsd.kit.files.face import Kept, NoRoom

T = TypeVar("T")

CHUNK = 1 << 20
"""Bytes that go to the disk, and to the hash, in one step on a thread."""


class Disk:
    """A folder of files. `reserve` is the free space to keep: a share of the disk below 1, else bytes."""

    def __init__(self, folder: Path, reserve: float) -> None:
        self._folder = folder
        self._reserve = reserve
        self._threads = ThreadPoolExecutor(4, "files")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)

    @property
    def place(self) -> str:
        """See Files."""
        return str(self._folder)

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    async def _do(self, work: Callable[[], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # Whoever cleans up next must not meet a thread that still writes.
            with suppress(OSError):
                await running
            raise
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}:
                raise NoRoom(os.strerror(error.errno)) from error
            raise

    def receive(self) -> "DiskIncoming":
        """See Files."""
        return DiskIncoming(self, secrets.token_hex(16))

    async def open(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """See Files."""
        file = await self._do(lambda: self._path(name).open("rb"))
        try:
            file.seek(start)
            while length > 0:
                wanted = min(CHUNK, length)
                chunk = await self._do(lambda wanted=wanted: file.read(wanted))  # type: ignore[misc]
                if not chunk:
                    raise OSError(f"file {name} is shorter than its row says")
                length -= len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, name: str) -> None:
        """See Files."""
        with suppress(FileNotFoundError):
            await self._do(self._path(name).unlink)

    async def room(self, wanted: int) -> None:
        """See Files."""
        disk = shutil.disk_usage(self._folder)
        reserve = disk.total * self._reserve if self._reserve < 1 else self._reserve
        if disk.free - wanted < reserve:
            raise NoRoom(f"{disk.free} bytes are free, {int(reserve)} are kept in reserve")

    async def older_than(self, seconds: float) -> AsyncIterator[list[str]]:
        """See Files. A folder at a time."""
        before = time.time() - seconds

        def look(folder: Path) -> list[str]:
            found = []
            for path in folder.iterdir():
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        found.append(path.name)
            return found

        for folder in await self._do(lambda: list(self._folder.glob("??"))):
            yield await self._do(lambda folder=folder: look(folder))  # type: ignore[misc]

    async def clear_unfinished(self, seconds: float) -> int:
        """See Files. A file on its way in has its name from the start."""
        return 0

    async def is_empty(self) -> bool:
        """See Files."""
        return not await self._do(lambda: any(self._folder.iterdir()))

    async def copy_to(self, folder: Path, names: Iterable[str]) -> None:
        """See Files."""

        def copy() -> None:
            for name in names:
                (folder / name[:2]).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self._path(name), folder / name[:2] / name)

        await self._do(copy)

    async def take_from(self, folder: Path) -> None:
        """See Files."""
        await self._do(lambda: shutil.copytree(folder, self._folder, dirs_exist_ok=True))


class DiskIncoming:
    """A file on its way in. It stands under its final name from the start; without a row nobody can see it."""

    def __init__(self, disk: Disk, name: str) -> None:
        self._disk = disk
        self._name = name
        self._path = disk._path(name)
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self._written = 0
        self._file: int | None = None

    @property
    def size(self) -> int:
        """See Incoming."""
        return self._written + len(self._waiting)

    async def write(self, chunk: bytes) -> None:
        """See Incoming. Memory holds one step at most; NoRoom as soon as the reserve would be touched."""
        self._waiting += chunk
        if len(self._waiting) >= CHUNK:
            # Looked at again on the way: a body may come without a length, and others come beside it.
            await self._disk.room(len(self._waiting))
            await self._disk._do(self._to_disk)

    def _to_disk(self) -> None:
        if self._file is None:
            self._path.parent.mkdir(exist_ok=True)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        step = memoryview(bytes(self._waiting))
        self._waiting.clear()
        self._hash.update(step)
        self._written += len(step)
        while step:
            step = step[os.write(self._file, step) :]

    async def finish(self) -> Kept:
        """See Incoming. The file and both folders are synced: a row that names it never outlives it."""

        def sync() -> None:
            self._to_disk()
            assert self._file is not None
            os.fsync(self._file)
            self._close()
            for folder in (self._path.parent, self._path.parent.parent):
                handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

        await self._disk._do(sync)
        return Kept(self._name, self._written, self._hash.hexdigest())

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    async def discard(self) -> None:
        """See Incoming."""

        def remove() -> None:
            self._close()
            self._path.unlink(missing_ok=True)

        self._waiting.clear()
        await self._disk._do(remove)
