"""What an engine must offer; everything above speaks to this and to no driver."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

Row = tuple[Any, ...]

EVERY_TENANT = -1
"""Said for the tenant by the operator's staff and by the house itself."""


def can_be_kept(text: str) -> bool:
    """Tell whether a text can stand in a row: one with a NUL cannot on PostgreSQL, nor be asked for there."""
    return "\0" not in text


class Unavailable(Exception):  # noqa: N818
    """The database cannot serve just now, or it is not known whether it kept the change. Try again later."""


class Held(Exception):  # noqa: N818
    """Somebody else holds this name just now, and who asked did not want to wait."""


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

    async def add_rows(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add many rows, each with a value for every column, the fastest way that the engine has."""

    async def numbers(self, table: str, column: str, count: int) -> list[int]:
        """Take so many numbers, ascending, from the counter of a numbered column; nobody else will get them."""

    async def hold(self, name: str) -> None:
        """Wait until nobody else holds this name, and hold it to the end of the transaction."""


class Database(Protocol):
    """An engine, opened.

    `tenant` is the account whose rows the transaction is for, EVERY_TENANT for the operator's own, None for one
    that touches no tenant's rows. Where a second wall between tenants is in force, the database itself holds to it.
    `seconds` is for who can wait longer than a request may. With a name in `alone` the transaction holds it to its end,
    COMMIT included, and Held is raised at once where another one does so.
    """

    def write(
        self, tenant: int | None = None, *, seconds: float | None = None, alone: str = ""
    ) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction that changes things; leaving it without an exception means that it is durable."""

    def read(
        self, tenant: int | None = None, *, long: bool = False, seconds: float | None = None, alone: str = ""
    ) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction that sees one moment. `long` keeps a slow query off the event loop."""

    def glance(self, tenant: int | None = None) -> AbstractAsyncContextManager[Tx]:
        """Read with single statements, each of which sees its own moment: cheaper where one is enough."""

    async def migrate(self) -> list[str]:
        """Bring the schema to the newest version; return the names of the steps that were run."""

    async def check(self) -> None:
        """Raise WrongDatabase, with a sentence, for whatever would keep a server from starting on it."""

    async def version(self) -> tuple[int, int]:
        """Return the schema's version and the newest that this program knows."""

    async def tidy(self) -> int:
        """Do the engine's own upkeep, such as folding what was only noted; return how much there was."""

    async def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the whole database to a new file while it is in use."""

    async def close(self) -> None:
        """Commit what is pending and let go of every connection."""
