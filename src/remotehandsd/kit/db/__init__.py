"""The database: one face for every engine."""

from remotehandsd.kit.db.face import EVERY_TENANT, Database, Held, Row, Tx, Unavailable, WrongDatabase, can_be_kept
from remotehandsd.kit.db.opening import embedded_file, is_embedded, open_database, shown
from remotehandsd.kit.db.postgres_address import check_postgres_url

__all__ = [
    "EVERY_TENANT",
    "Database",
    "Held",
    "Row",
    "Tx",
    "Unavailable",
    "WrongDatabase",
    "can_be_kept",
    "check_postgres_url",
    "embedded_file",
    "is_embedded",
    "open_database",
    "shown",
]
