"""The gate: credentials in, tokens out; tokens in, callers out.

A verified token is remembered, and so is a caller's standing, for READ_AGAIN seconds: a retired app, a removed
permission or a forgotten key is felt within that time.
"""

import hmac
import secrets
from typing import TypeVar

import msgspec
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from remotehandsd import accounts, people
from remotehandsd.access.keys import READ_AGAIN, Keys
from remotehandsd.accounts import Caller
from remotehandsd.act import Environment
from remotehandsd.errors import Limited, NotSignedIn
from remotehandsd.house import House
from remotehandsd.kit.db import Unavailable, can_be_kept
from remotehandsd.kit.windows import Left, Limit, Windows

LONGEST_CREDENTIAL = 64
LONGEST_TOKEN = 4096
REMEMBERED = 10_000
"""Most tokens, and most callers, that one process remembers."""
FAILED_SIGN_INS = Limit(20, 60)
"""How many wrong credentials may be given for one client id from one address."""
COUNTED = 50_000
"""Most pairs of client id and address that are counted at once: some 10 MB."""
NOBODYS_HASH = accounts.secret_hash(secrets.token_hex(32))

K = TypeVar("K")
V = TypeVar("V")

log = structlog.get_logger("access")

_registry = JWSRegistry(algorithms=["RS256"], strict_check_header=False)


class Claims(msgspec.Struct, frozen=True):
    """What an access token says (RFC 9068); times in seconds since 1970, UTC."""

    iss: str
    aud: str
    sub: str
    client_id: str
    iat: int
    exp: int
    jti: str
    scope: str


class Issued(msgspec.Struct, frozen=True):
    """A new access token, the seconds for which a client may use it, and its scope."""

    token: str
    usable_seconds: int
    scope: str


class _Verified(msgspec.Struct, frozen=True):
    claims: Claims
    kid: str


