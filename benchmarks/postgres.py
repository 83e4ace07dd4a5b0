"""A throw-away PostgreSQL cluster, from the programs that are on the machine; the tests use it, too.

The server refuses to be root's: run by root, it is the Debian package's own user `postgres` who starts it.
"""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.debian import install

DEBIAN = Path("/usr/lib/postgresql")
PACKAGE = "postgresql"
OWNER = "postgres"
READY_SECONDS = 30
MEMORY = Path("/dev/shm")
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests that are not about what survives."""


class NoPostgres(Exception):  # noqa: N818
    """The programs are not here and cannot be installed; a sentence says why."""


def programs() -> Path:
    """Return the folder with initdb and postgres, of version 15 or newer; installs it where it can."""
    found = _found()
    if found is None:
        why = install(PACKAGE)
        found = _found()
        if found is None:
            raise NoPostgres(f"PostgreSQL 15 or newer is not installed (initdb, postgres): {why}.")
    return found


def _found() -> Path | None:
    folders = [path for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit() and int(path.parent.name) >= 15]
    folders.sort(key=lambda path: -int(path.parent.name))
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Cluster:
    """One cluster in a folder of its own, on a Unix socket and on a free port of this machine.

    A folder that is given is kept, and used again when it holds a cluster.
    """

    def __init__(self, settings: dict[str, str] | None = None, *, folder: Path | None = None) -> None:
        self.bin = programs()
        self._folder = folder or Path(tempfile.mkdtemp(prefix="remotehands-pg-", dir=_place(settings)))
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o755)
        self.data = self._folder / "data"
        self.log = self._folder / "log"
        self.port = _free_port()
        self.password = secrets.token_hex(8)
        self._settings = settings or {}
        self._server: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            shutil.chown(self._folder, OWNER)
        if not self.data.exists():
            self._make()
        self.start()

    def _as_owner(self, *command: str) -> list[str]:
        return (
            ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups", *command]
            if os.geteuid() == 0
            else [*command]
        )

    def _make(self) -> None:
        """Make the cluster: this machine's socket is trusted, the port asks for a password."""
        password = self._folder / "password"
        password.write_text(self.password)
        password.chmod(0o644)
        self._run(
            "initdb",
            "--pgdata", str(self.data), "--username", OWNER, "--pwfile", str(password), "--no-sync",
            "--auth-local", "trust", "--auth-host", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8",
        )  # fmt: skip
        password.unlink()

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            self._as_owner(str(self.bin / program), *arguments),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
        if done.returncode != 0:
            raise NoPostgres(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            "max_connections": "200",
            "shared_buffers": "128MB",
            **self._settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                self._as_owner(str(self.bin / "postgres"), "-D", str(self.data), *options),
                stdout=log,
                stderr=log,
                cwd="/",
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise NoPostgres(f"PostgreSQL did not start: {self.log.read_text()[-1000:]}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        with suppress(OSError, NoPostgres):
            self.sql("SELECT 1")
            return True
        return False

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement as the superuser and return what psql prints, unaligned and without heads."""
        return self._run(
            "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self._folder), "-p", str(self.port), "-U", OWNER,
            "-d", database, "-c", statement,
        ).strip()  # fmt: skip

    def url(self, database: str, *, user: str = OWNER, more: str = "") -> str:
        """Return the address of a database over the trusted socket."""
        return f"postgresql:///{database}?host={self._folder}&port={self.port}&user={user}{more}"

    def url_with_password(self, database: str, *, user: str = OWNER, password: str = "") -> str:
        """Return the address over the port, which asks for a password."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def folder(self) -> Path:
        """The folder of the socket."""
        return self._folder

    @property
    def pid(self) -> int:
        """The server's process, which is everybody's parent."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @property
    def runs(self) -> bool:
        """Tell whether the server that was started has not ended."""
        return self._server is not None and self._server.poll() is None

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast` ends the sessions, `immediate` leaves the rest to recovery."""
        if self._server is None:
            return
        self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-w")
        self._server.wait(READY_SECONDS)
        self._server = None

    def kill(self) -> None:
        """End the server's parent process as a crash would; its children follow."""
        assert self._server is not None
        os.kill(self.pid, 9)
        self._server.wait(READY_SECONDS)
        self._server = None

    def remove(self) -> None:
        """Stop it and leave nothing."""
        with suppress(NoPostgres):
            self.stop("immediate")
        shutil.rmtree(self._folder, ignore_errors=True)


def _place(settings: dict[str, str] | None) -> Path | None:
    """Return where the folder is made: in memory where nothing needs to survive, since making a database is slow."""
    return MEMORY if settings == QUICK and MEMORY.is_dir() else None


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
