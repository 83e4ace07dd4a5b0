"""A session: somebody signed in, on one device, in one environment at a time."""

import hashlib
import secrets

import msgspec

from remotehandsd.act import Environment

IDLE_SECONDS = 12 * 3600
"""A session that was not seen for so long is over."""
LONGEST_SECONDS = 30 * 86_400
"""So long after the sign-in it is over in any case."""
TOUCHED_EVERY = 60
"""Seconds within which a session is noted as seen once."""
LONGEST_SECRET = 64
LONGEST_DEVICE = 200


class Session(msgspec.Struct, frozen=True):
    """Times are seconds since 1970, UTC.

    `is_bound`: one of "sign in as" in the playground; it never leaves it, and it is nobody's own.
    """

    key: int
    person: int
    environment: Environment
    is_bound: bool
    began_at: int
    seen_at: int
    by_device: str


def new_secret() -> str:
    """Return 256 random bits, as a cookie or a link can carry them."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Return what is kept of a secret: its SHA-256, which suffices for 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def printable(device: str) -> str:
    """Return what a browser says of itself, as it can be kept and shown: 200 visible characters at most."""
    return "".join(letter for letter in device if letter.isprintable())[:LONGEST_DEVICE]
