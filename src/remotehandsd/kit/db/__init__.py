"""The database: one face for every engine."""

from remotehandsd.kit.db.face import Database, Row, Tx, Unavailable, WrongDatabase
from remotehandsd.kit.db.opening import open_database

__all__ = ["Database", "Row", "Tx", "Unavailable", "WrongDatabase", "open_database"]
