"""The core: a request is signed, sent, repeated where that is safe, and its answer judged."""

import logging
import re
import time
import uuid
from importlib.metadata import version

import msgspec

from remotehands import accounts, tokens
from remotehands.errors import (
    CertificateRefused,
    ConnectionFailed,
    ConnectionLost,
    Invalid,
    Limited,
    NotFound,
    OutcomeUnknown,
    Refused,
    RemotehandsError,
    Unavailable,
)
from remotehands.exchange import Answer, Needs, Request
from remotehands.pacing import Pace, retry_after
from remotehands.records import Account
from remotehands.refusals import accepted, is_stale_token, refusal
from remotehands.settings import Settings
from remotehands.travel import Lost
from remotehands.ways import Way

LIMITED = 429
AGAIN = frozenset({LIMITED, 502, 503, 504})
"""Statuses after which the same request may be answered. Only 429 says that this one was not carried out."""
IN_PROGRESS = 409
"""What a repeat is told while the first one is still being carried out."""
DEFINITE = (Invalid, NotFound, Refused)
"""What a server that recognises repeats says only of a change that was never made."""
UNKNOWN = "It is not known whether the change was made; look before you send it again."
FEATURES = "remotehands-features"

USER_AGENT = f"remotehands/{version('remotehands')}"

log = logging.getLogger("remotehands")


Outcome = Answer | ConnectionFailed | Lost


class Attempts:
    """How it went so far with one request."""

    def __init__(self, changes: bool, pace: Pace) -> None:
        self.pace = pace
        self.renewed = False
        self.may_be_done = False
        self._changes = changes

    def note(self, outcome: Outcome) -> None:
        """Remember whether a change may have been made."""
        arrived = outcome.status != LIMITED if isinstance(outcome, Answer) else isinstance(outcome, Lost)
        self.may_be_done = self.may_be_done or (self._changes and arrived)


class Caller:
    """Asks one server, for one account."""

    def __init__(self, settings: Settings, way: Way, *, attempts: int, patience: float) -> None:
        self.settings = settings
        self.way = way
        self._attempts = attempts
        self._patience = patience
        self._token: tokens.Token | None = None
        self._token_turn = way.turn()
        self._account: Account | None = None
        self._account_turn = way.turn()
        self._recognises_repeats = False

    async def ask(self, request: Request) -> Answer:
        """Send a request as often as is safe, and return its answer of 2xx.

        Reads are repeated, and so is whatever was certainly not carried out. A change whose outcome is not known is
        repeated only where the server recognises repeats by their key (interfaces.md section 7).
        """
        if request.changes:
            request = _with(request, {"Idempotency-Key": uuid.uuid4().hex})
        attempts = Attempts(request.changes, Pace(self._attempts, self._patience))
        try:
            while (answer := await self._attempt(request, attempts)) is None:
                pass
        except DEFINITE:
            raise
        except RemotehandsError as fault:
            if attempts.may_be_done:
                raise OutcomeUnknown(f"{UNKNOWN} {fault}") from fault
            raise
        return answer

    async def _attempt(self, request: Request, attempts: Attempts) -> Answer | None:
        """Send a request once; return an answer of 2xx, None to try again, or raise what is to be told."""
        signed, token = await self._signed(request)
        outcome = await self._send(signed)
        if isinstance(outcome, Answer):
            if token and not attempts.renewed and is_stale_token(outcome):
                attempts.renewed = True
                await self._forget(token)
                return None
            is_running = attempts.may_be_done and outcome.status == IN_PROGRESS
            if outcome.status not in AGAIN and not is_running:
                return accepted(outcome)
        attempts.note(outcome)
        fault = _fault(outcome)
        if attempts.may_be_done and not self._recognises_repeats:
            raise fault
        seconds = attempts.pace.pause(retry_after(outcome) if isinstance(outcome, Answer) else None)
        if seconds is None or isinstance(outcome, CertificateRefused):
            raise fault
        log.debug("again in %.1f s: %s", seconds, fault)
        await self.way.pause(seconds)
        return None

    async def _send(self, request: Request) -> Outcome:
        began = time.perf_counter()
        try:
            answer = await self.way.send(request)
        except (ConnectionFailed, Lost) as error:
            log.debug("%s %s: %s", request.method, request.path, error)
            return error
        milliseconds = (time.perf_counter() - began) * 1000
        log.debug("%s %s: %d after %.0f ms", request.method, request.path, answer.status, milliseconds)
        if "idempotency" in re.split(r"\s*,\s*", answer.headers.get(FEATURES, "")):
            self._recognises_repeats = True
        return answer

    async def _signed(self, request: Request) -> tuple[Request, tokens.Token | None]:
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        if request.needs is Needs.NOTHING:
            return _with(request, headers), None
        if request.needs is Needs.ACCOUNT:
            account = await self.account()
            headers |= {"Master-Account-Id": account.master_account_id, "Account-Id": account.account_id}
        token = await self._current_token()
        return _with(request, headers | {"Authorization": f"Bearer {token.text}"}), token

    async def account(self) -> Account:
        """Return the account that is asked for, looked up once."""
        async with self._account_turn:
            if self._account is None:
                named = self.settings.account
                self._account = accounts.chosen(await self.ask(accounts.request(named)), named)
            return self._account

    async def _current_token(self) -> tokens.Token:
        """Return a token that will live a while; of callers at the same time one fetches it for all."""
        async with self._token_turn:
            if self._token is None or self._token.ends_at < time.monotonic():
                asked_at = time.monotonic()
                self._token = tokens.read(await self.ask(tokens.request(self.settings)), asked_at)
            return self._token

    async def _forget(self, token: tokens.Token) -> None:
        async with self._token_turn:
            if self._token is token:
                self._token = None


def _with(request: Request, headers: dict[str, str]) -> Request:
    return msgspec.structs.replace(request, headers=headers | request.headers)


def _fault(outcome: Outcome) -> RemotehandsError:
    if isinstance(outcome, Lost):
        return ConnectionLost(str(outcome))
    if isinstance(outcome, ConnectionFailed):
        return outcome
    fault = refusal(outcome)
    if isinstance(fault, Limited | Unavailable):
        fault.retry_after = retry_after(outcome)
    return fault
