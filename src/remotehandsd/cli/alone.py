"""One server for one data folder, on the embedded engine."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remotehandsd.cli.faults import Exit, fail

ADVICE = "Stop that one first, or give this one another folder: REMOTEHANDS_DATA."


@contextmanager
def only_server_of(folder: Path) -> Iterator[None]:
    """Hold a data folder for this server; exits with a clear line when another one serves it.

    Two would do each other's work, each by its own settings: mails logged by one that the other should have sent.
    The system lets go of it when the process ends, however it does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "serving").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise fail(Exit.FAILED, f"{folder} is served already, by process {file.read().strip()}.", ADVICE) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