class Gate:
    """Issues tokens and admits callers, for one process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.keys = Keys(house)
        self._verified: dict[str, _Verified] = {}
        self._callers: dict[str, tuple[float, Caller | None]] = {}
        self._calls: dict[str, int] = {}
        self._failed = Windows(FAILED_SIGN_INS, house.clock, keys=COUNTED)
        rate = house.settings.rate_limit
        self._requests = Windows(rate, house.clock, keys=REMEMBERED) if rate else None

    async def issue(self, client_id: str, client_secret: str, *, address: str) -> Issued:
        """Exchange a credential for a token; NotSignedIn when either half is wrong, in the same time.

        After 20 wrong ones in a minute for one client id from one address, or one /64 of IPv6, it is Limited, for the
        right one too.
        """
        name, place = client_id if _can_be_ours(client_id) else "", people.network(address)
        self._refuse_limited(name, place)
        async with self._house.db.glance() as tx:
            known = await accounts.secret_hashes_of(tx, name, now=self._house.now()) if name else None
        # Once more: of many guesses that were sent at once, only so many are answered.
        self._refuse_limited(name, place)
        first, last, environment = known or (NOBODYS_HASH, NOBODYS_HASH, Environment.PLAYGROUND)
        given = accounts.secret_hash(client_secret)
        # Both are compared whatever the first says.
        is_one = hmac.compare_digest(first, given) | hmac.compare_digest(last, given)
        if not is_one or known is None or len(client_secret) > LONGEST_CREDENTIAL:
            self._count_failure(name, place)
            raise NotSignedIn("Client id or secret is wrong.")
        return await self._sign(client_id, environment)

    def _refuse_limited(self, name: str, place: str) -> None:
        left = self._failed.look(name, place)
        if left.is_over:
            raise Limited(left.seconds)

    def _count_failure(self, name: str, place: str) -> None:
        left = self._failed.count(name, place)
        if left.number == 0:
            # Not the client id: what is given as one may be a secret in the wrong field.
            log.warning("sign-ins limited", place=place, seconds=left.seconds)

    async def _sign(self, client_id: str, environment: Environment) -> Issued:
        key = await self.keys.signing()
        settings = self._house.settings
        now = self._house.now()
        claims = Claims(
            iss=settings.public_url,
            aud=settings.public_url,
            sub=client_id,
            client_id=client_id,
            iat=now,
            exp=now + settings.token_seconds,
            jti=secrets.token_hex(16),
            scope=scope_of(environment),
        )
        header = {"alg": "RS256", "typ": "at+jwt", "kid": key.kid}
        token = jwt.encode(header, msgspec.structs.asdict(claims), key.rsa, registry=_registry)
        return Issued(token, settings.token_seconds - 1, claims.scope)

    def count_request(self, client_id: str) -> Left | None:
        """Count a request of an app; return what is left of REMOTEHANDS_RATE_LIMIT, None without one."""
        return self._requests.count(client_id) if self._requests is not None else None

    async def admit(self, token: str) -> Caller:
        """Return who calls with this token; NotSignedIn when it is not a living token of ours."""
        keys = await self.keys.known()
        verified = self._verified.get(token)
        if verified is None:
            verified = self._verify(token, {kid: key.rsa for kid, key in keys.items()})
            _remember(self._verified, token, verified)
        claims = verified.claims
        # To the second, without leeway: contract.md section 17.18.
        if self._house.clock() >= claims.exp or verified.kid not in keys:
            self._verified.pop(token, None)
            raise NotSignedIn("The token is over.")
        caller = await self._caller(claims.client_id)
        if caller is None or scope_of(caller.by.environment) != claims.scope:
            raise NotSignedIn("The app that the token was issued to is not in use.")
        self._calls[claims.client_id] = self._calls.get(claims.client_id, 0) + 1
        return caller

    async def write_calls(self) -> None:
        """Write down how many calls each app has made since the last time; what cannot be written is kept."""
        calls, self._calls = self._calls, {}
        if not calls:
            return
        try:
            await accounts.add_calls(self._house, calls)
        except Unavailable:
            for client_id, count in calls.items():
                self._calls[client_id] = self._calls.get(client_id, 0) + count
            raise

    def _verify(self, token: str, keys: dict[str, RSAKey]) -> _Verified:
        if len(token) > LONGEST_TOKEN or token.count(".") != 2 or not token.isascii():
            raise NotSignedIn("This is no token.")
        try:
            decoded = jwt.decode(token, lambda part: keys[part.headers()["kid"]], registry=_registry)
            if decoded.header.get("typ") != "at+jwt":
                raise NotSignedIn("This is no access token.")
            claims = msgspec.convert(decoded.claims, Claims)
        except (JoseError, msgspec.ValidationError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise NotSignedIn("The token is not one of ours.") from error
        if claims.iss != self._house.settings.public_url or claims.aud != claims.iss:
            raise NotSignedIn("The token was issued by somebody else.")
        return _Verified(claims, decoded.header["kid"])

    async def _caller(self, client_id: str) -> Caller | None:
        now = self._house.clock()
        fresh_until, caller = self._callers.get(client_id, (float("-inf"), None))
        if now >= fresh_until:
            async with self._house.db.read() as tx:
                caller = await accounts.caller(tx, client_id)
            _remember(self._callers, client_id, (now + READ_AGAIN, caller))
        return caller


def _can_be_ours(client_id: str) -> bool:
    return len(client_id) <= LONGEST_CREDENTIAL and can_be_kept(client_id)


def scope_of(environment: Environment) -> str:
    """Return the scope that names an environment: `playground_api`."""
    return f"{environment}_api"


def _remember(memory: dict[K, V], key: K, value: V) -> None:
    if len(memory) >= REMEMBERED and key not in memory:
        # The oldest goes: dicts keep the order of arrival.
        del memory[next(iter(memory))]
    memory[key] = value
