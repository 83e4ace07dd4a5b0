"""What a document tells its reader to type, and `make run` as he types it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parent.parent
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def blocks(text: str, language: str = "bash") -> list[tuple[str, str]]:
    """Return every block of a document in a language, with the heading that it stands under."""
    found = []
    for match in re.finditer(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
        heading = HEADING.findall(text[: match.start()])[-1]
        lines = [line.removeprefix(match[1]) for line in match[2].splitlines()]
        found.append((heading, "\n".join(lines)))
    return found


def users_environment(**more: str) -> dict[str, str]:
    """Return an environment in which no other make and no other settings are felt."""
    foreign = ("MAKE", "MFLAGS", "REMOTEHANDS_", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"REMOTEHANDS_MIN_FREE": "1000"} | more


class Run:
    """`make run` on a free port, with the environment that the tests themselves run in."""

    def __init__(self, data: Path, log: Path) -> None:
        self._log = log
        with log.open("w") as out:
            # The installation is as old as the tests': it is left alone, whatever its time stamps say.
            self.process = subprocess.Popen(
                ["make", "--old-file", f"{sys.prefix}/.server", "run", f"VENV={sys.prefix}", "PORT=0"],
                cwd=ROOT,
                env=users_environment(REMOTEHANDS_DATA=str(data)),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.url = self._wait()

    def _wait(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            said = self._log.read_text()
            if self.process.poll() is not None:
                raise AssertionError(f"make run ended: {said}")
            # The whole greeting is printed at once, when the server listens.
            found = re.search(r"serves on (http://\S+)\n", said)
            if found:
                return found[1]
            time.sleep(0.05)
        raise AssertionError(f"make run did not begin to serve: {self._log.read_text()}")

    def end(self) -> int:
        """Send SIGTERM to the server; make passes its exit code on, 0 as 0."""
        (server,) = psutil.Process(self.process.pid).children()
        server.terminate()
        return self.process.wait(40)

    def kill(self) -> None:
        if self.process.poll() is None:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                process.kill()
            self.process.kill()
            self.process.wait(10)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "the data"


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Iterator[Run]:
    started = Run(data, tmp_path / "make-run.log")
    yield started
    started.kill()
