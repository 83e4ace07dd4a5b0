"""ETag, If-None-Match and If-Match (RFC 9110 sections 8.8.3 and 13): tags are strong hashes of what was sent."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.act import Act
from remotehandsd.errors import HasChanged
from remotehandsd.web.call import Call

P = ParamSpec("P")
T = TypeVar("T")
Number = int | None

_TAG = re.compile(r'(W/)?("[!#-~\x80-\xff]*")')


def tag_of(body: bytes) -> str:
    """Return the tag of a body, quotes included."""
    return f'"{hashlib.sha256(body).hexdigest()}"'


def tagged(
    value: Any, status: int = 200, headers: dict[str, str] | None = None, *, of: bytes | None = None
) -> Response:
    """Return JSON with its tag, or with the tag of what is given."""
    body = wire.encode(value)
    return Response(body, status, {**(headers or {}), "ETag": tag_of(body if of is None else of)}, "application/json")


def is_known(call: Call, tag: str) -> bool:
    """Tell whether If-None-Match says that the client has what this tag stands for; a weak tag will do."""
    given = call.all_of("if-none-match")
    return given.strip() == "*" or any(known == tag for _, known in _TAG.findall(given))


def unless_known(call: Call, response: Response) -> Response:
    """Return a tagged answer, or 304 without a body to a client that has it. It may keep it, if it asks each time."""
    tag = response.headers["etag"]
    if is_known(call, tag):
        response = Response(status_code=304, headers={"ETag": tag})
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def if_match(
    call: Call,
    shown: Callable[[Act, Number], Awaitable[bytes]],
    verb: Callable[Concatenate[Act, Number, P], Awaitable[T]],
) -> Callable[Concatenate[Act, Number, P], Awaitable[T]]:
    """Return the verb, done only while the ticket is as If-Match wants it; HasChanged when it is not.

    `shown` returns the bytes that the client would be sent just now, and sees to it that nobody changes the ticket
    before the act ends: what is compared is what is changed. Weak tags never match. Without If-Match, and with `*`,
    there is nothing to compare.
    """
    given = call.all_of("if-match")
    if b"if-match" not in call.headers or given.strip() == "*":
        return verb
    wanted = {tag for weak, tag in _TAG.findall(given) if not weak}

    async def guarded(act: Act, number: Number, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if tag_of(await shown(act, number)) not in wanted:
            raise HasChanged("The ticket has changed.")
        return await verb(act, number, *args, **kwargs)

    return guarded
