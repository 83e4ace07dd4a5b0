"""A file on its way into a bucket: small ones in one request, larger ones in parts, nothing kept when it breaks off."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, Protocol

from obstore.store import S3Store

from remotehandsd.kit.files.face import FilesAway, Kept

PART = 8 << 20
"""Bytes of one part; a file of up to so many goes in one request."""
STEP = 1 << 20
"""Bytes that are handed over at once while parts are filled."""
IN_FLIGHT = 2
"""Parts of one file that are on their way at a time."""
STEP_SECONDS = 30
"""How long a step may wait until the store has taken what came before."""
FINISH_SECONDS = 45
"""How long the last parts and the end may take."""
ABORT_SECONDS = 20
"""How long the clearing away of a broken upload is waited for."""
LONGEST_UPLOAD_SECONDS = 6 * 3600
"""How long one file may be on its way: the sweep must know what is still coming."""


class Target(Protocol):
    """Where it goes: see Bucket."""

    store: S3Store

    def begin(self, work: Callable[[], Any], *, is_long: bool = False) -> asyncio.Future[Any]:
        """Do something on a thread; what is long waits for its own kind only."""

    async def delete(self, name: str) -> None:
        """Remove an object."""


class BrokenOff(Exception):  # noqa: N818
    """The rest of the file will not come; the library aborts the upload when it hears it."""


class BucketIncoming:
    """A file on its way in. Its object appears when it is whole, and nobody can see it without a row."""

    def __init__(self, bucket: Target, name: str) -> None:
        self._bucket = bucket
        self._name = name
        self._hash = hashlib.sha256()
        self._waiting = bytearray()
        self._given = 0
        self._pieces: SimpleQueue[bytearray | None] = SimpleQueue()
        self._room = asyncio.Semaphore(1)
        self._sending: asyncio.Future[Any] | None = None
        self._is_finished = False
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + LONGEST_UPLOAD_SECONDS

    @property
    def size(self) -> int:
        """See Incoming."""
        return self._given + len(self._waiting)

    async def write(self, chunk: bytes) -> None:
        """See Incoming. It waits while the store is slower than the sender."""
        self._waiting += chunk
        if self.size > PART and len(self._waiting) >= STEP:
            await self._give()

    async def _give(self) -> None:
        if self._sending is None:
            self._sending = self._bucket.begin(self._send_parts, is_long=True)
            # Who waits for room must hear of the end, too.
            self._sending.add_done_callback(lambda _: self._room.release())
        if self._loop.time() > self._until:
            raise FilesAway("The upload took too long.")
        try:
            async with asyncio.timeout(STEP_SECONDS):
                await self._room.acquire()
        except TimeoutError:
            raise FilesAway("The object store takes nothing more, or too many large uploads run.") from None
        if self._sending.done():
            self._sending.result()
        self._given += len(self._waiting)
        self._pieces.put(self._waiting)
        self._waiting = bytearray()

    async def finish(self) -> Kept:
        """See Incoming. The store has answered that it keeps the whole."""
        self._is_finished = True
        if self._sending is None:
            self._sending = self._bucket.begin(self._send_whole)
        else:
            if self._waiting:
                await self._give()
            self._pieces.put(bytearray())
        ended, _ = await asyncio.wait({self._sending}, timeout=FINISH_SECONDS)
        if not ended:
            raise FilesAway("The object store does not answer in time.")
        self._sending.result()
        return Kept(self._name, self.size, self._hash.hexdigest())

    async def discard(self) -> None:
        """See Incoming. What a store that is away does not clear away now is left to the sweep."""
        sending, self._sending = self._sending, None
        self._waiting = bytearray()
        if sending is None:
            return
        while not self._pieces.empty():
            self._pieces.get_nowait()
        self._pieces.put(None)
        sending.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        await asyncio.wait({sending}, timeout=ABORT_SECONDS)
        if self._is_finished and sending.done() and not sending.exception():
            with suppress(FilesAway):
                await self._bucket.delete(self._name)

    # On a thread

    @property
    def _key(self) -> str:
        return f"{self._name[:2]}/{self._name}"

    def _send_whole(self) -> None:
        self._hash.update(self._waiting)
        self._bucket.store.put(self._key, self._waiting, use_multipart=False)

    def _send_parts(self) -> None:
        with suppress(BrokenOff):
            self._bucket.store.put(
                self._key, self._taken(), use_multipart=True, chunk_size=PART, max_concurrency=IN_FLIGHT
            )

    def _taken(self) -> Iterator[bytearray]:
        """Give the pieces as they come; the library asks for the next when it can take it."""
        while piece := self._pieces.get():
            self._loop.call_soon_threadsafe(self._room.release)
            self._hash.update(piece)
            yield piece
        if piece is None:
            raise BrokenOff
