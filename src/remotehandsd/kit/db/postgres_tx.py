"""Transactions on PostgreSQL, each on a connection of its own, each statement within the transaction's deadline."""

import time
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

from remotehandsd.kit.db.face import Row, Unavailable
from remotehandsd.kit.db.named import numbered
from remotehandsd.kit.db.postgres_faults import FAULTS, sorted_fault
from remotehandsd.kit.db.postgres_lines import Line, Lines

T = TypeVar("T")


class PostgresTx:
    """Statements on one connection. A statement that runs past the deadline is cancelled."""

    __slots__ = ("_connection", "_deadline")

    def __init__(self, line: Line, deadline: float) -> None:
        self._connection = line.connection
        self._deadline = deadline

    @property
    def left(self) -> float:
        """Return the seconds that are left; below 0 the deadline is over."""
        return self._deadline - time.monotonic()

    async def _answer(self, call: Awaitable[T]) -> T:
        try:
            return await call
        except FAULTS as error:
            raise sorted_fault(error) from error

    async def one(self, sql: str, **values: Any) -> Row | None:
        """See Tx."""
        statement = numbered(sql)
        row = await self._answer(
            self._connection.fetchrow(statement.text, *statement.arguments(values), timeout=self.left)
        )
        return None if row is None else tuple(row)

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """See Tx."""
        statement = numbered(sql)
        rows = await self._answer(
            self._connection.fetch(statement.text, *statement.arguments(values), timeout=self.left)
        )
        return [tuple(row) for row in rows]

    async def run(self, sql: str, **values: Any) -> int:
        """See Tx."""
        statement = numbered(sql)
        done = await self._answer(
            self._connection.execute(statement.text, *statement.arguments(values), timeout=self.left)
        )
        # "INSERT 0 1", "UPDATE 1", "DELETE 1"; what changes no rows ends with a word.
        count = done.rpartition(" ")[2]
        return int(count) if count.isdigit() else -1

    async def run_many(self, sql: str, rows: Sequence[dict[str, Any]]) -> None:
        """See Tx."""
        statement = numbered(sql)
        await self._answer(
            self._connection.executemany(statement.text, [statement.arguments(row) for row in rows], timeout=self.left)
        )

    async def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """See Tx. By COPY: five times as fast as statements."""
        await self._answer(
            self._connection.copy_records_to_table(table, columns=columns, records=rows, timeout=self.left)
        )

    async def numbers(self, table: str, column: str, count: int) -> list[int]:
        """See Tx."""
        # Named beforehand, or it would be looked up again for every number.
        counter = await self.one("SELECT pg_get_serial_sequence(:table, :column)", table=table, column=column)
        assert counter is not None, f"{table}.{column} is not numbered"
        rows = await self.all(
            "SELECT nextval(CAST(CAST(:counter AS TEXT) AS REGCLASS)) FROM generate_series(1, :count)",
            counter=counter[0],
            count=count,
        )
        return [row[0] for row in rows]

    async def hold(self, name: str) -> None:
        """See Tx."""
        await self.one("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))", name=name)


class WalledTx(PostgresTx):
    """The same for a role under row level security, which may not COPY."""

    async def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """See Tx."""
        places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - names of ours
        await self._answer(self._connection.executemany(statement, rows, timeout=self.left))


class GlanceTx(PostgresTx):
    """Single statements that only read: one that meets a connection which died in its rest is done on another."""

    __slots__ = ("_line", "_lines")

    def __init__(self, lines: Lines, line: Line, deadline: float) -> None:
        super().__init__(line, deadline)
        self._lines = lines
        self._line: Line | None = line

    async def one(self, sql: str, **values: Any) -> Row | None:
        """See Tx."""
        try:
            return await super().one(sql, **values)
        except Unavailable:
            await self._take_another()
            return await super().one(sql, **values)

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """See Tx."""
        try:
            return await super().all(sql, **values)
        except Unavailable:
            await self._take_another()
            return await super().all(sql, **values)

    async def _take_another(self) -> None:
        line = self._line
        assert line is not None
        if line.is_fresh or self.left <= 0:
            return
        self.give_back(is_broken=True)
        self._lines.forget()
        self._line = await self._lines.take(self._deadline, writing=False)
        self._connection = self._line.connection

    def give_back(self, *, is_broken: bool) -> None:
        """Return the connection, at the end."""
        line, self._line = self._line, None
        if line is None:
            return
        if is_broken:
            line.end()
        self._lines.give(line, writing=False)
