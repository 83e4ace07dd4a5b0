"""A PostgreSQL URL, read before the driver sees it: what is wrong with it is said without a word of it.

A password in which a `/`, `?`, `#` or `[` was not written as %2F, %3F, %23, %5B falls apart into host, port and
database; the driver, and whoever shows an address, would repeat pieces of it.
"""

import re
from urllib.parse import parse_qsl, urlencode

from remotehandsd.kit.db.face import WrongDatabase

SERVING, OWNING = "REMOTEHANDS_DATABASE_URL", "REMOTEHANDS_MIGRATION_URL"
POOL_SIZE = 10
"""Connections of one process, unless the URL says `?pool_size=`."""

URL = re.compile(
    r"""
    postgres(ql)?://
    ([^/?\#\[\]]*@)?                # user and password
    (?P<hosts>[^/?\#@]*)
    (/[^/?\#@]*)?                   # database
    (\?([a-z_]+=[^&\#@]*(&[a-z_]+=[^&\#@]*)*)?)?
    """,
    re.VERBOSE,
)
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]*)(:(?P<port>[0-9]{1,5}))?")
HIGHEST_PORT = 65_535


def check_postgres_url(url: str) -> None:
    """Raise ValueError, with a sentence that repeats nothing of it, for what is no PostgreSQL URL.

    Several hosts with commas between them are one: the driver takes the first that answers as it should.
    """
    found = URL.fullmatch(url)
    if found is None or not all(map(_is_host, found["hosts"].split(","))):
        raise ValueError("is no address; in a password / ? # @ : [ ] % are written as %2F %3F %23 %40 %3A %5B %5D %25")


def read_url(url: str, setting: str) -> tuple[str, int]:
    """Take our own `pool_size` out of a URL; the rest of its query is the driver's. WrongDatabase names the setting."""
    try:
        check_postgres_url(url)
    except ValueError as error:
        raise WrongDatabase(f"{setting}: {error}.") from None
    address, _, asked = url.partition("?")
    query = dict(parse_qsl(asked, keep_blank_values=True))
    size = query.pop("pool_size", str(POOL_SIZE))
    if not re.fullmatch("[0-9]{1,4}", size) or not 2 <= int(size) <= 1000:
        raise WrongDatabase(f"{setting}: pool_size must be a number from 2 to 1000.")
    return f"{address}?{urlencode(query)}" if query else address, int(size)


def _is_host(text: str) -> bool:
    found = HOST.fullmatch(text)
    return found is not None and int(found["port"] or 0) <= HIGHEST_PORT
