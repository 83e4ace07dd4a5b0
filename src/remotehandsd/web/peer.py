"""Where a request comes from."""

from remotehandsd.web.call import Call


def peer(call: Call) -> str:
    """Return the address that a request comes from."""
    client = call.scope["client"]
    return client[0] if client else ""
