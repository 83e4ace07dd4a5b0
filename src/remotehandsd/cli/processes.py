"""Several server processes behind one address: the parent, which starts them, watches over them and ends them.

It forks, so that what is loaded lies in memory once. For that it holds nothing that a fork would break: no event
loop, no thread, no connection. Whoever needed these has closed them before.
"""

import gc
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog
import typer

from remotehandsd.app import sheets_for
from remotehandsd.cli.faults import Exit
from remotehandsd.cli.process import END, END_AT_ONCE, HURRY, Place, Process
from remotehandsd.kit import log as lines

MOST_SECONDS = 20.0
"""How long the processes may take to end. What still runs is then broken off."""
SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger("serve")


def part(sockets: Sequence[socket.socket], greet: Callable[[], None]) -> Place:
    """Go on as one process for each socket; the parent stays, says `greet` when all serve, and leaves with the last."""
    lines.say_pid()
    # What is loaded stays: the collector need not mark it, which would make each process keep a copy of its own.
    gc.collect()
    gc.freeze()
    return Parent(sockets, greet).watch()


class Parent:
    """Starts a process for each socket, and another one when it dies; passes on that all shall end."""

    def __init__(self, sockets: Sequence[socket.socket], greet: Callable[[], None]) -> None:
        self._greet = greet
        self._has_greeted = False
        self._processes = [Process(number, one) for number, one in enumerate(sockets, 1)]
        self._sheets = sheets_for(len(sockets))
        self._end_by: float | None = None
        self._code = Exit.DONE
        self._ear, self._mouth = socket.socketpair()

    def watch(self) -> Place:
        """Return in every process that is started; in the parent leave with an exit code when all have ended."""
        self._listen_to_signals()
        while True:
            for process in self._due():
                if place := self._start(process):
                    return place
            if self._end_by is not None and not any(process.pid for process in self._processes):
                raise typer.Exit(int(self._code))
            self._wait()
            self._reap()
            self._greet_once()

    def _listen_to_signals(self) -> None:
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        for number in SIGNALS:
            # Python writes the number of a signal that has a handler to where `_wait` reads.
            signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(self._mouth.fileno())

    def _due(self) -> Iterator[Process]:
        """Give whom to start. It is looked at one by one: the first that fails may be the end of all."""
        for process in self._processes:
            if self._end_by is None and not process.pid and process.due <= time.monotonic():
                yield process

    def _start(self, process: Process) -> Place | None:
        ours, theirs = socket.socketpair()
        pid, fault = 0, ""
        with _no_signals():
            try:
                pid = os.fork()
            except OSError as error:
                fault = str(error)
            if pid == 0 and not fault:
                ours.close()
                return self._become(process, theirs)
        theirs.close()
        process.begins(pid, ours)
        if fault:
            self._gone(process, fault, Exit.FAILED)
        else:
            log.info("server process started", process=process.number, child=pid)
        return None

    def _become(self, process: Process, line: socket.socket) -> Place:
        """Let go, in a process that was just started, of what is the parent's and the others'."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number in (signal.SIGTERM, signal.SIGINT):
            # Until the server listens to signals itself. The parent's word waits on the line.
            signal.signal(number, signal.SIG_IGN)
        others = [one for one in self._processes if one is not process]
        for held in (self._ear, self._mouth, *[one.listening for one in others], *[one.line for one in others]):
            if held:
                held.close()
        lines.say_pid()
        return Place(process.listening, self._sheets, self._greet, process.number - 1, line)

    def _wait(self) -> None:
        """Wait for a signal, for a process's word, or until something is due."""
        asked = {one.line: one for one in self._processes if one.line and not one.is_serving}
        heard, _, _ = select.select([self._ear, *asked], [], [], self._patience())
        for line in heard:
            if line is not self._ear:
                asked[line].hear()
                continue
            for number in self._ear.recv(64):
                if number != signal.SIGCHLD:
                    self._end(END if number == signal.SIGTERM else END_AT_ONCE)

    def _patience(self) -> float | None:
        times = [one.due for one in self._processes if not one.pid] if self._end_by is None else [self._end_by]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _end(self, word: bytes) -> None:
        """Tell everybody to end; who is told so again is to hurry."""
        is_first = self._end_by is None
        if is_first:
            self._end_by = time.monotonic() + MOST_SECONDS
        for process in self._processes:
            process.tell(word if is_first else HURRY)
            # Whoever ends must be the last to have its socket, or clients would go on knocking at it.
            process.listening.close()

    def _reap(self) -> None:
        for process in self._processes:
            if process.pid and (ended := os.waitpid(process.pid, os.WNOHANG))[0]:
                code = os.waitstatus_to_exitcode(ended[1])
                how = f"signal {-code}" if code < 0 else f"exit code {code}"
                self._gone(process, how, Exit(code) if code in set(Exit) else Exit.FAILED)
        if self._end_by is not None and time.monotonic() > self._end_by:
            self._break_off()

    def _gone(self, process: Process, how: str, code: Exit) -> None:
        pid, pause = process.pid, process.ended()
        if self._end_by is not None:
            self._code = self._code or code
            return
        log.error("server process ended", process=process.number, child=pid, how=how, again_in=pause)
        if not self._has_greeted:
            # What fails at the start fails again, and who started the server is there to see it.
            self._code = code or Exit.FAILED
            self._end(END_AT_ONCE)

    def _break_off(self) -> None:
        for process in self._processes:
            if process.pid:
                log.warning("broken off", process=process.number, child=process.pid)
                os.kill(process.pid, signal.SIGKILL)
        self._end_by = time.monotonic() + MOST_SECONDS

    def _greet_once(self) -> None:
        if not self._has_greeted and all(process.is_serving for process in self._processes):
            self._greet()
            self._has_greeted = True


@contextmanager
def _no_signals() -> Iterator[None]:
    """Hold signals back: until a new process has let go, what it is told would come out of the parent's ear."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
