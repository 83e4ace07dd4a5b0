"""Posting a letter: written down with what it is about, sent by the worker, and forgotten."""

import secrets

import msgspec

from remotehandsd import jobs
from remotehandsd.kit.db import Tx
from remotehandsd.kit.mail import deliverable
from remotehandsd.kit.sealing import Seal
from remotehandsd.letters import store
from remotehandsd.letters.wording import LIVES, Kind

LETTER = "letter"
"""The kind of job. It is about a letter."""


class Posted(msgspec.Struct, frozen=True):
    """A letter on its way: to whom, of which kind, and what it is filled with. `environment` is `""` for any."""

    id: str
    to: str
    kind: Kind
    environment: str
    values: dict[str, str]
    ends_at: int = 0


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Posted).decode


async def post(tx: Tx, seal: Seal, to: str, kind: Kind, *, environment: str = "", now: int, **values: str) -> None:
    """Have a letter sent, in the transaction that it tells of; not to an address that mail cannot reach.

    What it is filled with, such as the token of a link, is kept encrypted until it is sent.
    """
    if not deliverable(to):
        return
    letter = Posted(secrets.token_hex(16), to, kind, environment, values, now + LIVES[kind])
    sealed = seal.seal(_encode(letter), f"letter {letter.id}")
    key = await store.add(tx, letter.id, sealed, now=now, ends_at=letter.ends_at)
    await jobs.add(tx, LETTER, key, now=now, due_at=now)


async def posted(tx: Tx, seal: Seal, key: int) -> Posted | None:
    """Return a letter that waits, None for one that is gone."""
    row = await store.find(tx, key)
    return _decode(seal.open(row[1], f"letter {row[0]}")) if row else None


async def remove(tx: Tx, key: int) -> None:
    """Forget a letter: it went out, or never will."""
    await store.remove(tx, key)
