"""PostgreSQL: a connection for each transaction, a deadline on every call, and a COMMIT that is never guessed at."""

import asyncio
import time
from pathlib import Path

from remotehandsd.kit.db.face import EVERY_TENANT, Held, Tx, Unavailable, WrongDatabase
from remotehandsd.kit.db.postgres_address import OWNING, SERVING, read_url
from remotehandsd.kit.db.postgres_faults import FAULTS, GONE, sorted_fault
from remotehandsd.kit.db.postgres_lines import Line, Lines
from remotehandsd.kit.db.postgres_schema import Schema
from remotehandsd.kit.db.postgres_tx import GlanceTx, PostgresTx, WalledTx

CALL_SECONDS = 10.0
"""How long a transaction may take, from the wait for a connection to the end of its COMMIT."""
LONG_SECONDS = 30.0
"""The same for a look that was said to be long."""
TIDIED_AT_ONCE = 50_000
"""How much one call of the migrations' `tidy` takes in hand at most."""
UNDO_SECONDS = 2.0
"""How long a ROLLBACK may take before the connection is given up."""

CHANGE = "BEGIN"
LOOK = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WHOLE = "; SET LOCAL enable_seqscan = on"
"""Said with the BEGIN of what takes longer than a call may: it may well be about whole tables."""


class Postgres:
    """A database of a cluster. With a wall, every transaction says for which tenant it is (see wall in migrations)."""

    def __init__(self, url: str, migrations: Path, *, owner_url: str = "", has_wall: bool = False) -> None:
        url, size = read_url(url, SERVING)
        owner_url = read_url(owner_url, OWNING)[0] if owner_url else ""
        self._lines = Lines(url, size, has_wall=has_wall)
        self._schema = Schema(url, owner_url, migrations, has_wall=has_wall)
        self._has_wall = has_wall
        self._commits: set[asyncio.Task[None]] = set()

    def write(self, tenant: int | None = None, *, seconds: float | None = None, alone: str = "") -> "Change":
        """See Database."""
        return Change(self, tenant, seconds or CALL_SECONDS, alone)

    def read(
        self, tenant: int | None = None, *, long: bool = False, seconds: float | None = None, alone: str = ""
    ) -> "Look":
        """See Database. What a long look costs, the server pays: the event loop is free meanwhile."""
        return Look(self, tenant, seconds or (LONG_SECONDS if long else CALL_SECONDS), alone)

    def glance(self, tenant: int | None = None) -> "Look | Glance":
        """See Database. With a wall it costs as much as a look: the tenant is told in a transaction only."""
        return Look(self, tenant, CALL_SECONDS, "") if self._has_wall else Glance(self)

    def _first_words(self, begin: str, tenant: int | None, seconds: float) -> str:
        if seconds > CALL_SECONDS:
            begin += WHOLE
        if not self._has_wall or tenant is None:
            return begin
        if tenant == EVERY_TENANT:
            return f"{begin}; SET LOCAL remotehands.scope = 'operator'"
        return f"{begin}; SET LOCAL remotehands.account = '{int(tenant)}'"

    def _tx(self, line: Line, deadline: float) -> PostgresTx:
        return (WalledTx if self._has_wall else PostgresTx)(line, deadline)

    async def _begun(self, begin: str, deadline: float, *, writing: bool) -> Line:
        """Return a connection on which a transaction was begun: one that died in its rest is no fault."""
        while True:
            line = await self._lines.take(deadline, writing=writing)
            try:
                await line.connection.execute(begin, timeout=max(0.001, deadline - time.monotonic()))
            except BaseException as error:
                line.end()
                self._lines.give(line, writing=writing)
                if isinstance(error, GONE) and not line.is_fresh:
                    self._lines.forget()
                    continue
                if isinstance(error, FAULTS):
                    raise sorted_fault(error) from error
                raise
            return line

    async def migrate(self) -> list[str]:
        """See Database."""
        return await self._schema.migrate()

    async def check(self) -> None:
        """See Database."""
        await self._schema.check()

    async def version(self) -> tuple[int, int]:
        """See Database."""
        async with self.glance() as tx:
            return await self._schema.version(tx)

    async def tidy(self) -> int:
        """See Database. The migrations bring a function `tidy`; it works in steps that others hardly feel."""
        done = 0
        while True:
            async with self.write(EVERY_TENANT, seconds=LONG_SECONDS) as tx:
                row = await tx.one("SELECT tidy()")
            assert row is not None
            done += int(row[0])
            # What came in the meantime can wait until the next time; else it would never end while much is written.
            if row[0] < TIDIED_AT_ONCE:
                return done

    async def copy_to(self, target: Path) -> None:
        """See Database. Not offered: PostgreSQL's own tools do it better."""
        raise WrongDatabase("PostgreSQL is backed up with its own tools: pg_dump, or pg_basebackup with WAL archiving.")

    async def close(self) -> None:
        """See Database. A COMMIT that still waits for a standby is left behind; whoever asked for it was told 503."""
        if self._commits:
            await asyncio.wait(self._commits, timeout=UNDO_SECONDS)
        await self._lines.close()


