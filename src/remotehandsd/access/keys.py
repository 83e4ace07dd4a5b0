"""Signing keys: made, published before their first use, kept until their last token is over, forgotten."""

import asyncio
from itertools import pairwise
from typing import Any

import msgspec
from joserfc.jwk import RSAKey

from remotehandsd.access import store
from remotehandsd.house import House

PUBLISHED_BEFORE = 10
"""Seconds between the publishing of a key and its first use, so that who caches keys has seen it."""
KEPT_AFTER = 86_400
"""Least seconds for which a replaced key still verifies; a longer token life extends it."""
READ_AGAIN = 3.0
"""Seconds after which a process looks for keys that another process made."""


class Key(msgspec.Struct, frozen=True):
    """One signing key and the times that rule its use (seconds since 1970, UTC)."""

    kid: str
    rsa: RSAKey
    made_at: int
    used_from: int

    def public(self) -> dict[str, Any]:
        """Return it as a JWK without its private part."""
        return {**self.rsa.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": "RS256"}


class Keys:
    """The keys as one process knows them, never older than READ_AGAIN seconds."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._keys: dict[str, Key] = {}
        self._read_at = float("-inf")

    async def known(self) -> dict[str, Key]:
        """Return every key that may still verify a token, by its id, oldest first."""
        if self._house.clock() - self._read_at >= READ_AGAIN:
            await self._read()
        return self._keys

    async def _read(self) -> None:
        async with self._house.db.glance() as tx:
            rows = await store.all_keys(tx)
        known = {}
        for kid, sealed, made_at, used_from in rows:
            known[kid] = self._keys.get(kid) or Key(kid, _opened(self._house, kid, sealed), made_at, used_from)
        self._keys = known
        self._read_at = self._house.clock()

    async def signing(self) -> Key:
        """Return the newest key whose first use has come; the first time ever, make one."""
        if not await self.known():
            await _make(self._house, wait=0, since=-1)
            await self._read()
        now = self._house.now()
        keys = list(self._keys.values())
        # Where the only key was made by command just now, nobody can have cached another: it signs at once.
        return [key for key in keys if key.used_from <= now or key is keys[0]][-1]

    async def published(self) -> list[dict[str, Any]]:
        """Return the public keys, for `/.well-known/jwks.json`."""
        return [key.public() for key in (await self.known()).values()]


def _opened(house: House, kid: str, sealed: bytes) -> RSAKey:
    return RSAKey.import_key(house.seal.open(sealed, f"signing key {kid}"), {"kid": kid})


async def rotate(house: House) -> str:
    """Make a new signing key now; it is published at once and signs after 10 seconds. Return its id."""
    return await _make(house, wait=PUBLISHED_BEFORE, since=house.now() + 1)


async def rotate_when_due(house: House) -> bool:
    """Replace the signing key when it is older than REMOTEHANDS_KEY_DAYS."""
    due = house.now() - house.settings.key_days * 86_400
    async with house.db.glance() as tx:
        keys = await store.all_keys(tx)
    if not keys or keys[-1][2] > due:
        return False
    await _make(house, wait=PUBLISHED_BEFORE, since=due)
    return True


async def _make(house: House, *, wait: int, since: int) -> str:
    rsa = await asyncio.to_thread(RSAKey.generate_key, 2048)
    kid = rsa.thumbprint()
    sealed = house.seal.seal(rsa.as_pem(private=True), f"signing key {kid}")
    now = house.now()
    async with house.db.write() as tx:
        await tx.hold("signing keys")
        await store.add_key_unless_made_since(tx, kid, sealed, made_at=now, used_from=now + wait, since=since)
    return kid


async def forget_old(house: House) -> list[str]:
    """Remove the keys that were replaced so long ago that none of their tokens lives; return their ids."""
    over = house.now() - max(KEPT_AFTER, house.settings.token_seconds)
    async with house.db.write() as tx:
        keys = await store.all_keys(tx)
        old = [key[0] for key, successor in pairwise(keys) if successor[3] < over]
        for kid in old:
            await store.forget_key(tx, kid)
    return old
