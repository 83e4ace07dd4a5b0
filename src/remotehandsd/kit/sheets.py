"""Sheets of numbers in memory that processes share: each writes on its own, and any of them reads them all.

There is no lock and no call of the system on the way: to count is to add to a number in memory. A sheet outlives the
process that wrote on it, so that who takes its place goes on counting where it stopped.
"""

import mmap
import os
from collections.abc import Iterator

ROWS = 2048
"""Names that one sheet has room for. Memory is taken by those that are used."""
NAME_BYTES = 128
NUMBER_BYTES = 8
HEAD_BYTES = 3 * NUMBER_BYTES
"""How many rows are used, the pid of who writes, and how many have written one after the other."""


class Sheet:
    """Rows of `width` numbers, each row under a name; written by one process at a time, read by all."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._row_bytes = NAME_BYTES + width * NUMBER_BYTES
        # Without a name in the file system nothing is left behind, however the processes end.
        self._memory = memoryview(mmap.mmap(-1, HEAD_BYTES + ROWS * self._row_bytes))
        self._head = self._memory[:HEAD_BYTES].cast("q")

    def take(self) -> None:
        """Write on it from this process from now on."""
        self._head[1] = os.getpid()
        self._head[2] += 1

    @property
    def pid(self) -> int:
        """Who writes on it, or who did last."""
        return self._head[1]

    @property
    def times_taken(self) -> int:
        """How many processes have written on it, one after the other."""
        return self._head[2]

    def row(self, name: str) -> "memoryview[float]":
        """Return the numbers under a name, to be added to; new ones are 0. What a full sheet gets is not kept."""
        names = [self._name(number) for number in range(self._head[0])]
        if name in names:
            return self._numbers(names.index(name))
        if len(names) == ROWS:
            return memoryview(bytearray(self._width * NUMBER_BYTES)).cast("d")
        return self._added(name.encode(), len(names))

    def _added(self, name: bytes, number: int) -> "memoryview[float]":
        at = HEAD_BYTES + number * self._row_bytes
        self._memory[at : at + NAME_BYTES] = name[:NAME_BYTES].ljust(NAME_BYTES, b"\0")
        # Readers look as far as this says, so the name comes first.
        self._head[0] = number + 1
        return self._numbers(number)

    def _numbers(self, number: int) -> "memoryview[float]":
        at = HEAD_BYTES + number * self._row_bytes + NAME_BYTES
        return self._memory[at : at + self._width * NUMBER_BYTES].cast("d")

    def rows(self) -> Iterator[tuple[str, list[float]]]:
        """Give every name with its numbers as they stand."""
        for number in range(self._head[0]):
            yield self._name(number), list(self._numbers(number))

    def _name(self, number: int) -> str:
        at = HEAD_BYTES + number * self._row_bytes
        return bytes(self._memory[at : at + NAME_BYTES]).rstrip(b"\0").decode()
