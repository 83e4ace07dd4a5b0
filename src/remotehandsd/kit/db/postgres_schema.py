"""The schema on PostgreSQL: numbered steps, one lock, and the second wall between tenants."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from remotehandsd.kit.db.face import Tx, WrongDatabase
from remotehandsd.kit.db.postgres_address import OWNING, SERVING
from remotehandsd.kit.db.postgres_faults import FAULTS, starting_fault
from remotehandsd.kit.db.postgres_lines import CONNECT_SECONDS, Connection, connect
from remotehandsd.kit.db.steps import steps

LOCK_SECONDS = 60.0
"""How long a server waits for another one that migrates."""
OLDEST = 15
"""Since PostgreSQL 15 a view can be read with the rights of who reads it, which the wall needs."""

LOCK = "SELECT pg_advisory_lock(hashtextextended('remotehands schema', 0))"
LIST_OF_STEPS = """
    CREATE TABLE IF NOT EXISTS schema_steps (
        number BIGINT PRIMARY KEY,
        name TEXT NOT NULL,
        done_at TIMESTAMPTZ NOT NULL DEFAULT now()
    )
"""
DONE = "SELECT COALESCE(MAX(number), 0) FROM schema_steps"


class Schema:
    """Brings a database to this program's version, by the owner's URL where there is one."""

    def __init__(self, url: str, owner_url: str, migrations: Path, *, has_wall: bool) -> None:
        self._url = url
        self._owner_url = owner_url or ("" if has_wall else url)
        self._migrations = migrations
        self._has_wall = has_wall

    async def version(self, tx: Tx) -> tuple[int, int]:
        """Return the number of the last step that was done, and of the newest that this program knows."""
        try:
            row = await tx.one(DONE)
        except asyncpg.UndefinedTableError:
            row = (0,)
        assert row is not None
        return int(row[0]), len(steps(self._migrations))

    async def migrate(self) -> list[str]:
        """Do the steps that are missing; without the owner's URL only look whether any are."""
        done: list[str] = []
        if self._owner_url:
            setting = SERVING if self._owner_url == self._url else OWNING
            async with self._opened(self._owner_url, setting) as connection:
                done = await self._do_steps(connection)
                if await connection.fetchval("SELECT count_transactions_on()"):
                    done.append("transactions counted on from those of the events")
                if self._has_wall and await self._raise_wall(connection):
                    done.append("wall between tenants")
        await self.check()
        return done

    @asynccontextmanager
    async def _opened(self, url: str, setting: str) -> AsyncIterator[Connection]:
        try:
            connection = await connect(url, CONNECT_SECONDS, has_wall=False)
            try:
                yield connection
            finally:
                with suppress(*FAULTS):
                    await connection.close(timeout=CONNECT_SECONDS)
        except FAULTS as error:
            raise starting_fault(error, setting) from error

    async def _do_steps(self, connection: Connection) -> list[str]:
        if connection.get_server_version().major < OLDEST:
            raise WrongDatabase("PostgreSQL 15 or newer is needed.")
        known = steps(self._migrations)
        if await _done(connection) == len(known):
            return []
        await connection.execute(LOCK, timeout=LOCK_SECONDS)
        await connection.execute(LIST_OF_STEPS)
        done = await _done(connection)
        _refuse_newer(done, len(known))
        for number, path in known[done:]:
            try:
                async with connection.transaction():
                    await connection.execute(path.read_text(), timeout=None)
                    await connection.execute(
                        "INSERT INTO schema_steps (number, name) VALUES ($1, $2)", number, path.stem
                    )
            except asyncpg.PostgresError as error:
                raise WrongDatabase(f"The database could not be migrated ({path.stem}): {error}.") from error
        return [path.stem for _, path in known[done:]]

    async def _raise_wall(self, owner: Connection) -> bool:
        """Put row level security in place for the role that serves; tell whether it was not."""
        async with self._opened(self._url, SERVING) as connection:
            role = await connection.fetchval("SELECT current_user")
        if not await owner.fetch("SELECT fault FROM wall_faults($1)", role):
            return False
        await owner.execute("SELECT raise_wall($1)", role)
        return True

    async def check(self) -> None:
        """Refuse another version, and a wall that is not as the settings say."""
        async with self._opened(self._url, SERVING) as connection:
            known, done = len(steps(self._migrations)), await _done(connection)
            _refuse_newer(done, known)
            if done < known:
                raise WrongDatabase(
                    f"The database is of version {done}, this program needs {known}: "
                    "run `remotehandsd migrate` with REMOTEHANDS_MIGRATION_URL, the owner's."
                )
            await self._check_wall(connection)

    async def _check_wall(self, connection: Connection) -> None:
        faults = [row[0] for row in await connection.fetch("SELECT fault FROM wall_faults(current_user)")]
        if self._has_wall and faults:
            raise WrongDatabase("REMOTEHANDS_TENANT_WALL: " + " ".join(faults))
        if not self._has_wall and await connection.fetchval("SELECT wall_holds(current_user)"):
            raise WrongDatabase(
                "REMOTEHANDS_TENANT_WALL: row level security is in force in the database; set it to yes, "
                "or let the database's owner run `SELECT lower_wall()`."
            )


async def _done(connection: Connection) -> int:
    try:
        return int(await connection.fetchval(DONE))
    except asyncpg.UndefinedTableError:
        return 0


def _refuse_newer(done: int, known: int) -> None:
    if done > known:
        raise WrongDatabase(
            f"The database is of version {done}, newer than this program's {known}: install a newer remotehandsd."
        )
