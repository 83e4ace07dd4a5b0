"""Sending a body to a URL that a stranger gave."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress

import httpcore
import msgspec

from remotehandsd.kit.outbound.addresses import Address
from remotehandsd.kit.outbound.lines import Lines, TooMuch
from remotehandsd.kit.outbound.resolving import Resolve, Resolver, Unknown
from remotehandsd.kit.outbound.target import BadAddress, Target, check_address, read_url

BODY_SECONDS = 1.0
"""How long a receiver may go on with a body that nobody reads, before the connection is closed on it."""
SECONDS = 10.0
"""How long one call may take: the name's look-up, the connection, TLS, the sending, and the answer."""


class Answer(msgspec.Struct, frozen=True):
    """What came back: the status, and what `Retry-After` said (`""` for nothing). The body is nobody's business."""

    status: int
    retry_after: str = ""


class NotAnswered(Exception):  # noqa: N818
    """No answer; a sentence says why, for who gave the URL."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Outbound:
    """Calls strangers' URLs: never by a proxy, never after a redirect, never where they may not lead.

    `may_be_private` lets private and loopback addresses through, and plain `http` then. `resolve` and `trust` are the
    machine's own resolver and certificates unless they are given.
    """

    def __init__(
        self, *, may_be_private: bool, resolve: Resolve | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        self.may_be_private = may_be_private
        self._resolve = resolve or Resolver()
        self._trust = trust

    def check(self, url: str) -> Target:
        """Return where a URL leads; BadAddress, with a sentence, for one that could never be called."""
        return read_url(url, may_be_private=self.may_be_private)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a body and return the answer; NotAnswered when there is none within ten seconds.

        A redirect is an answer like any other. Whatever the status is, at most 64 KiB are read and none kept.
        """
        try:
            async with asyncio.timeout(SECONDS):
                target = self.check(url)
                return await self._post(target, await self._addresses(target), headers, body)
        except (TimeoutError, httpcore.TimeoutException):
            raise NotAnswered("There was no answer within 10 seconds.") from None
        except BadAddress as error:
            raise NotAnswered(error.sentence) from None
        except Unknown:
            raise NotAnswered("The host's name leads to no address.") from None
        except TooMuch:
            raise NotAnswered("The answer's head was larger than 64 KiB.") from None
        except httpcore.ConnectError as error:
            raise NotAnswered(_why(error)) from None
        except (httpcore.NetworkError, httpcore.RemoteProtocolError, OSError) as error:
            raise NotAnswered(_broken(error)) from None

    async def _addresses(self, target: Target) -> list[Address]:
        literal = target.literal
        addresses = [literal] if literal else await self._resolve(target.host, target.port)
        for address in addresses:
            # All of them: who decides which one is called must not be who owns the name.
            check_address(address, may_be_private=self.may_be_private)
        return addresses

    async def _post(self, target: Target, addresses: list[Address], headers: Mapping[str, str], body: bytes) -> Answer:
        if target.scheme == "https" and self._trust is None:
            self._trust = ssl.create_default_context()
        url = httpcore.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )
        line = httpcore.AsyncHTTPConnection(
            url.origin, ssl_context=self._trust, http2=False, network_backend=Lines(addresses)
        )
        async with (
            line,
            line.stream(
                "POST",
                url,
                headers=[("Host", _host_header(target)), ("Connection", "close"), *headers.items()],
                content=body,
            ) as response,
        ):
            await _let_it_finish(response)
            named = {name.lower(): value for name, value in response.headers}
            return Answer(response.status, named.get(b"retry-after", b"").decode("latin-1"))


async def _let_it_finish(response: httpcore.Response) -> None:
    """Take the body, up to the 64 KiB, so that a receiver is not cut off; how it ends changes nothing."""
    with suppress(TimeoutError, TooMuch, OSError, httpcore.NetworkError, httpcore.RemoteProtocolError):
        async with asyncio.timeout(BODY_SECONDS):
            async for _ in response.aiter_stream():
                pass


def _host_header(target: Target) -> str:
    return target.origin.partition("://")[2]


def _why(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"The certificate is not valid for this host: {cause.verify_message}."
    if isinstance(cause, ssl.SSLError):
        return "There was no TLS to be agreed on."
    return "No connection could be made."


def _broken(error: Exception) -> str:
    if isinstance(error, httpcore.RemoteProtocolError):
        return "What came back was no HTTP answer."
    return "The connection broke off."
