"""From a database URL to an engine."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from remotehandsd.kit.db.face import Database, WrongDatabase
from remotehandsd.kit.db.sqlite import Sqlite


def is_embedded(url: str) -> bool:
    """Tell whether a URL names the embedded engine, which one process serves."""
    return url.startswith("sqlite:")


def embedded_file(url: str) -> Path:
    """Return the file of an embedded database."""
    return Path(url.removeprefix("sqlite:///"))


def shown(url: str) -> str:
    """Return an address as people may see it: without user and password."""
    if is_embedded(url):
        return str(embedded_file(url))
    address, _, query = url.partition("?")
    host = dict(parse_qsl(query)).get("host", "")
    return f"PostgreSQL, {urlsplit(address).netloc.rpartition('@')[2] or host}{urlsplit(address).path}"


def open_database(url: str, migrations: Path, *, owner_url: str = "", has_wall: bool = False) -> Database:
    """Open the database that the URL names: `sqlite:///path/to/file.db` or `postgresql://user@host/database`.

    `owner_url` and `has_wall` are PostgreSQL's: who migrates, and whether row level security stands between tenants.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        # Three slashes and a relative path, or four and an absolute one, as everybody writes these URLs.
        return Sqlite(embedded_file(url), migrations / "sqlite")
    if scheme in {"postgresql", "postgres"}:
        from remotehandsd.kit.db.postgres import Postgres  # noqa: PLC0415 - the embedded default need not load it

        return Postgres(url, migrations / "postgres", owner_url=owner_url, has_wall=has_wall)
    raise WrongDatabase("REMOTEHANDS_DATABASE_URL: must be sqlite:///path or postgresql://user:password@host/database.")
