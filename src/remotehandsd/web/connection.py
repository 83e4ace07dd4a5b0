"""The edge of HTTP itself: a request's head is at most 64 KiB and comes within 10 seconds.

The HTTP server has no such limits of its own: without them a client could send headers for ever, before any token
is looked at.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_BYTES = 65_536
HEAD_SECONDS = 10.0


class Connection(HttpToolsProtocol):
    """One client's connection, with limits on the head of each request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_in_head = True
        self._has_begun = False
        self._is_refused = False
        self._read = 0
        self._carried = 0
        self._since = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what came since the last head or piece of a body: more than a head's worth of neither is refused.

        Trailers behind a chunked body and a chunk's extensions are neither, and are counted with them.
        """
        if self._is_refused:
            return
        self._read = len(data)
        self._since += self._read
        super().data_received(data)
        if self._since > HEAD_BYTES and not self._is_refused:
            self._refuse(431, "The request's head is too large.")
        elif self._has_begun and self._head_timer is None and not self._is_refused:
            self._wait_for_head()

    def on_message_begin(self) -> None:
        """Know that a head has begun, be it in the middle of what was read."""
        self._has_begun = True
        # As much of it may have come already, behind what was read before it at once.
        self._carried = self._read
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take headers from the head only: a trailer must never pass for one, least of all Authorization."""
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop counting: what follows is the body, whose limits are the endpoint's."""
        self._stop_waiting()
        self._is_in_head = self._has_begun = False
        # What was read at once may hold more than this head: only then the head itself is measured.
        is_long, self._since = max(self._since + self._carried, self._read) > HEAD_BYTES, 0
        if is_long and sum(len(name) + len(value) for name, value in self.headers) + len(self.url) > HEAD_BYTES:
            self._refuse(431, "The request's head is too large.")
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass the body on, unless its head was refused."""
        self._since = 0
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Be ready for the next head on the same connection."""
        self._is_in_head = True
        self._since = 0
        if not self._is_refused:
            super().on_message_complete()

    def _wait_for_head(self) -> None:
        self._head_timer = self.loop.call_later(
            HEAD_SECONDS, self._refuse, 408, "The request's head did not come in time."
        )

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: int, sentence: str) -> None:
        self._stop_waiting()
        self._is_refused = True
        is_answering = self.cycle is not None and not self.cycle.response_complete
        # A connection opened ahead of need is no slow request; nor must this pass for the answer to an earlier one.
        if (not self._has_begun and status == 408) or is_answering:
            self.transport.close()
        if self.transport.is_closing():
            return
        body = sentence.encode()
        head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        self.transport.write(STATUS_LINE[status] + head + b"content-length: %d\r\n\r\n" % len(body) + body)
        self.transport.close()