class Change:
    """One transaction that changes things: `async with db.write()`."""

    __slots__ = ("_alone", "_db", "_line", "_seconds", "_tenant", "_tx")

    def __init__(self, db: Postgres, tenant: int | None, seconds: float, alone: str) -> None:
        self._db = db
        self._tenant = tenant
        self._seconds = seconds
        self._alone = alone

    async def __aenter__(self) -> Tx:
        db, deadline = self._db, time.monotonic() + self._seconds
        self._line = await db._begun(db._first_words(CHANGE, self._tenant, self._seconds), deadline, writing=True)
        self._tx = db._tx(self._line, deadline)
        if self._alone:
            try:
                await _hold_at_once(self._tx, self._alone)
            except BaseException:
                await asyncio.shield(asyncio.create_task(self._undo()))
                raise
        return self._tx

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        is_late = self._tx.left <= 0
        if error is not None or is_late:
            await asyncio.shield(asyncio.create_task(self._undo()))
            if error is None:
                raise Unavailable("The change took too long and was taken back.")
            return
        commits = self._db._commits
        committing = asyncio.create_task(self._commit())
        commits.add(committing)
        committing.add_done_callback(commits.discard)
        # Past the deadline nobody may be left who asks how it ended.
        committing.add_done_callback(lambda task: task.exception())
        # Neither the deadline nor a client that leaves ends it: a COMMIT that was cancelled may be committed.
        done, _ = await asyncio.wait({committing}, timeout=self._tx.left)
        if not done:
            raise Unavailable("PostgreSQL has not said in time whether it kept the change.")
        committing.result()

    async def _commit(self) -> None:
        line = self._line
        line.warning = ""
        try:
            said = await line.connection.execute("COMMIT")
        except FAULTS as error:
            line.end()
            raise Unavailable(f"It is not known whether PostgreSQL kept the change: {error}.") from error
        else:
            if line.warning:
                raise Unavailable(f"PostgreSQL warned in COMMIT: {line.warning}.")
            if said != "COMMIT":
                raise Unavailable("PostgreSQL took the change back.")
        finally:
            self._db._lines.give(line, writing=True)

    async def _undo(self) -> None:
        try:
            await self._line.connection.execute("ROLLBACK", timeout=UNDO_SECONDS)
        except FAULTS:
            self._line.end()
        finally:
            self._db._lines.give(self._line, writing=True)


class Look:
    """One moment seen: `async with db.read()`."""

    __slots__ = ("_alone", "_db", "_line", "_seconds", "_tenant")

    def __init__(self, db: Postgres, tenant: int | None, seconds: float, alone: str) -> None:
        self._db = db
        self._tenant = tenant
        self._seconds = seconds
        self._alone = alone

    async def __aenter__(self) -> Tx:
        db, deadline = self._db, time.monotonic() + self._seconds
        self._line = await db._begun(db._first_words(LOOK, self._tenant, self._seconds), deadline, writing=False)
        tx = db._tx(self._line, deadline)
        if self._alone:
            try:
                await _hold_at_once(tx, self._alone)
            except BaseException:
                await asyncio.shield(asyncio.create_task(self._end()))
                raise
        return tx

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        await self._end()

    async def _end(self) -> None:
        try:
            await self._line.connection.execute("COMMIT", timeout=UNDO_SECONDS)
        except FAULTS:
            self._line.end()
        except BaseException:
            self._line.end()
            raise
        finally:
            self._db._lines.give(self._line, writing=False)


class Glance:
    """Single statements, each of which sees a moment of its own: `async with db.glance()`."""

    __slots__ = ("_db", "_tx")

    def __init__(self, db: Postgres) -> None:
        self._db = db

    async def __aenter__(self) -> Tx:
        deadline = time.monotonic() + CALL_SECONDS
        self._tx = GlanceTx(self._db._lines, await self._db._lines.take(deadline, writing=False), deadline)
        return self._tx

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._tx.give_back(is_broken=isinstance(error, asyncio.CancelledError | Unavailable))


async def _hold_at_once(tx: PostgresTx, name: str) -> None:
    row = await tx.one("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))", name=name)
    if row is None or not row[0]:
        raise Held(name)
