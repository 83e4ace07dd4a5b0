"""The floor: an ASGI application that only says hello, behind the HTTP server that `remotehandsd serve` configures.

`python -m benchmarks.hello` takes a free port, prints its address and serves until it is ended.
"""

import asyncio
import gc
import socket

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


async def serve() -> None:
    """Serve with the options of cli/serve.py, its rest for the garbage collector included: else this is no floor."""
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
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
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    await uvicorn.Server(config).serve([listening])


if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(serve())
