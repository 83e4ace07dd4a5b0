"""A server that may be killed again and again: `python tests/mortal.py` prints its port, and the number of each process.

It is `remotehandsd serve` from the moment on where several server processes would part: what is loaded is loaded once,
the socket is held by the parent, and a process that was killed is followed by the next at once. Leases are short, so
that a test need not wait for what a dead process held.
"""

import asyncio
import os
import sys

from remotehandsd import leases
from remotehandsd.jobs import keeping
from remotehandsd.leases import lease

# Before anything is derived from them.
keeping.LEASE_SECONDS = lease.LEASE_SECONDS = leases.LEASE_SECONDS = 1

from remotehandsd.cli.listening import listen  # noqa: E402
from remotehandsd.cli.process import Place  # noqa: E402
from remotehandsd.cli.serve import _prepared, _serve  # noqa: E402
from remotehandsd.kit import log  # noqa: E402
from remotehandsd.settings import read_settings  # noqa: E402
from remotehandsd.web.measures import sheets_for  # noqa: E402
from remotehandsd.worker import loop, turn  # noqa: E402

turn.ASKED_EVERY = loop.STANDBY_SECONDS = 0.1


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Serve until the parent is ended."""
    settings = read_settings()
    log.start("warning")
    asyncio.run(_prepared(settings, False))
    [listening] = listen("127.0.0.1", 0, 1)
    _say(f"port {listening.getsockname()[1]}")
    while True:
        pid = os.fork()
        if not pid:
            place = Place(listening, sheets_for(1), lambda: _say(f"pid {os.getpid()}"))
            asyncio.run(_serve(settings, place, None, with_worker=True))
            sys.exit()
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
