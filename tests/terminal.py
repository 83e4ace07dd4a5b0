"""The customers' command as it is typed: in a pipe, or at a terminal by somebody who answers."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cast import Server
from live import SECRET

COMMAND = [sys.executable, "-m", "remotehands"]
Environment = dict[str, str]
Done = subprocess.CompletedProcess[str]


class Terminal:
    """A command at a pseudo terminal."""

    def __init__(self, arguments: list[str], environment: Environment, folder: Path) -> None:
        self._line, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "50"},
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self._raw = ""
        self._read = 0

    @property
    def said(self) -> str:
        """What was shown, without colours and movements."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self._raw).replace("\r\n", "\n")

    @property
    def raw(self) -> str:
        return self._raw

    def expect(self, text: str) -> None:
        """Wait until a text is shown, after what was expected before."""
        deadline = time.monotonic() + 20
        while text not in self.said[self._read :]:
            if not self._more(deadline):
                raise AssertionError(f"{text!r} was not shown: {self.said}")
        self._read = self.said.index(text, self._read) + len(text)

    def answer(self, text: str) -> None:
        os.write(self._line, f"{text}\n".encode())

    def asked(self, question: str, answer: str) -> None:
        self.expect(question)
        self.answer(answer)

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def interrupt_the_question(self) -> int:
        """Press Ctrl-C until it ends: one that comes just before Python's `input` waits is heard at the next key."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            self.interrupt()
            while self._more(time.monotonic() + 0.5):
                pass
        return self.process.wait(10)

    def end(self) -> int:
        """Wait for the end and return the exit code."""
        deadline = time.monotonic() + 20
        while self._more(deadline):
            pass
        os.close(self._line)
        return self.process.wait(10)

    def _more(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._line], [], [], max(0, deadline - time.monotonic()))
        try:
            data = os.read(self._line, 65536) if ready else b""
        except OSError:  # Linux's word for the other side being closed
            data = b""
        self._raw += data.decode()
        return bool(data)


@pytest.fixture
def user(tmp_path: Path) -> Environment:
    """The environment of somebody who has no profile yet."""
    home = tmp_path / "user"
    home.mkdir()
    return {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CONFIG_HOME": str(home / "configuration")}


@pytest.fixture
def ada_there(user: Environment, live: Server) -> Environment:
    """Ada's environment, with her credential for the server under test."""
    return user | {
        "REMOTEHANDS_URL": live.url,
        "REMOTEHANDS_CLIENT_ID": "ada",
        "REMOTEHANDS_CLIENT_SECRET": SECRET.format("ada"),
    }


def typed(environment: Environment, *arguments: object, given: str | None = None) -> Done:
    """Run the command in pipes; nothing that it says is a traceback."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment,
        cwd=environment["HOME"],
        input=given,
        stdin=None if given is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def hands(ada_there: Environment) -> Callable[..., Done]:
    """Run the command as Ada, in pipes."""

    def run(*arguments: object, given: str | None = None, **more: str) -> Done:
        return typed(ada_there | more, *arguments, given=given)

    return run


@pytest.fixture
def terminal(ada_there: Environment) -> Iterator[Callable[..., Terminal]]:
    """Run the command as Ada, at a terminal."""
    opened: list[Terminal] = []

    def run(*arguments: object, **more: str) -> Terminal:
        opened.append(Terminal([str(each) for each in arguments], ada_there | more, Path(ada_there["HOME"])))
        return opened[-1]

    yield run
    for each in opened:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait(10)
