"""One request, on its way to an answer."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import parse_qsl

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope

from remotehandsd import repeats
from remotehandsd.act import Act, By
from remotehandsd.errors import LostRace, StillRunning
from remotehandsd.house import House
from remotehandsd.kit.db import Held
from remotehandsd.kit.windows import Left
from remotehandsd.web import repeating
from remotehandsd.web.refused import Gone, Refused

if TYPE_CHECKING:
    from remotehandsd.access import Gate

P = ParamSpec("P")
T = TypeVar("T")

NO_QUERY = QueryParams()
FORM_BYTES = 8192
"""Most bytes of a form that holds a credential: whoever sends it has shown none yet."""
BODY_SECONDS = 30
"""How long a whole small body may take."""
CHUNK_SECONDS = 60
"""How long a large body may rest between two pieces."""


class Call:
    """One request: what it asks, what it carries, and who it turns out to be from."""

    __slots__ = (
        "_body",
        "_body_is_over",
        "_correlation_id",
        "_query",
        "_receive",
        "by",
        "client_id",
        "file_sent",
        "gate",
        "headers",
        "house",
        "is_repeated",
        "left",
        "method",
        "params",
        "scope",
    )

    def __init__(self, house: House, gate: "Gate", scope: Scope, receive: Receive) -> None:
        self.house = house
        self.gate = gate
        self.scope = scope
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.params: dict[str, str] = {}
        self.by: By | None = None
        self.client_id = ""
        self.is_repeated = False
        self.left: Left | None = None
        self.file_sent = b""
        self._body = b""
        self._receive = receive
        self._query: QueryParams | None = None
        self._correlation_id = ""
        self._body_is_over = b"content-length" not in self.headers and b"transfer-encoding" not in self.headers

    @property
    def correlation_id(self) -> str:
        """Return the id that joins an answer with our log lines about it."""
        if not self._correlation_id:
            self._correlation_id = str(uuid.uuid4())
        return self._correlation_id

    @property
    def was_told(self) -> bool:
        """Tell whether anybody has been given this request's id: a refused client, or another log line."""
        return bool(self._correlation_id)

    @property
    def is_read(self) -> bool:
        """Tell whether nothing of the body is left."""
        return self._body_is_over

    def header(self, name: str) -> str:
        """Return a header's value, or `""`."""
        return self.headers.get(name.encode(), b"").decode("latin-1")

    def all_of(self, name: str) -> str:
        """Return a header whose value is a list, all its lines joined."""
        lines = [value for key, value in self.scope["headers"] if key == name.encode()]
        return b", ".join(lines).decode("latin-1")

    @property
    def query(self) -> QueryParams:
        """Return the query parameters; of a repeated one the last."""
        if self._query is None:
            query = self.scope["query_string"]
            self._query = QueryParams(query) if query else NO_QUERY
        return self._query

    def asked(self, name: str) -> str | None:
        """Return a query parameter; an empty one counts as not given."""
        return self.query.get(name) or None

    # What it carries

    @property
    def declared_length(self) -> int:
        """Return the Content-Length, 0 without one (the HTTP server has checked that it is a number)."""
        return int(self.headers.get(b"content-length", b"0"))

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the body piece by piece; Gone when the client leaves, 400 when it rests too long."""
        while not self._body_is_over:
            try:
                async with asyncio.timeout(CHUNK_SECONDS):
                    message = await self._receive()
            except TimeoutError:
                raise Refused(400, {"Connection": "close"}) from None
            if message["type"] == "http.disconnect":
                raise Gone
            self._body_is_over = not message.get("more_body", False)
            if message["body"]:
                yield message["body"]

    async def body(self, media_type: str, limit: int) -> bytes:
        """Return a small body of this media type, `b""` when there is none.

        415 for another type or another charset than UTF-8, 413 over the limit in bytes.
        """
        is_too_large = self.declared_length > limit
        body = b""
        if not is_too_large and not self._body_is_over:
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    async for chunk in self.chunks():
                        body += chunk
                        if len(body) > limit:
                            is_too_large = True
                            break
            except TimeoutError:
                raise Refused(400, {"Connection": "close"}) from None
        if (body or is_too_large) and not self.is_of(media_type):
            raise Refused(415)
        if is_too_large:
            raise Refused(413)
        self._body = body
        return body

    @property
    def sent(self) -> bytes:
        """Return the SHA-256 of what was sent: of the body, or, in an upload, of the file as `file_sent` has it."""
        return self.file_sent or hashlib.sha256(self._body).digest()

    def is_of(self, media_type: str) -> bool:
        """Tell whether the Content-Type is this one, in UTF-8 if it names a charset."""
        given, parameters = self.content_type()
        return given == media_type and parameters.get("charset", "utf-8").lower() in {"utf-8", "utf8"}

    def content_type(self) -> tuple[str, dict[str, str]]:
        """Return the media type in lower case, and its parameters."""
        given, *rest = self.header("content-type").split(";")
        parameters = {}
        for part in rest:
            name, _, value = part.partition("=")
            parameters[name.strip().lower()] = value.strip().strip('"')
        return given.strip().lower(), parameters

    async def form(self, limit: int = FORM_BYTES) -> dict[str, list[str]]:
        """Return the fields of a form, each with all its values; 400 for one that cannot be read."""
        body = await self.body("application/x-www-form-urlencoded", limit)
        fields: dict[str, list[str]] = {}
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError:
            raise Refused(400) from None
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        return fields

    async def throw_away(self, most: int) -> bool:
        """Read up to `most` bytes of what is left of the body, for 5 s; tell whether that was all of it.

        A client that still sends when the connection closes might never see the answer. One that waits for a
        100 Continue sends nothing until it has seen it.
        """
        if self._body_is_over or self.header("expect").lower() == "100-continue":
            return self._body_is_over
        try:
            async with asyncio.timeout(5):
                async for chunk in self.chunks():
                    most -= len(chunk)
                    if most < 0:
                        break
        except (TimeoutError, Refused, Gone):
            return False
        return self._body_is_over

    # What is done for it

    async def act(self, verb: Callable[Concatenate[Act, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do one thing and return when it is durable; a race that was lost is run once more from the load."""

        async def do(act: Act) -> T:
            return await verb(act, *args, **kwargs)

        return await self._act(do)

    async def _act(self, do: Callable[[Act], Awaitable[T]], alone: str = "") -> T:
        try:
            return await self._act_once(do, alone)
        except LostRace:
            return await self._act_once(do, alone)

    async def _act_once(self, do: Callable[[Act], Awaitable[T]], alone: str) -> T:
        assert self.by is not None
        async with self.house.db.write(self.by.tenant, alone=alone) as tx:
            return await do(Act(tx, self.by, self.house.now()))

    async def once(
        self,
        answer: Callable[[T], Response],
        verb: Callable[Concatenate[Act, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Response:
        """Do one thing and answer; with an Idempotency-Key it is done once, however often it is sent.

        `answer` makes the answer from what the verb returns. With a key it is made and kept in the transaction that
        has the effect, so that either both last or neither does. StillRunning while another one does the same,
        AlreadyUsed for a key that was used with another request.
        """
        return await self.once_as(repeating.request_of(self), answer, verb, *args, **kwargs)

    async def once_as(
        self,
        request: repeats.Request | None,
        answer: Callable[[T], Response],
        verb: Callable[Concatenate[Act, P], Awaitable[T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Response:
        """The same under a key that stands elsewhere, such as in a page's form."""
        if request is None:
            return answer(await self.act(verb, *args, **kwargs))

        async def do(act: Act) -> Response:
            kept = await repeats.take_up(act, self.house.seal, request)
            self.is_repeated = kept is not None
            if kept:
                return repeating.again(kept)
            response = answer(await verb(act, *args, **kwargs))
            await repeats.keep(act, self.house.seal, request, repeating.to_keep(response))
            return response

        try:
            return await self._act(do, request.name)
        except Held:
            raise StillRunning from None

    async def look(self, verb: Callable[Concatenate[Act, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Look at something, at one moment."""
        assert self.by is not None
        async with self.house.db.read(self.by.tenant) as tx:
            return await verb(Act(tx, self.by, self.house.now()), *args, **kwargs)

    async def glance(
        self, verb: Callable[Concatenate[Act, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Look with a verb that reads one statement: it is a moment by itself."""
        assert self.by is not None
        async with self.house.db.glance(self.by.tenant) as tx:
            return await verb(Act(tx, self.by, self.house.now()), *args, **kwargs)

    async def look_long(
        self, verb: Callable[Concatenate[Act, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Look at something that may take long: the other requests go on meanwhile."""
        assert self.by is not None
        async with self.house.db.read(self.by.tenant, long=True) as tx:
            return await verb(Act(tx, self.by, self.house.now()), *args, **kwargs)


Endpoint = Callable[[Call], Awaitable[Any]]
