"""Where the reader of a page reaches us."""

from urllib.parse import urlsplit

from remotehandsd.web.call import Call

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def reached_at(call: Call) -> str:
    """Return the public address, or, where that is this machine itself, the one under which the reader came.

    What he copies then works from where he is; behind a proxy only the operator knows the address.
    """
    public, host = call.house.settings.public_url, call.header("host")
    return f"{call.scope['scheme']}://{host}" if host and is_loopback(public) else public


def is_loopback(address: str) -> bool:
    """Tell whether an address leads every machine to itself."""
    try:
        return urlsplit(address).hostname in LOOPBACK
    except ValueError:
        # A Host header can be anything.
        return False
