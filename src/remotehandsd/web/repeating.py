"""Idempotency-Key: what tells a request from another under the same key, and its answer given again."""

import hashlib
import re
from typing import TYPE_CHECKING

from starlette.responses import Response

from remotehandsd import repeats
from remotehandsd.act import Act
from remotehandsd.errors import StillRunning
from remotehandsd.kit.db import Held
from remotehandsd.web.refused import BadHeader

if TYPE_CHECKING:
    from remotehandsd.web.call import Call

NAME = b"idempotency-key"
_KEY = re.compile(rf"[!-~]{{1,{repeats.LONGEST_KEY}}}", re.ASCII)


def request_of(call: "Call") -> repeats.Request | None:
    """Return what the call asks for under its key, None without one; BadHeader for a key that is none."""
    if NAME not in call.headers:
        return None
    given = [value.decode("latin-1") for name, value in call.scope["headers"] if name == NAME]
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise BadHeader("Idempotency-Key", "This must be one key of 1 to 255 visible ASCII characters.")
    path = call.scope["raw_path"] + b"?" + call.scope["query_string"]
    asked = hashlib.sha256(call.method.encode() + b" " + path).digest()
    return repeats.Request(call.client_id, given[0], asked, call.sent)


async def kept_before(call: "Call") -> repeats.Kept | None:
    """Return what is kept for the call's key, to be compared with a body that is yet to come.

    AlreadyUsed when something else was asked for under it, StillRunning while it is being done.
    """
    request, seal, by = request_of(call), call.house.seal, call.by
    if request is None:
        return None
    assert by is not None
    try:
        async with call.house.db.read(by.tenant, alone=request.name) as tx:
            return await repeats.kept(Act(tx, by, call.house.now()), seal, request)
    except Held:
        raise StillRunning from None


def to_keep(response: Response) -> repeats.Answer:
    """Return what is kept of an answer."""
    return repeats.Answer(
        response.status_code,
        bytes(response.body),
        response.media_type,
        response.headers.get("location", ""),
        response.headers.get("etag", ""),
    )


def again(answer: repeats.Answer) -> Response:
    """Return an answer as it was given before: nothing tells the client that it was."""
    headers = {"Location": answer.location, "ETag": answer.etag}
    given = {name: value for name, value in headers.items() if value}
    return Response(answer.body, answer.status, given, answer.media_type)
