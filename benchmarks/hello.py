"""The floor: an ASGI application that only says hello, behind the HTTP server that `remotehandsd serve` configures.

`python -m benchmarks.hello 2` takes a free port, prints its address and serves in two processes until it is ended.
"""

import asyncio
import gc
import os
import socket
import sys

import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from remotehandsd.cli.serve import GARBAGE_THRESHOLD, KEEP_ALIVE_SECONDS
from remotehandsd.web.connection import Connection

BODY = b'{"message":"hello"}'
HEAD = [(b"content-length", str(len(BODY)).encode()), (b"content-type", b"application/json")]


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer every request alike."""
    await send({"type": "http.response.start", "status": 200, "headers": HEAD})
    await send({"type": "http.response.body", "body": BODY})


async def serve(listening: socket.socket) -> None:
    """Serve with the options of cli/serve.py, its rest for the garbage collector included: else this is no floor."""
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    config = uvicorn.Config(
        hello,
        http=Connection,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        proxy_headers=False,
        ws="none",
    )
    await uvicorn.Server(config).serve([listening])


def main(processes: int) -> None:
    """Listen, become so many processes, serve."""
    sockets = [socket.create_server(("127.0.0.1", 0), backlog=2048, reuse_port=True)]
    port = sockets[0].getsockname()[1]
    sockets += [socket.create_server(("127.0.0.1", port), backlog=2048, reuse_port=True) for _ in range(processes - 1)]
    print(f"http://127.0.0.1:{port}", flush=True)
    own = next((place for place in range(1, processes) if os.fork() == 0), 0)
    for place, listening in enumerate(sockets):
        if place != own:
            listening.close()
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(serve(sockets[own]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
