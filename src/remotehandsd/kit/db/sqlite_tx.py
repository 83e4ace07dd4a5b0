"""Transactions of the embedded engine: statements that run where they stand, or on a reader thread."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

from remotehandsd.kit.db.face import Row

T = TypeVar("T")

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

    async def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """See Tx."""
        places = ", ".join("?" * len(columns))
        self._connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608 - names of ours
            rows,
        )

    async def numbers(self, table: str, column: str, count: int) -> list[int]:
        """See Tx. AUTOINCREMENT's own counter is moved on."""
        last = await self.one("SELECT seq FROM sqlite_sequence WHERE name = :table", table=table)
        first = (last[0] if last else 0) + 1
        await self.run("UPDATE sqlite_sequence SET seq = seq + :count WHERE name = :table", count=count, table=table)
        return list(range(first, first + count))

    async def hold(self, name: str) -> None:
        """See Tx. There is one writer."""


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

    async def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """See Tx."""
        await self._inner.add_rows(table, columns, rows)

    async def numbers(self, table: str, column: str, count: int) -> list[int]:
        """See Tx."""
        return await self._inner.numbers(table, column, count)

    async def hold(self, name: str) -> None:
        """See Tx."""
