"""The embedded engine: one writer whose group of changes shares one fsync, and readers beside it.

Statements run where they stand, on the event loop: a read takes less time than handing it to
a thread. What may run long, and every COMMIT, goes to a thread.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from remotehandsd.kit.db.face import Held, Tx, Unavailable, WrongDatabase
from remotehandsd.kit.db.sqlite_looks import Glance, Look
from remotehandsd.kit.db.sqlite_tx import SqliteTx, is_passing
from remotehandsd.kit.db.steps import statements, steps

T = TypeVar("T")

READING_THREADS = 2
KEPT_READERS = 8
"""Idle reader connections that are kept open."""
BUSY_SECONDS = 5.0
"""How long a writer waits for another process (a `load`, a backup) before it says that it cannot."""


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
        self._reading = ThreadPoolExecutor(READING_THREADS, "read")
        self._long_looks = asyncio.Semaphore(READING_THREADS)
        self._commits: set[asyncio.Task[None]] = set()
        self._held: set[str] = set()

    def _hold(self, name: str) -> None:
        """Hold a name before the turn is waited for: who waits must not pass for one who has not begun."""
        if name in self._held:
            raise Held(name)
        if name:
            self._held.add(name)

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

    def write(self, tenant: int | None = None, *, seconds: float | None = None, alone: str = "") -> "Change":
        """Run one change from SAVEPOINT to RELEASE, alone; return when the group's COMMIT is on the disk."""
        return Change(self, alone)

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

    def read(
        self, tenant: int | None = None, *, long: bool = False, seconds: float | None = None, alone: str = ""
    ) -> Look:
        """See Database. Readers never see a change before its COMMIT: they have connections of their own."""
        return Look(self, long, alone)

    def glance(self, tenant: int | None = None) -> Glance:
        """See Database."""
        return Glance(self)

    def _reader(self) -> sqlite3.Connection:
        return self._readers.pop() if self._readers else self._connect()

    def _rest(self, reader: sqlite3.Connection) -> None:
        if len(self._readers) < KEPT_READERS:
            self._readers.append(reader)
        else:
            reader.close()

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

    async def check(self) -> None:
        """See Database. What can be wrong with a file was seen when it was opened."""

    async def version(self) -> tuple[int, int]:
        """See Database."""
        async with self.read() as tx:
            row = await tx.one("PRAGMA user_version")
        assert row is not None
        return int(row[0]), len(steps(self._migrations))

    async def tidy(self) -> int:
        """See Database. Nothing is put off here."""
        return 0

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


class Change:
    """One member of a group: `async with db.write()`."""

    __slots__ = ("_alone", "_db", "_group")

    def __init__(self, db: Sqlite, alone: str) -> None:
        self._db = db
        self._alone = alone

    async def __aenter__(self) -> Tx:
        self._db._hold(self._alone)
        try:
            return await self._begun()
        except BaseException:
            self._db._held.discard(self._alone)
            raise

    async def _begun(self) -> Tx:
        db = self._db
        await db._turn.acquire()
        try:
            if db._group is None:
                await db._begin()
            assert db._group is not None
            self._group = db._group
            db._writer.execute("SAVEPOINT change")
        except BaseException:
            db._turn.release()
            raise
        return SqliteTx(db._writer)

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        db = self._db
        try:
            if error is None:
                try:
                    db._writer.execute("RELEASE change")
                except sqlite3.Error as late:
                    error = late
            if error is not None:
                db._held.discard(self._alone)
                db._undo(self._group)
                if is_passing(error):
                    raise Unavailable(str(error)) from error
                raise error
        finally:
            db._turn.release()
        if self._alone:
            # Not before the COMMIT, even if nobody waits for it any more.
            self._group.add_done_callback(lambda group: db._held.discard(self._alone))
        await asyncio.shield(self._group)
