"""What an engine must offer; everything above speaks to this and to no driver."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

Row = tuple[Any, ...]


class Unavailable(Exception):  # noqa: N818
    """The database cannot serve just now, or it is not known whether it kept the change. Try again later."""


class WrongDatabase(Exception):  # noqa: N818
    """The database cannot be used at all with these settings or this program; a sentence says why."""


class Tx(Protocol):
    """One transaction. SQL is one portable text with `:named` values."""

    async def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row, or None."""

    async def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row."""

    async def run(self, sql: str, **values: Any) -> int:
        """Change rows and return how many were touched."""

    async def run_many(self, sql: str, rows: Sequence[dict[str, Any]]) -> None:
        """Run one statement for each of many rows."""


class Database(Protocol):
    """An engine, opened."""

    def write(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction that changes things; leaving it without an exception means that it is durable."""

    def read(self, *, long: bool = False) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction that sees one moment. `long` keeps a slow query off the event loop."""

    async def migrate(self) -> list[str]:
        """Bring the schema to the newest version; return the names of the steps that were run."""

    async def version(self) -> tuple[int, int]:
        """Return the schema's version and the newest that this program knows."""

    async def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the whole database to a new file while it is in use."""

    async def close(self) -> None:
        """Commit what is pending and let go of every connection."""
