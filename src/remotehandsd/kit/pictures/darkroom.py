"""Where pictures are worked on: two at a time, on threads of their own."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from remotehandsd.kit.pictures.photograph import Photograph, photograph
from remotehandsd.kit.pictures.preview import preview
from remotehandsd.kit.pictures.reading import NoPicture, kind_of

AT_ONCE = 2
KEPT_BYTES = 16 * 1024 * 1024
"""Previews that are kept in memory, those longest unused go first."""
AROUND_A_PREVIEW = 256
"""What one takes in memory beside its bytes, and what it takes to know that a file has none."""
PREVIEWED_BYTES = 32 * 1024 * 1024
"""Larger files have no preview."""

Pieces = Callable[[int], AsyncIterator[bytes]]
"""Opens a file: gives so many bytes from its start."""


class Darkroom:
    """Makes photographs and previews."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "pictures")
        self._in_hand = asyncio.Semaphore(AT_ONCE)
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._kept_bytes = 0

    async def photograph(self, file: BinaryIO) -> Photograph:
        """Return a photograph made anew; NoPicture with a sentence for what is none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, photograph, file)

    async def preview(self, sha256: str, size: int, pieces: Pieces) -> bytes | None:
        """Return a preview of a file, known by its hash and its size in bytes; None when it has none.

        What the file is, its bytes say. They are read only if they begin like a picture.
        """
        if sha256 not in self._kept:
            async with self._in_hand:
                if sha256 not in self._kept:
                    self._keep(sha256, await self._made(size, pieces))
        self._kept.move_to_end(sha256)
        return self._kept[sha256] or None

    async def _made(self, size: int, pieces: Pieces) -> bytes:
        if not 0 < size <= PREVIEWED_BYTES or kind_of(await _read(pieces, min(16, size))) is None:
            return b""
        content = await _read(pieces, size)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, preview, content)
        except NoPicture:
            return b""

    def _keep(self, sha256: str, made: bytes) -> None:
        self._kept[sha256] = made
        self._kept_bytes += len(made) + AROUND_A_PREVIEW
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest) + AROUND_A_PREVIEW


async def _read(pieces: Pieces, length: int) -> bytes:
    return b"".join([piece async for piece in pieces(length)])
