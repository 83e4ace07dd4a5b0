"""A file that is looked at before anything of it is kept: in memory while it is small, else on the disk, nameless."""

import asyncio
import tempfile
from typing import BinaryIO, cast

IN_MEMORY = 1 << 20


class Draft:
    """Bytes on their way in. Nothing is left of them when it is closed, or when the process dies."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by close()
        self._size = 0

    @property
    def size(self) -> int:
        """Return the bytes that came so far."""
        return self._size

    @property
    def file(self) -> BinaryIO:
        """Return what came, as a file that can be read from anywhere in it."""
        return cast("BinaryIO", self._file)

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._size += len(chunk)
        if self._size <= IN_MEMORY:
            self._file.write(chunk)
        else:
            await asyncio.to_thread(self._file.write, chunk)

    def close(self) -> None:
        """Forget them."""
        self._file.close()
