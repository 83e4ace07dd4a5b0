"""Sending a file: whole, or the range that was asked for, never as something that a browser would run."""

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from remotehandsd.web.call import Call
from remotehandsd.web.media_type import valid_media_type
from remotehandsd.web.tags import is_known

_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.ASCII)


def disposition(filename: str) -> str:
    """Return a Content-Disposition with an ASCII form for old programs and the true one in UTF-8."""
    plain = re.sub(r"[^ !#$&-.0-\[\]-~]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def asked_range(call: Call, size: int, etag: str) -> tuple[int, int] | None:
    """Return start and length of the one range that is asked for; None for the whole, ValueError for none of it.

    More than one range, or one under an If-Range that does not match, gets the whole file (RFC 9110 section 14.2).
    """
    match = _RANGE.fullmatch(call.header("range").strip())
    if match is None or (b"if-range" in call.headers and call.header("if-range").strip() != etag):
        return None
    first, last, tail = match.groups()
    if tail is not None:
        length = min(int(tail), size)
        start = size - length
    else:
        start = int(first)
        length = min(int(last) if last else size, size - 1) - start + 1
        if last and int(last) < start:
            return None
    if start >= size or length <= 0:
        raise ValueError("outside of the file")
    return start, length


async def download(call: Call, file: str, *, filename: str, media_type: str, size: int, sha256: str) -> Response:
    """Answer with a kept file. Its hash is its ETag, so that a broken download can go on where it stopped.

    FilesAway when the place for files cannot serve; once the head is out, the answer breaks off instead.
    """
    etag = f'"{sha256}"'
    headers = {
        "Content-Type": valid_media_type(media_type),
        "Content-Disposition": disposition(filename),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "ETag": etag,
    }
    if is_known(call, etag):
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    try:
        part = asked_range(call, size, etag)
    except ValueError:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    start, length = part or (0, size)
    if part:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    headers["Content-Length"] = str(length)
    status = 206 if part else 200
    if call.method == "HEAD":
        return Response(status_code=status, headers=headers)
    pieces = call.house.files.open(file, start, length)
    # Asked for before the head goes out: where the files cannot be read, that can still be said.
    first = await anext(pieces, b"")
    return StreamingResponse(_all(first, pieces), status, headers)


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
