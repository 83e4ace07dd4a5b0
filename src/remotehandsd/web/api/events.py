"""`GET /api/events`: what happened on an account's tickets, in an order that misses nothing."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import structlog
from starlette.responses import Response

from remotehandsd import events, tickets, wire
from remotehandsd.act import Act
from remotehandsd.errors import Limited, NotAllowed, NotSignedIn
from remotehandsd.events import Mark
from remotehandsd.kit.db import Unavailable
from remotehandsd.tickets import Retold
from remotehandsd.web.api.pulse import Pulse
from remotehandsd.web.api.stream import EventStream
from remotehandsd.web.call import Call
from remotehandsd.web.health import Health
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.paging import whole
from remotehandsd.web.refused import RETRY_SECONDS, BadPair, BadQuery, Refused
from remotehandsd.web.signin import for_tickets, still_for_tickets

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 1000
PAGE_BYTES = 8_000_000
"""A page ends with the event that fills it: each holds its ticket with all comments, so a thousand can be gigabytes."""
MOST_STREAMS = 1000
"""Streams of one process; whoever comes then is asked to come again later."""
MOST_OF_APP = 50
MOST_OF_ACCOUNT = 100
"""Streams that one app, and all apps on one account, have in one process, so that nobody takes them all."""
EVERYBODY = ""
"""Under this name all streams are counted."""
RIGHTS_SECONDS = 1.0
"""How often a stream looks whether its token still holds and the server still serves."""
QUIET_SECONDS = 15.0
"""After so long without an event a stream says something, so that nobody on the way thinks it dead."""

log = structlog.get_logger("web")


class Feed:
    """The events of an account: a page at a time, or as they happen. One for each process."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._pulse = Pulse()
        self._streams: Counter[str] = Counter()

    async def show(self, call: Call) -> Response:
        """Return events after the one named by `after`, oldest first, or a stream of them if that is accepted.

        Without `after` a page begins with the account's first event; a stream with what happens from now on.
        """
        await for_tickets(call)
        limit = whole(call.asked("limit"), DEFAULT_LIMIT, 1, LARGEST_LIMIT)
        if limit is None:
            raise BadQuery(("limit", f"This must be a whole number from 1 to {LARGEST_LIMIT}."))
        if "text/event-stream" in call.header("accept").lower():
            return await self._stream(call)
        after = call.asked("after")
        found = await call.look_long(_page, after, limit)
        written = _written(found)
        last = found[len(written) - 1].event.name if written else after or ""
        return json_answer({"events": written, "next": last})

    async def _stream(self, call: Call) -> Response:
        after = call.header("last-event-id") or call.asked("after")
        mark = await call.look(events.beginning, after, at_newest=True)
        check_room(self._streams, *_counted_as(call))
        return EventStream(self._pieces(call, mark), has_body=call.method != "HEAD")

    @contextmanager
    def _counted(self, names: Sequence[str]) -> Iterator[None]:
        self._streams.update(names)
        try:
            yield
        finally:
            self._streams.subtract(names)
            for name in names:
                if not self._streams[name]:
                    del self._streams[name]

    async def _pieces(self, call: Call, mark: Mark) -> AsyncIterator[bytes]:
        with self._counted([EVERYBODY, *_counted_as(call)]):
            try:
                yield b"retry: 3000\n\n"
                said_at = time.monotonic()
                while not self._health.is_draining:
                    seen = self._pulse.newest
                    found = await call.look_long(_pieces_after, mark, DEFAULT_LIMIT)
                    for told, piece in found:
                        yield piece
                        mark, said_at = told, time.monotonic()
                    if not found:
                        await self._pulse.change(call.house, seen, RIGHTS_SECONDS)
                    if time.monotonic() - said_at > QUIET_SECONDS:
                        yield b": still here\n\n"
                        said_at = time.monotonic()
                    await still_for_tickets(call)
            except (NotSignedIn, NotAllowed, BadPair, Unavailable) as reason:
                # The token is over, the right was taken, or the database is away: the client comes again and is told.
                log.info("stream ended", client_id=call.client_id, reason=type(reason).__name__)


def check_room(streams: Counter[str], app: str, account: str) -> None:
    """Refuse one more stream where an app, an account or everybody together has as many as may be."""
    if streams[app] >= MOST_OF_APP or streams[account] >= MOST_OF_ACCOUNT:
        raise Limited(RETRY_SECONDS)
    if streams[EVERYBODY] >= MOST_STREAMS:
        raise Refused(503, {"Retry-After": str(RETRY_SECONDS)})


def _counted_as(call: Call) -> tuple[str, str]:
    assert call.by is not None
    return f"app {call.client_id}", f"account {call.by.account}"


async def _page(act: Act, after: str | None, limit: int) -> list[Retold]:
    return await _after(act, await events.beginning(act, after), limit)


async def _after(act: Act, mark: Mark, limit: int) -> list[Retold]:
    return await tickets.retell(act, await events.since(act, mark, most=limit))


async def _pieces_after(act: Act, mark: Mark, limit: int) -> list[tuple[Mark, bytes]]:
    """Return what a stream says next: written down, since a thousand streams wait, and each would hold a ticket."""
    return [(retold.event.mark, _piece(retold)) for retold in await _after(act, mark, limit)]


def _written(found: Sequence[Retold]) -> list[msgspec.Raw]:
    """Write the events of a page down: as many as there is room for, but one at least."""
    written: list[msgspec.Raw] = []
    room = PAGE_BYTES
    for retold in found:
        event = msgspec.Raw(wire.encode(_event(retold)))
        room -= len(event)
        if written and room < 0:
            break
        written.append(event)
    return written


def _event(retold: Retold) -> dict[str, Any]:
    return {"id": retold.event.name, **wire.told(retold)}


def _piece(retold: Retold) -> bytes:
    name, kind = retold.event.name.encode(), retold.event.type.encode()
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (name, kind, wire.encode(_event(retold)))
