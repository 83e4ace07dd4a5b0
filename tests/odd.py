"""Servers of the tests' own, over real sockets: ones that know only the contract, and ones that misbehave."""

import json
import ssl
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from remotehands import AsyncClient, Client

CUT = None
"""In place of a reply: the connection is closed without one."""
Headers = dict[str, str]


class Seen(msgspec.Struct, frozen=True):
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Reply(msgspec.Struct, frozen=True):
    """What is answered. `length` tells another length than the body has."""

    status: int = 200
    body: Any = b""
    headers: Headers = {}
    length: int | None = None


Answers = Callable[[Seen], Reply | None]


@contextmanager
def serving(answers: Answers, certificate: tuple[str, str] | None = None) -> Iterator[str]:
    """Serve on a free port of the loopback, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length", 0))
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
                return
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answers(Seen(self.command, parts.path, query, headers, body))
            if reply is CUT:
                self.close_connection = True
                return
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) if reply.length is None else reply.length))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = reply.length is not None

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *given: Any) -> None:
            # A client that hangs up is what many tests are about.
            if not isinstance(sys.exception(), OSError):
                super().handle_error(*given)

    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


ACCOUNT = {"masterAccountId": "1", "masterAccountName": "M", "accountId": "A" * 15, "accountName": "N"}
TOKEN = {"token_type": "BearerToken", "expires_in": "3599", "scope": "playground_api"}
TICKET = {
    "title": "T", "status": "New", "site": "PHX015", "requestType": "Urgent Work", "category": "Other",
    "createdOn": "2030-05-26 21:07:32", "cancelReason": None, "closedOn": "", "comments": [],
}  # fmt: skip


def refused(status: int, message: str, **headers: str) -> Reply:
    """A refusal in the family's envelope."""
    error = {"correlationId": str(uuid.uuid4()), "type": "client", "message": message}
    return Reply(status, {"error": error}, headers)


class Family:
    """A server that knows the contract and no more: tickets can be created, read and listed.

    `before` and `after` are asked about every request for tickets and files: what they return is answered instead of
    carrying it out, or after it was carried out. With `recognises` it knows repeats by their key.
    """

    def __init__(self, *, recognises: bool = False) -> None:
        self.recognises = recognises
        self.before: list[Reply | str | None] = []
        self.after: list[Reply | str | None] = []
        self.seen: list[Seen] = []
        self.token: dict[str, Any] = TOKEN
        self.tokens = 0
        self.revoked = ""
        self.refuses_tokens_after = 10**6
        self.accounts: list[dict[str, Any]] = [ACCOUNT]
        self.made: list[dict[str, Any]] = []
        self._kept: dict[str, Reply] = {}

    def __call__(self, seen: Seen) -> Reply | None:
        self.seen.append(seen)
        reply = self._answer(seen)
        if reply is not None and self.recognises:
            reply = msgspec.structs.replace(reply, headers={"Remotehands-Features": "idempotency", **reply.headers})
        return reply

    def _answer(self, seen: Seen) -> Reply | None:
        if seen.path == "/v2/auth/token":
            self.tokens += 1
            if self.tokens > self.refuses_tokens_after:
                return refused(401, "Unauthorized. Client credentials are invalid.")
            # Long enough for others to come meanwhile.
            time.sleep(0.05)
            return Reply(200, {"access_token": f"a.b.{self.tokens}"} | self.token)
        if self.revoked and seen.headers.get("authorization") == f"Bearer {self.revoked}":
            return refused(401, "Unauthorized. Access token is missing or invalid.")
        if seen.path == "/v1/accounts":
            return Reply(200, self.accounts)
        if self.before and (reply := self.before.pop(0)) != "go on":
            return reply  # type: ignore[return-value]
        key = seen.headers.get("idempotency-key", "")
        if self.recognises and key in self._kept:
            return self._kept[key]
        reply = self._carried_out(seen)
        if self.recognises and key:
            self._kept[key] = reply
        if self.after and (instead := self.after.pop(0)) != "go on":
            return instead  # type: ignore[return-value]
        return reply

    def _carried_out(self, seen: Seen) -> Reply:
        if seen.method == "POST":
            self.made.append({"id": f"WO{1000000 + len(self.made)}", **TICKET})
            return Reply(201, self.made[-1])
        if seen.path == "/v1/remotehands-tickets":
            size, page = int(seen.query["size"]), int(seen.query["page"])
            newest = self.made[::-1]
            content = newest[page * size : (page + 1) * size]
            return Reply(200, {"content": content, "pageable": {"last": (page + 1) * size >= len(newest)}})
        return Reply(200, {"id": "WO1000000", **TICKET})

    @property
    def asked(self) -> list[Seen]:
        """What came beside the token and the accounts."""
        return [one for one in self.seen if one.path not in {"/v2/auth/token", "/v1/accounts"}]


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user who has no settings and no profile."""
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "ACCOUNT", "PROFILE"):
        monkeypatch.delenv(f"REMOTEHANDS_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))


@pytest.fixture
def family() -> Family:
    """A server that knows the contract and no more."""
    return Family()


@pytest.fixture
def address(family: Family, no_settings: None) -> Iterator[str]:
    with serving(family) as url:
        yield url


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, "id", "secret") as client:
        yield client


@pytest.fixture
def async_client(address: str) -> AsyncClient:
    return AsyncClient(address, "id", "secret")


@pytest.fixture
def patient(address: str) -> Iterator[Callable[..., Client]]:
    """A client with a patience of the test's own."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(Client(address, "id", "secret", **more))
