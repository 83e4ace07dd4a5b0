"""The embedded engine: one writer whose group of changes shares one fsync, and readers beside it.

Statements run where they stand, on the event loop: a read takes some 20 microseconds, less than handing it to
a thread. What may run long, and every COMMIT, goes to a thread.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from remotehandsd.kit.db.face import Row, Tx, Unavailable, WrongDatabase
from remotehandsd.kit.db.steps import statements, steps

T = TypeVar("T")

BUSY_SECONDS = 5.0
"""How long a writer waits for another process (a `load`, a backup) before it says that it cannot."""


PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
}
"""Faults of the machine, not of the statement: another try may succeed."""


def is_passing(error: BaseException) -> bool:
    """Tell a fault of disk or lock from a bug of ours."""
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in PASSING


class SqliteTx:
    """Statements that run at once, on the connection given."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def one(self, sql: str, **values: Any) -> Row | None:
        """See Tx."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """See Tx."""
        return self._connection.execute(sql, values).fetchall()

    async def run(self, sql: str, **values: Any) -> int:
        """See Tx."""
        return self._connection.execute(sql, values).rowcount

    async def run_many(self, sql: str, rows: Sequence[dict[str, Any]]) -> None:
        """See Tx."""
        self._connection.executemany(sql, rows)


class ThreadTx:
    """The same statements on a reader thread, for what may run long."""

    def __init__(self, inner: SqliteTx, connection: sqlite3.Connection, threads: ThreadPoolExecutor) -> None:
        self._inner = inner
        self._connection = connection
        self._threads = threads

    async def _off_the_loop(self, work: Callable[[], T]) -> T:
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            # The connection goes back to the pool: nobody else may have it while this thread still reads.
            self._connection.interrupt()
            with suppress(sqlite3.Error):
                await running
            raise

    async def one(self, sql: str, **values: Any) -> Row | None:
        """See Tx."""
        return await self._off_the_loop(lambda: self._connection.execute(sql, values).fetchone())

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """See Tx."""
        return await self._off_the_loop(lambda: self._connection.execute(sql, values).fetchall())

    async def run(self, sql: str, **values: Any) -> int:
        """See Tx."""
        return await self._inner.run(sql, **values)

    async def run_many(self, sql: str, rows: Sequence[dict[str, Any]]) -> None:
        """See Tx."""
        await self._inner.run_many(sql, rows)


class Sqlite:
    """A database file in WAL mode with synchronous=FULL: what was acknowledged survives a power cut."""

    def __init__(self, path: Path, migrations: Path) -> None:
        self._path = path
        self._migrations = migrations
        self._writer = self._connect()
        self._turn = asyncio.Lock()
        self._group: asyncio.Future[None] | None = None
        self._readers: list[sqlite3.Connection] = []
        self._committing = ThreadPoolExecutor(1, "commit")
        self._reading = ThreadPoolExecutor(2, "read")
        self._commits: set[asyncio.Task[None]] = set()

    def _connect(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=512
            )
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA cache_size=-8000")
        except (OSError, sqlite3.Error) as error:
            raise WrongDatabase(f"The database {self._path} cannot be opened: {error}.") from error
        return connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """Run one change from SAVEPOINT to RELEASE, alone; return when the group's COMMIT is on the disk."""
        async with self._turn:
            if self._group is None:
                await self._begin()
            group = self._group
            assert group is not None
            try:
                self._writer.execute("SAVEPOINT change")
                yield SqliteTx(self._writer)
                self._writer.execute("RELEASE change")
            except BaseException as error:
                self._undo(group)
                if is_passing(error):
                    raise Unavailable(str(error)) from error
                raise
        await asyncio.shield(group)

    async def _begin(self) -> None:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise Unavailable(str(error)) from error
            await asyncio.sleep(0.01)
        self._group = asyncio.get_running_loop().create_future()
        # A member that fails does not wait for the group; nobody may be left who asks how it ended.
        self._group.add_done_callback(lambda group: group.exception())
        commit = asyncio.create_task(self._commit())
        self._commits.add(commit)
        commit.add_done_callback(self._commits.discard)

    def _undo(self, group: "asyncio.Future[None]") -> None:
        """Take back one member's changes, or, where SQLite has ended the transaction, the whole group's."""
        if self._writer.in_transaction:
            try:
                self._writer.execute("ROLLBACK TO change")
                self._writer.execute("RELEASE change")
            except sqlite3.Error:
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
        if not self._writer.in_transaction:
            self._end(group, Unavailable("The transaction was lost."))

    def _end(self, group: "asyncio.Future[None]", error: Unavailable | None) -> None:
        if self._group is group:
            self._group = None
        if group.done():
            return
        if error is None:
            group.set_result(None)
        else:
            group.set_exception(error)

    async def _commit(self) -> None:
        """Commit for everybody who came before: the lock serves in the order of asking."""
        async with self._turn:
            group = self._group
            if group is None:
                return
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._committing, self._writer.execute, "COMMIT")
            except sqlite3.Error as error:
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                self._end(group, Unavailable(str(error)))
            else:
                self._end(group, None)

    @asynccontextmanager
    async def read(self, *, long: bool = False) -> AsyncIterator[Tx]:
        """See Database. Readers never see a change before its COMMIT: they have connections of their own."""
        connection = self._readers.pop() if self._readers else self._connect()
        try:
            connection.execute("BEGIN")
            inner = SqliteTx(connection)
            yield ThreadTx(inner, connection, self._reading) if long else inner
        except sqlite3.OperationalError as error:
            if is_passing(error):
                raise Unavailable(str(error)) from error
            raise
        finally:
            with suppress(sqlite3.Error):
                connection.execute("COMMIT")
            self._readers.append(connection)

    async def migrate(self) -> list[str]:
        """See Database. The write lock is taken first, so that two servers may start at once."""
        return await self._in_thread(self._migrate)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._committing, work)

    def _migrate(self) -> list[str]:
        known = steps(self._migrations)
        if self._version() == len(known):
            return []
        self._writer.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 12_000)}")
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            done = self._version()
            if done > len(known):
                raise WrongDatabase(
                    f"The database is of version {done}, newer than this program's {len(known)}: "
                    "install a newer remotehandsd."
                )
            for number, path in known[done:]:
                for statement in statements(path.read_text()):
                    self._writer.execute(statement)
                self._writer.execute(f"PRAGMA user_version={number}")
            self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            raise WrongDatabase(f"The database could not be migrated: {error}.") from error
        finally:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            self._writer.execute("PRAGMA busy_timeout=0")
        return [path.stem for _, path in known[done:]]

    def _version(self) -> int:
        try:
            return int(self._writer.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.DatabaseError as error:
            raise WrongDatabase(f"{self._path} is not a database of ours: {error}.") from error

    async def version(self) -> tuple[int, int]:
        """See Database."""
        async with self.read() as tx:
            row = await tx.one("PRAGMA user_version")
        assert row is not None
        return int(row[0]), len(steps(self._migrations))

    async def copy_to(self, target: Path) -> None:
        """See Database. SQLite's own online backup; writers go on while it runs."""

        def copy() -> None:
            source, copied = self._connect(), sqlite3.connect(target)
            try:
                source.backup(copied)
                copied.execute("PRAGMA journal_mode=DELETE")
            finally:
                copied.close()
                source.close()

        try:
            await asyncio.to_thread(copy)
        except sqlite3.Error as error:
            raise Unavailable(str(error)) from error

    async def close(self) -> None:
        """See Database."""
        waiting: list[Awaitable[None]] = list(self._commits)
        await asyncio.gather(*waiting)
        self._committing.shutdown()
        self._reading.shutdown()
        for connection in (*self._readers, self._writer):
            connection.close()
