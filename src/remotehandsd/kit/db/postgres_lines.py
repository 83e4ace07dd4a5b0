"""Connections to PostgreSQL, lent one by one.

The driver has a pool, too; ours is for what that one does not do: keep some connections back for readers, tell a
connection that died in its rest from a fault, and come back without another trip to the server (see
docs/decisions/database.md).
"""

import asyncio
import time
from contextlib import suppress
from typing import Any, TypeAlias

import asyncpg

from remotehandsd.kit.db.face import Unavailable
from remotehandsd.kit.db.postgres_faults import FAULTS, unavailable

CONNECT_SECONDS = 5.0
STATEMENTS_KEPT = 512
"""Prepared statements that a connection remembers; the program has some two hundred."""
SETTINGS = {
    "application_name": "remotehandsd",
    # A warning in a COMMIT is an unknown outcome: it must arrive, whatever a role's settings say.
    "client_min_messages": "warning",
    "default_transaction_isolation": "read committed",
    # A plan is made once for a statement, not for the values of each call; the statements are written so that there
    # is one good way.
    "plan_cache_mode": "force_generic_plan",
    # Not knowing how many rows a page has, such a plan would join and sort whole tables. Ours are short walks.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "0",
    # A plan made while a table is small is kept while it grows: it must go by the index from the beginning.
    "enable_seqscan": "off",
    # What it compiles for a long query costs more than any of ours takes.
    "jit": "off",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
}

Connection: TypeAlias = asyncpg.Connection


class Line:
    """One connection, and whether the server warned on it."""

    __slots__ = ("connection", "is_fresh", "warning")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.is_fresh = True
        self.warning = ""
        connection.add_log_listener(self._hear)

    def _hear(self, connection: object, message: Any) -> None:
        if message.severity_en == "WARNING":
            self.warning = str(message)

    def end(self) -> None:
        """Close at once, without waiting for the server."""
        self.connection.terminate()


class Lines:
    """At most `size` connections, opened when they are wanted; `writers` of them at once may be changing things.

    A COMMIT that waits for a standby holds its connection: readers always find one all the same.
    """

    def __init__(self, url: str, size: int, *, has_wall: bool) -> None:
        self._url = url
        self._has_wall = has_wall
        self._free: list[Line] = []
        self._all = asyncio.Semaphore(size)
        self._writers = asyncio.Semaphore(max(1, size - max(1, size // 4)))
        self._is_closed = False

    async def take(self, deadline: float, *, writing: bool) -> Line:
        """Return a connection that was alive a moment ago; Unavailable when there is none by the deadline."""
        if writing:
            await _acquire(self._writers, deadline)
        try:
            await _acquire(self._all, deadline)
            try:
                return self._rested() or await self._opened(deadline)
            except BaseException:
                self._all.release()
                raise
        except BaseException:
            if writing:
                self._writers.release()
            raise

    def _rested(self) -> Line | None:
        while self._free:
            line = self._free.pop()
            if not line.connection.is_closed():
                line.is_fresh = False
                return line
            line.end()
        return None

    async def _opened(self, deadline: float) -> Line:
        seconds = min(CONNECT_SECONDS, deadline - time.monotonic())
        try:
            return Line(await connect(self._url, seconds, has_wall=self._has_wall))
        except FAULTS as error:
            # Whatever it is, nothing was asked yet: the address or the server is at fault.
            raise unavailable(error) from error

    def give(self, line: Line, *, writing: bool) -> None:
        """Take a connection back; one that is closed, or in the middle of something, is ended."""
        line.warning = ""
        if self._is_closed or line.connection.is_closed() or line.connection.is_in_transaction():
            line.end()
        else:
            self._free.append(line)
        self._all.release()
        if writing:
            self._writers.release()

    def forget(self) -> None:
        """End every connection that rests: where one was cut off, the others are too."""
        for line in self._free:
            line.end()
        self._free.clear()

    async def close(self) -> None:
        """End every connection that rests; those that are lent end when they come back."""
        self._is_closed = True
        for line in self._free:
            with suppress(*FAULTS):
                await line.connection.close(timeout=1)
        self._free.clear()


WITHOUT_WALL = {"remotehands.scope": "operator"}
"""Said on every connection of a process without the wall: one that is raised while it runs must not hide rows from
it, or its sweep would take every file for nobody's."""


async def connect(url: str, seconds: float, *, has_wall: bool) -> Connection:
    """Open one connection with our settings."""
    return await asyncpg.connect(
        url,
        timeout=max(0.1, seconds),
        statement_cache_size=STATEMENTS_KEPT,
        max_cached_statement_lifetime=0,
        server_settings=SETTINGS if has_wall else SETTINGS | WITHOUT_WALL,
    )


async def _acquire(places: asyncio.Semaphore, deadline: float) -> None:
    if not places.locked():
        await places.acquire()
        return
    try:
        await asyncio.wait_for(places.acquire(), deadline - time.monotonic())
    except TimeoutError:
        raise Unavailable("Every connection to the database is in use.") from None
