"""An answer that goes on: server-sent events, until there are no more or nobody listens."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""The second asks proxies to pass each piece on at once."""
UNREAD_SECONDS = 30.0
"""A client that takes nothing for so long has left: while a piece waits for it nobody looks whether its token holds."""

log = structlog.get_logger("web")


class EventStream(Response):
    """Pieces as they come. It ends with them, or with the client."""

    media_type = "text/event-stream"

    def __init__(self, pieces: AsyncIterator[bytes], *, has_body: bool) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self._pieces = pieces
        self._has_body = has_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, and then every piece."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            with suppress(asyncio.CancelledError):
                await sending

    async def _send(self, send: Send) -> None:
        try:
            if self._has_body:
                async for piece in self._pieces:
                    async with asyncio.timeout(UNREAD_SECONDS):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            # It is not ended as it should be, so the server closes the connection.
            log.info("stream not read")
        finally:
            if isinstance(self._pieces, AsyncGenerator):
                await self._pieces.aclose()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
