"""Starting the programs that are measured, and looking at them from outside."""

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

START_SECONDS = 30
END_SECONDS = 40


class Program:
    """A server in a process of its own on a free port of the loopback, its output in files of `folder`."""

    def __init__(self, folder: Path, name: str, *command: str) -> None:
        self.log = folder / f"{name}.log"
        self._out = folder / f"{name}.out"
        self._began = time.perf_counter()
        with self.log.open("w") as err, self._out.open("w") as out:
            self._process = subprocess.Popen(command, env=environment(folder), cwd=Path.cwd(), stdout=out, stderr=err)
        self.pid = self._process.pid
        self.url = self._announced()
        self.port = int(self.url.rpartition(":")[2])

    def _announced(self) -> str:
        while time.perf_counter() - self._began < START_SECONDS:
            if found := re.search(r"http://127\.0\.0\.1:\d+(?=\s)", self._out.read_text()):
                return found[0]
            if self._process.poll() is not None:
                break
            time.sleep(0.005)
        self.end()
        raise SystemExit(f"{self._process.args!r} did not start: {self.log.read_text()}")

    def wait_until_ready(self) -> float:
        """Return the seconds from the start of the process to the first 200 on /readyz."""
        with httpx.Client() as client:
            while time.perf_counter() - self._began < START_SECONDS:
                with suppress(httpx.TransportError):
                    if client.get(f"{self.url}/readyz").status_code == 200:
                        return time.perf_counter() - self._began
                time.sleep(0.005)
        raise SystemExit("The server did not get ready.")

    def resident(self) -> float:
        """Return the memory of the process and its children in MB of 2^20 bytes."""
        process = psutil.Process(self.pid)
        every = (process, *process.children(recursive=True))
        return float(sum(each.memory_info().rss for each in every)) / 2**20

    def end(self) -> None:
        """Ask it to end, and wait until it has."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def environment(folder: Path) -> dict[str, str]:
    """Return the settings: the embedded default in a folder of its own, everything else as it comes."""
    return {"PATH": os.environ["PATH"], "REMOTEHANDS_DATA": str(folder / "data")}


def remotehandsd() -> str:
    """Return the command as it was installed."""
    return str(Path(sys.executable).with_name("remotehandsd"))


def run(folder: Path, *arguments: str) -> str:
    """Run `remotehandsd` to its end and return what it printed."""
    done = subprocess.run(
        [remotehandsd(), *arguments], env=environment(folder), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"remotehandsd {arguments[0]}: {done.stderr}")
    return done.stdout.strip()


def serve(folder: Path, name: str) -> Program:
    """Start the server as a user would. Not the playground: its robot would work meanwhile."""
    return Program(folder, name, remotehandsd(), "serve", "--port", "0")


def floor(folder: Path) -> Program:
    """Start the bare application."""
    return Program(folder, "hello", sys.executable, "-m", "benchmarks.hello")
