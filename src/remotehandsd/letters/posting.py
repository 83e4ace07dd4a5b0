"""Posting a letter: kept sealed with a job that sends it, gone when it was sent."""

import msgspec

from remotehandsd import jobs
from remotehandsd.kit.db import Tx
from remotehandsd.kit.mail import Letter, deliverable
from remotehandsd.kit.sealing import Seal
from remotehandsd.letters import store

LETTER = "letter"
"""The kind of job that sends one letter."""
KEPT_SECONDS = 7 * 86_400
"""How long a letter that nobody takes is kept; no link lives longer."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Letter).decode


async def post(tx: Tx, seal: Seal, letter: Letter, *, now: int) -> None:
    """Have a letter sent, if this transaction lasts."""
    letter = msgspec.structs.replace(letter, to=deliverable(letter.to) or letter.to)
    key = await store.add(tx, letter.id, seal.seal(_encode(letter), _place(letter.id)), now=now)
    await jobs.add(tx, LETTER, key, now=now, due_at=now)


def _place(name: str) -> str:
    return f"letter {name}"


async def letter_of(tx: Tx, seal: Seal, key: int) -> Letter | None:
    """Return the letter of this key, unless it was sent or is too old."""
    found = await store.find(tx, key)
    return _decode(seal.open(found[1], _place(found[0]))) if found else None


async def ended(tx: Tx, key: int) -> None:
    """Forget a letter: it was sent, or will never be taken."""
    await store.remove(tx, key)


async def forget(tx: Tx, *, now: int) -> int:
    """Forget letters that nobody has taken for 7 days; return how many."""
    return await store.remove_old(tx, before=now - KEPT_SECONDS)
