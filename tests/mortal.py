"""A server that may be killed again and again: `python tests/mortal.py` prints its port, and the number of each process.

It is `remotehandsd serve` from the moment on where several server processes would part: what is loaded is loaded once,
the socket is held by the parent, and a process that was killed is followed by the next at once. Leases are short, so
that a test need not wait for what a dead process held.

A request that carries the header `die: unanswered` ends the process that serves it with kill -9 after everything was
done, where the answer would go out.
"""

import asyncio
import os
import signal
import sys

from remotehandsd import leases
from remotehandsd.jobs import keeping
from remotehandsd.leases import lease

# Before anything is derived from them.
keeping.LEASE_SECONDS = lease.LEASE_SECONDS = leases.LEASE_SECONDS = 1

from starlette.types import Message, Receive, Scope, Send  # noqa: E402

from remotehandsd import app  # noqa: E402
from remotehandsd.cli import serve  # noqa: E402
from remotehandsd.cli.listening import listen  # noqa: E402
from remotehandsd.cli.process import Place  # noqa: E402
from remotehandsd.kit import log  # noqa: E402
from remotehandsd.settings import read_settings  # noqa: E402
from remotehandsd.web.measures import sheets_for  # noqa: E402
from remotehandsd.worker import loop, turn  # noqa: E402

turn.ASKED_EVERY = loop.STANDBY_SECONDS = 0.1


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


class MortalDoor(app.Door):
    """The server's own door, which a request may ask to die on its way out."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, unless it is to stay unanswered."""

        async def die(message: Message) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        is_last = (b"die", b"unanswered") in scope.get("headers", ())
        await super().__call__(scope, receive, die if is_last else send)


def main() -> None:
    """Serve until the parent is ended."""
    app.Door = MortalDoor  # type: ignore[misc]
    settings = read_settings()
    log.start("warning")
    asyncio.run(serve._prepared(settings, False))
    [listening] = listen("127.0.0.1", 0, 1)
    _say(f"port {listening.getsockname()[1]}")
    while True:
        pid = os.fork()
        if not pid:
            place = Place(listening, sheets_for(1), lambda: _say(f"pid {os.getpid()}"))
            asyncio.run(serve._serve(settings, place, None, with_worker=True))
            sys.exit()
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
