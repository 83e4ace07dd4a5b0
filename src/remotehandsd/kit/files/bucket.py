"""Files in a bucket of an S3-compatible object store, each one object under a name of our own.

The library is called on threads, never with its own promises: those finish on threads of its own, which may
still hold on to the interpreter when a short command ends.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from remotehandsd.kit.clock import Clock
from remotehandsd.kit.files.address import Address
from remotehandsd.kit.files.bucket_faults import in_our_words
from remotehandsd.kit.files.bucket_incoming import LONGEST_UPLOAD_SECONDS, PART, BucketIncoming
from remotehandsd.kit.files.face import FilesAway
from remotehandsd.kit.files.s3 import open_store
from remotehandsd.kit.files.unfinished import NAME, clear_unfinished

T = TypeVar("T")

RANGE = 4 << 20
"""Bytes of a download that are asked for at once."""
PAGE = 1000
"""Names that come with one page of a listing."""
ANSWER_SECONDS = 12
"""How long anything but an upload may take; then the store counts as away."""
MOST_UPLOADS = 64
"""Uploads of more than one part that run at a time; each holds 30 MB of memory at most."""
AT_ONCE = 4
"""Files that a backup or a restore moves at a time."""


class Bucket:
    """A bucket, or a folder in one. It belongs to one server: what no row of its database names is swept away."""

    def __init__(self, address: Address, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        self._answer_seconds: float = ANSWER_SECONDS
        self._threads = ThreadPoolExecutor(16, "bucket")
        self._uploading = ThreadPoolExecutor(MOST_UPLOADS, "upload")
        self.store = open_store(address)

    @property
    def place(self) -> str:
        """See Files."""
        return repr(self._address)

    async def _do(self, work: Callable[[], T], *, has_deadline: bool = True) -> T:
        try:
            async with asyncio.timeout(self._answer_seconds if has_deadline else None):
                return await self.begin(work)
        except TimeoutError:
            raise FilesAway("The object store does not answer in time.") from None

    def begin(self, work: Callable[[], T], *, is_long: bool = False) -> asyncio.Future[T]:
        """Do something on a thread; what is long waits for its own kind only."""
        threads = self._uploading if is_long else self._threads
        return asyncio.get_running_loop().run_in_executor(threads, in_our_words, work)

    def receive(self) -> BucketIncoming:
        """See Files."""
        return BucketIncoming(self, token_hex(16))

    async def open(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        """See Files. Each range is a request of its own: who reads slowly holds nothing in the store."""
        while length > 0:
            wanted = min(RANGE, length)
            piece = await self._do(lambda start=start, wanted=wanted: self._range(name, start, wanted))  # type: ignore[misc]
            start += wanted
            length -= wanted
            yield piece

    def _range(self, name: str, start: int, length: int) -> bytes:
        piece = bytes(self.store.get_range(_key(name), start=start, length=length))
        if len(piece) != length:
            raise OSError(0, f"object {name} is shorter than its row says")
        return piece

    async def delete(self, name: str) -> None:
        """See Files."""
        await self._do(lambda: self._delete(name))

    def _delete(self, name: str) -> None:
        try:
            self.store.delete(_key(name))
        except FileNotFoundError as error:
            # Some stores say so, some do not; but a bucket that is not there is a fault.
            if "NoSuchBucket" in str(error):
                raise

    async def room(self, wanted: int) -> None:
        """See Files. Nobody can measure a bucket; one that is full says so itself."""

    async def older_than(self, seconds: float) -> AsyncIterator[list[str]]:
        """See Files. Stores date an upload of several parts by its beginning, so those get longer."""
        pages = self.store.list(chunk_size=PAGE)
        now = self._clock()
        while page := await self._do(lambda: next(pages, None)):
            yield [
                found["path"].rpartition("/")[2]
                for found in page
                if NAME.fullmatch(found["path"])
                and now - found["last_modified"].timestamp()
                > seconds + (LONGEST_UPLOAD_SECONDS if found["size"] > PART else 0)
            ]

    async def clear_unfinished(self, seconds: float) -> int:
        """See Files. Parts of uploads whose server died lie hidden in the store; the library cannot see them."""
        before = self._clock() - seconds - LONGEST_UPLOAD_SECONDS
        return await self._do(lambda: clear_unfinished(self._address, os.environ, before), has_deadline=False)

    async def is_empty(self) -> bool:
        """See Files."""
        return await self._do(lambda: next(self.store.list(chunk_size=1), None)) is None

    async def copy_to(self, folder: Path, names: Iterable[str]) -> None:
        """See Files."""
        await self._each(names, lambda name: self._copy(name, folder / name[:2] / name))

    def _copy(self, name: str, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = self.store.head(_key(name))["size"]
        with path.open("xb") as file:
            for start in range(0, size, RANGE):
                file.write(self._range(name, start, min(RANGE, size - start)))

    async def take_from(self, folder: Path) -> None:
        """See Files."""
        paths = {path.name: path for path in folder.glob("??/*")}
        await self._each(paths, lambda name: self._take(name, paths[name]))

    def _take(self, name: str, path: Path) -> None:
        is_large = path.stat().st_size > PART
        self.store.put(_key(name), path, use_multipart=is_large, chunk_size=PART, max_concurrency=1)

    async def _each(self, names: Iterable[str], work: Callable[[str], None]) -> None:
        waiting = iter(names)

        async def line() -> None:
            for name in waiting:
                await self._do(lambda name=name: work(name), has_deadline=False)  # type: ignore[misc]

        await asyncio.gather(*(line() for _ in range(AT_ONCE)))


def _key(name: str) -> str:
    return f"{name[:2]}/{name}"
