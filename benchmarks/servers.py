"""Starting the programs that are measured, and looking at them from outside."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import msgspec
import psutil  # type: ignore[import-untyped]

START_SECONDS = 30
END_SECONDS = 40


class Home(msgspec.Struct, frozen=True):
    """Where a server lives: its folder, the settings that are not as they come, how many processes it has."""

    folder: Path
    settings: dict[str, str] = {}
    processes: int = 1

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of its programs: the data in a folder of its own, everything else as it comes."""
        return {"PATH": os.environ["PATH"], "REMOTEHANDS_DATA": str(self.folder / "data"), **self.settings}


class Program:
    """A server in processes of its own on a free port of the loopback, its output in files of its home."""

    def __init__(self, home: Home, name: str, *command: str) -> None:
        self.log = home.folder / f"{name}.log"
        self._out = home.folder / f"{name}.out"
        self._began = time.perf_counter()
        with self.log.open("w") as err, self._out.open("w") as out:
            self._process = subprocess.Popen(command, env=home.environment, cwd=Path.cwd(), stdout=out, stderr=err)
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
        """Ask it to end, and wait until it and its children have."""
        if self._process.poll() is not None:
            return
        children = psutil.Process(self.pid).children(recursive=True)
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        for process in (self._process, *children):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()


def end_in_order() -> None:
    """On SIGTERM end what was started, as on Ctrl-C, and remove its folders."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def remotehandsd() -> str:
    """Return the command as it was installed."""
    return str(Path(sys.executable).with_name("remotehandsd"))


def run(home: Home, *arguments: str) -> str:
    """Run `remotehandsd` to its end and return what it printed."""
    done = subprocess.run(
        [remotehandsd(), *arguments], env=home.environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"remotehandsd {arguments[0]}: {done.stderr}")
    return done.stdout.strip()


def remove_data(home: Home) -> None:
    """Forget what a home holds."""
    shutil.rmtree(home.folder / "data", ignore_errors=True)


def serve(home: Home, name: str = "server", *options: str) -> Program:
    """Start the server as a user would. Not the playground: its robot would work meanwhile."""
    workers = ("--workers", str(home.processes)) if home.processes > 1 else ()
    return Program(home, name, remotehandsd(), "serve", "--port", "0", *workers, *options)


def hello(home: Home, processes: int) -> Program:
    """Start the bare application."""
    return Program(home, f"hello-{processes}", sys.executable, "-m", "benchmarks.hello", str(processes))
