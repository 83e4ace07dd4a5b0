"""Secrets and signatures, as the Standard Webhooks specification has them."""

import base64
import os
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook as Signer

from remotehandsd.kit.sealing import Seal

SECRET_BYTES = 32
OVERLAP_SECONDS = 86_400
"""For how long a secret that was replaced still signs."""
MOST_SECRETS = 5
"""Secrets that sign at once; of one rotated more often the oldest go."""


class Secret(msgspec.Struct, frozen=True):
    """A secret as its owner knows it (`whsec_...`), and until when it signs: None for the newest."""

    text: str
    until: int | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Secret]).decode


def new_secret() -> Secret:
    """Return a secret of 32 random bytes."""
    return Secret("whsec_" + base64.b64encode(os.urandom(SECRET_BYTES)).decode())


def sealed(seal: Seal, id_: str, secrets: Sequence[Secret]) -> bytes:
    """Return a webhook's secrets as they are kept."""
    return seal.seal(_encode(secrets), _place(id_))


def opened(seal: Seal, id_: str, kept: bytes, now: int) -> list[Secret]:
    """Return the secrets that sign now, the newest first."""
    return [secret for secret in _decode(seal.open(kept, _place(id_))) if secret.until is None or secret.until > now]


def rotated(secrets: Sequence[Secret], now: int) -> list[Secret]:
    """Return the secrets with a new one at their head; the one before it signs for 24 hours more."""
    before = [Secret(secret.text, secret.until or now + OVERLAP_SECONDS) for secret in secrets]
    return [new_secret(), *before][:MOST_SECRETS]


def headers(name: str, body: bytes, secrets: Sequence[Secret], at: int) -> dict[str, str]:
    """Return the headers of an attempt: the event's name, the time of the attempt, a signature by every secret."""
    moment, text = datetime.fromtimestamp(at, UTC), body.decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Remotehands-Webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(Signer(secret.text).sign(name, moment, text) for secret in secrets),
    }


def _place(id_: str) -> str:
    return f"webhook {id_}"
