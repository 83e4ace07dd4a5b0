"""A form of a page that comes twice, by a second click, a reload or after a lost answer, is done once."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from starlette.responses import Response

from remotehandsd import repeats, wire
from remotehandsd.act import Act
from remotehandsd.errors import StillRunning
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled
from remotehandsd.web.pages import see

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_WAIT = 10.0
"""Seconds for which the second click waits for what the first one does: a browser shows the last answer only."""
ONE_WAIT = 0.1
NO_CONTENT = frozenset({"_once", "_environment"})


def _request(call: Call, form: Filled) -> repeats.Request | None:
    """Return what tells the form from another one: its key, who sends it, to where, and what it says."""
    key = form.value("_once")
    if not key:
        return None
    said = sorted((name, value) for name, value in form.values.items() if name not in NO_CONTENT)
    return repeats.Request(
        call.client_id,
        "form " + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(),
        hashlib.sha256(b"POST " + call.scope["raw_path"]).digest(),
        hashlib.sha256(wire.encode(said)).digest(),
    )


async def once(
    call: Call,
    form: Filled,
    address: Callable[[T], str],
    verb: Callable[Concatenate[Act, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """Do one thing and send the browser on to the address that is made of it; the same form again leads there, too.

    AlreadyUsed for a form under whose key something else was done.
    """
    return await _once(call, form, lambda done: see(address(done)), verb, *args, **kwargs)


async def once_told(
    call: Call,
    form: Filled,
    tell: Callable[[T], str],
    verb: Callable[Concatenate[Act, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> str:
    """Do one thing and return what is told of it; the same form again is told the same. It lies sealed meanwhile."""
    response = await _once(call, form, lambda done: Response(tell(done)), verb, *args, **kwargs)
    return bytes(response.body).decode()


async def _once(
    call: Call,
    form: Filled,
    answer: Callable[[T], Response],
    verb: Callable[Concatenate[Act, P], Awaitable[T]],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    request = _request(call, form)
    for _ in range(int(LONGEST_WAIT / ONE_WAIT)):
        try:
            return await call.once_as(request, answer, verb, *args, **kwargs)
        except StillRunning:
            await asyncio.sleep(ONE_WAIT)
    raise StillRunning
