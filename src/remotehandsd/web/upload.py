"""Taking a file out of a multipart body while it streams in."""

import hashlib
import re
from typing import Protocol

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from remotehandsd.errors import Fault, Invalid, Rule, TooLarge
from remotehandsd.web.call import Call
from remotehandsd.web.media_type import valid_media_type
from remotehandsd.web.refused import Refused

PART = "file"
"""The name of the part that holds the file."""
AROUND_A_FILE = 65_536
"""Bytes that boundaries, part headers and other fields may take beside the file itself."""


class Sink(Protocol):
    """What takes a file's bytes."""

    @property
    def size(self) -> int:
        """Return the bytes that came so far."""

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes."""


class Passing:
    """Bytes that are counted and hashed on their way into a sink, or nowhere: of a file that is here already."""

    def __init__(self, onward: Sink | None = None) -> None:
        self.size = 0
        self._hash = hashlib.sha256()
        self._onward = onward

    async def write(self, chunk: bytes) -> None:
        """See Sink."""
        self.size += len(chunk)
        self._hash.update(chunk)
        if self._onward is not None:
            await self._onward.write(chunk)

    @property
    def sha256(self) -> str:
        """Return the hash in hex."""
        return self._hash.hexdigest()


def hash_of_file(media_type: str, sha256: str) -> bytes:
    """Return what tells one upload's body from another's: the part's name and media type, and the file's hash."""
    return hashlib.sha256(f"{PART}\0{media_type}\0{sha256}".encode()).digest()


def boundary_of(call: Call) -> str:
    """Return the boundary of a multipart body; 415 when it is none, 400 without a boundary."""
    media_type, parameters = call.content_type()
    if media_type != "multipart/form-data":
        raise Refused(415)
    boundary = parameters.get("boundary", "")
    if not re.fullmatch(r"[ -~]{1,200}", boundary):
        raise Refused(400)
    return boundary


async def receive_file(call: Call, boundary: str, incoming: Sink, most: int) -> str:
    """Write the part named `file` into `incoming` and return its media type.

    Invalid without such a part, with an empty one or with two; TooLarge above `most` bytes, or when
    what stands around the file is too large as well; 400 for a body that is
    malformed or ends too early. Other parts are read and forgotten.
    """
    parser = PushMultipartParser(boundary, max_header_size=8192, max_segment_count=20)
    media_type: str | None = None
    is_in_file = False
    arrived = 0
    try:
        async for chunk in call.chunks():
            arrived += len(chunk)
            if arrived > most + AROUND_A_FILE:
                raise TooLarge("The body is larger than is allowed.")
            for event in parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    is_in_file = event.name == PART
                    if is_in_file and media_type is not None:
                        raise Invalid(Fault("file", Rule.WRONG_VALUE, "One file a request."))
                    if is_in_file:
                        media_type = valid_media_type(event.header("Content-Type") or "")
                elif event and is_in_file:
                    await incoming.write(bytes(event))
                    if incoming.size > most:
                        raise TooLarge("The file is larger than is allowed.")
        parser.close()
    except MultipartError:
        raise Refused(400) from None
    if media_type is None or incoming.size == 0:
        raise Invalid(Fault("file", Rule.MISSING, "A file is needed."))
    return media_type
