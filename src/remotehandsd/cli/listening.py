"""The address that a server listens on, by one socket or, for several processes, by one for each."""

import socket

from remotehandsd.cli.faults import Exit, fail

QUEUE = 2048
OTHER_PORT = "Another port is taken with --port, or `make run PORT=8001`."


def listen(host: str, port: int, many: int) -> list[socket.socket]:
    """Take the address, which nobody else may have, and listen on it with so many sockets.

    The system gives each new connection to one of them by the addresses of both ends, so that processes which have
    a socket each get even shares; where they shared one, whoever woke first would take most.
    """
    try:
        first = _bound(host, port)
        sockets = [first]
        if many > 1:
            # Only now: had it been said before, another server that says it, too, could share the address with us.
            first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            port = first.getsockname()[1]
            sockets += [_bound(host, port, socket.SO_REUSEPORT) for _ in range(many - 1)]
        for one in sockets:
            one.listen(QUEUE)
    except OSError as error:
        raise fail(Exit.FAILED, f"Cannot listen on {host}:{port}: {error.strerror or error}.", OTHER_PORT) from None
    return sockets


def _bound(host: str, port: int, *options: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    bound = socket.socket(family)
    for option in (socket.SO_REUSEADDR, *options):
        bound.setsockopt(socket.SOL_SOCKET, option, 1)
    bound.bind((host, port))
    return bound
