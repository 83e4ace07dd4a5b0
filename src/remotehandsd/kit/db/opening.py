"""From a database URL to an engine."""

from pathlib import Path

from remotehandsd.kit.db.face import Database, WrongDatabase
from remotehandsd.kit.db.sqlite import Sqlite


def open_database(url: str, migrations: Path) -> Database:
    """Open the database that the URL names: `sqlite:///path/to/file.db`."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        # Three slashes and a relative path, or four and an absolute one, as everybody writes these URLs.
        return Sqlite(Path(rest[1:]), migrations / "sqlite")
    raise WrongDatabase(
        f"REMOTEHANDS_DATABASE_URL: '{scheme}' is not a database this version serves; use sqlite:///path"
    )
