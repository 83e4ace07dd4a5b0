"""Encryption of what must be read back: AES-256-GCM under the master key."""

import base64
import binascii
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class WrongKey(Exception):  # noqa: N818
    """The master key is malformed, or is not the one that this was sealed with."""


class Seal:
    """Seals and opens small secrets. `about` binds a secret to its place, so that two cannot be swapped."""

    def __init__(self, master_key: str) -> None:
        try:
            raw = base64.b64decode(master_key, validate=True)
        except binascii.Error as error:
            raise WrongKey("REMOTEHANDS_MASTER_KEY: is not base64.") from error
        if len(raw) != 32:
            raise WrongKey(f"REMOTEHANDS_MASTER_KEY: must be 32 bytes as base64; this one has {len(raw)}.")
        self._cipher = AESGCM(raw)

    def seal(self, secret: bytes, about: str) -> bytes:
        """Return nonce and ciphertext."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, secret, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Return the secret; WrongKey when the key or the place is another."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], about.encode())
        except InvalidTag as error:
            raise WrongKey("The master key is not the one that the database was written with.") from error


def master_key_in(folder: Path, *, may_make: bool) -> str:
    """Return the master key kept in the data folder; the first time, make it (mode 0600)."""
    path = folder / "master.key"
    if not path.exists() and not may_make:
        raise WrongKey(f"{path} is missing beside an existing database; put back the one from your backup.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(made, "w") as file:
        file.write(base64.b64encode(os.urandom(32)).decode() + "\n")
        file.flush()
        os.fsync(made)
    return path.read_text().strip()
