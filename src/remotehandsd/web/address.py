"""Where the reader of a page reaches us."""

from remotehandsd.settings import DEFAULT_PUBLIC_URL
from remotehandsd.web.call import Call


def reached_at(call: Call) -> str:
    """Return the public address, or, where none was set, the one under which the reader came.

    What he copies then works from where he is; behind a proxy only the operator knows the address.
    """
    public, host = call.house.settings.public_url, call.header("host")
    return f"{call.scope['scheme']}://{host}" if host and public == DEFAULT_PUBLIC_URL else public
