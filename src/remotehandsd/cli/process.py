"""One of several server processes, as itself and as its parent see it."""

import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from remotehandsd.app import Sheet

SERVING, END, END_AT_ONCE, HURRY = b"s", b"e", b"a", b"h"
"""Words on the line between a process and its parent. That the line ends is one, too: the other is gone."""
QUICK_SECONDS = 10.0
"""Who ends sooner has hardly served; when the next one does so, too, there is a pause."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds; each pause is twice the one before. Clients whose connections fell to this process wait as long."""


def next_word(line: socket.socket) -> bytes:
    """Return the next word on a line, or nothing when the other end is gone."""
    try:
        return line.recv(1)
    except ConnectionError:
        # It went without reading what was last said to it.
        return b""


class Place(msgspec.Struct, frozen=True):
    """Where one process serves: its socket, its number among the sheets, and its line to the parent, if it has one."""

    listening: socket.socket
    sheets: Sequence[Sheet]
    greet: Callable[[], None]
    number: int = 0
    line: socket.socket | None = None

    def say_serving(self) -> None:
        """Say that it serves: to the parent, who greets when all do, or else to who started the server."""
        if self.line is None:
            self.greet()
            return
        with suppress(OSError):
            self.line.send(SERVING)


class Process:
    """One of the server processes: the one that lives now, or the pause until the next."""

    def __init__(self, number: int, listening: socket.socket) -> None:
        self.number = number
        self.listening = listening
        self.line: socket.socket | None = None
        self.pid = 0
        self.is_serving = False
        self.due = 0.0
        self._began = 0.0
        self._quick_ends = 0

    def begins(self, pid: int, line: socket.socket) -> None:
        """Note that it was started."""
        self.pid, self.line, self._began = pid, line, time.monotonic()

    def tell(self, word: bytes) -> None:
        """Say a word to it, if it still listens."""
        if self.line:
            with suppress(OSError):
                self.line.send(word)

    def hear(self) -> None:
        """Take its word that it serves. A line that ends is let go of; the signal of the process's end follows."""
        if self.line:
            self.is_serving = next_word(self.line) == SERVING
            if not self.is_serving:
                self._hang_up()

    def ended(self) -> float:
        """Note that it is gone; return after how many seconds the next one is due."""
        lived = time.monotonic() - self._began
        self._hang_up()
        self.pid, self.is_serving = 0, False
        self._quick_ends = self._quick_ends + 1 if lived < QUICK_SECONDS else 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (self._quick_ends - 2)) if self._quick_ends > 1 else 0.0
        self.due = time.monotonic() + pause
        return pause

    def _hang_up(self) -> None:
        if self.line:
            self.line.close()
            self.line = None
