"""Looking into the embedded database, on connections that never hold uncommitted work."""

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from remotehandsd.kit.db.face import Tx, Unavailable, WrongDatabase
from remotehandsd.kit.db.sqlite_tx import SqliteTx, ThreadTx, is_passing

if TYPE_CHECKING:
    from remotehandsd.kit.db.sqlite import Sqlite


class Look:
    """One moment seen: `async with db.read()`."""

    __slots__ = ("_alone", "_connection", "_db", "_is_long")

    def __init__(self, db: "Sqlite", is_long: bool, alone: str) -> None:
        self._db = db
        self._is_long = is_long
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
        if self._is_long:
            # Who waits for a thread must not hold a connection meanwhile.
            await db._long_looks.acquire()
        try:
            self._connection = db._reader()
            self._connection.execute("BEGIN")
        except BaseException as error:
            if self._is_long:
                db._long_looks.release()
            if isinstance(error, WrongDatabase):
                # It could be opened before: files or memory are short just now.
                raise Unavailable(str(error)) from error
            raise
        tx = SqliteTx(self._connection)
        return ThreadTx(tx, self._connection, db._reading) if self._is_long else tx

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        with suppress(sqlite3.Error):
            self._connection.execute("COMMIT")
        self._db._rest(self._connection)
        self._db._held.discard(self._alone)
        if self._is_long:
            self._db._long_looks.release()
        if error is not None and is_passing(error):
            raise Unavailable(str(error)) from error


class Glance:
    """Single statements: `async with db.glance()`."""

    __slots__ = ("_connection", "_db")

    def __init__(self, db: "Sqlite") -> None:
        self._db = db

    async def __aenter__(self) -> Tx:
        try:
            self._connection = self._db._reader()
        except WrongDatabase as error:
            raise Unavailable(str(error)) from error
        return SqliteTx(self._connection)

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._db._rest(self._connection)
        if error is not None and is_passing(error):
            raise Unavailable(str(error)) from error
