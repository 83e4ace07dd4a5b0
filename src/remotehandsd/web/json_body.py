"""JSON bodies: strict about the bytes, and no deeper than 100 levels."""

from itertools import accumulate
from typing import Any

import msgspec

from remotehandsd.web.call import Call
from remotehandsd.web.refused import Refused

DEEPEST = 100

_decode = msgspec.json.Decoder().decode
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


def is_too_deep(body: bytes) -> bool:
    """Tell whether brackets outside of strings nest deeper than 100, before anything is decoded."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    # Strings are cut out at their quotes: every second piece is inside of one.
    unescaped = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(unescaped.split(b'"')[::2])
    steps = outside.translate(_STEPS, _NOT_BRACKETS)
    # As signed bytes these are +1 and -1: the whole walk stays in C.
    return max(accumulate(memoryview(steps).cast("b")), default=0) > DEEPEST


async def json_object(call: Call, *, may_be_absent: bool = False) -> dict[str, Any]:
    """Return the body's object; 400 for anything that is none, for lone surrogates and for deep nesting."""
    body = await call.body("application/json", call.house.settings.max_body_bytes)
    if not body and may_be_absent:
        return {}
    if is_too_deep(body):
        raise Refused(400)
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400) from None
    if not isinstance(value, dict):
        raise Refused(400)
    return value
