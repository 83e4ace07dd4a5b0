"""A request that was given a key, and the answer that is kept for it."""

import msgspec

from remotehandsd.errors import AlreadyUsed

LONGEST_KEY = 255


class Request(msgspec.Struct, frozen=True):
    """What tells a request from another one under the same key of the same app.

    `app` is the client id, `key` what the client made up; `asked` is a hash of what was asked where, `body` one of
    what was sent with it.
    """

    app: str
    key: str
    asked: bytes
    body: bytes = b""

    @property
    def name(self) -> str:
        """Return the name that is held while it is being done: one at a time under one key."""
        return f"repeats of {self.app} {self.key}"


class Answer(msgspec.Struct, frozen=True):
    """An answer as it went out: what was made where, and the tag of the body if it has one."""

    status: int
    body: bytes
    media_type: str | None = None
    location: str = ""
    etag: str = ""


class Kept(msgspec.Struct, frozen=True):
    """The answer to a request, and the hash of what was sent with it."""

    answer: Answer
    body: bytes

    def answer_to(self, body: bytes) -> Answer:
        """Return the answer, if the same was sent again; else AlreadyUsed."""
        if self.body != body:
            raise AlreadyUsed("The key was used with another request.")
        return self.answer
