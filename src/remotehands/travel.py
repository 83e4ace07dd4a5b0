"""How requests travel by httpx2, the same for both ways: what it is given, what its faults mean."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx2

from remotehands.errors import CertificateRefused, ConnectionFailed, NotAServer, RemotehandsError, WrongSetting
from remotehands.exchange import Answer, Request

CONNECT_SECONDS = 10.0
PIECE = 256 * 1024
"""Bytes of a download that are written at a time."""
IDLE_SECONDS = 2.0
"""How long an idle connection is used again. Servers close theirs after a few seconds, and a request that meets the
closing has an unknown outcome."""

NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})
"""How OpenSSL's releases say that what came was no TLS at all."""


class Lost(RemotehandsError):  # noqa: N818 - named as in errors
    """The connection broke after something had been sent; only the core sees this."""


def options(base_url: str, timeout: float) -> dict[str, Any]:
    """Return what both of httpx2's clients are made with. Redirects are not followed: the secret goes to one host."""
    try:
        httpx2.URL(base_url)
    except httpx2.InvalidURL:
        raise WrongSetting(f"'{base_url}' is no address of a server.") from None
    return {
        "base_url": base_url,
        "timeout": httpx2.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
        "limits": httpx2.Limits(keepalive_expiry=IDLE_SECONDS),
        "follow_redirects": False,
    }


@contextmanager
def packed(request: Request) -> Iterator[dict[str, Any]]:
    """Give a request as httpx2 takes it, with its file open meanwhile."""
    with ExitStack() as stack:
        given: dict[str, Any] = {
            "method": request.method,
            "url": request.path,
            "params": request.query,
            "headers": request.headers,
            "content": request.body,
        }
        if request.file:
            reading = stack.enter_context(request.file.opened())
            given["files"] = {"file": (request.file.name, reading, request.file.media_type)}
        yield given


def unpacked(response: httpx2.Response, *, with_body: bool) -> Answer:
    """Return an answer of httpx2's as ours."""
    return Answer(response.status_code, dict(response.headers), response.content if with_body else b"")


def begins(request: Request, response: httpx2.Response) -> bool:
    """Tell whether the answer's body is the download that was asked for, and let its sink begin."""
    if request.sink is None or not response.is_success:
        return False
    length = response.headers.get("content-length", "")
    request.sink.begin(int(length) if length.isdecimal() else None)
    return True


@contextmanager
def faults(base_url: str) -> Iterator[None]:
    """Turn httpx2's faults into ours: not begun, or broken off."""
    host = httpx2.URL(base_url).netloc.decode("ascii")
    try:
        yield
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError) as error:
        raise _not_reached(host, error) from None
    except httpx2.DecodingError:
        raise NotAServer(f"{host} answers with what cannot be decoded.") from None
    except httpx2.TimeoutException:
        raise Lost(f"{host} did not answer in time.") from None
    except httpx2.TransportError as error:
        raise Lost(f"The connection to {host} broke: {error or type(error).__name__}.") from None


def _not_reached(host: str, error: Exception) -> ConnectionFailed:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CertificateRefused(
                f"The certificate of {host} cannot be trusted: {cause.verify_message.rstrip('.')}."
            )
        if isinstance(cause, ssl.SSLError) and cause.reason in NO_TLS:
            return ConnectionFailed(f"{host} does not speak https; a server without it is written http://{host}.")
        cause = cause.__cause__ or cause.__context__
    return ConnectionFailed(f"{host} cannot be reached: {str(error).rstrip('.') or 'no answer in time'}.")
