"""A real mail server for the tests: aiosmtpd in the test's own event loop, well-behaved or not."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
NOT_LOOPBACK = "0.0.0.0"
"""Leads here, too, and counts as another machine."""
USER, PASSWORD = "hands", "p@ss/word: %?#"


class Received:
    """One message that was taken."""

    def __init__(self, session: Session, envelope: Envelope, *, is_secret: bool) -> None:
        assert isinstance(envelope.content, bytes)
        self.sender, self.to = envelope.mail_from, list(envelope.rcpt_tos)
        self.raw = envelope.content
        self.is_secret = is_secret
        self.user = session.authenticated
        self.peer = session.peer
        parsed = message_from_bytes(self.raw, policy=default)
        assert isinstance(parsed, EmailMessage)
        self.message = parsed

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")


class PostOffice:
    """What it took, and how it answers: `answers` by address to RCPT, `after_data` to messages."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.answers: dict[str, str] = {}
        self.after_data: list[str] = []
        self.hangs_in: str = ""
        self.closes_in: str = ""
        self.passwords: list[bytes] = []
        self.port = 0
        self._never = asyncio.Event()
        self._open: list[SMTP] = []

    def cut(self) -> None:
        """End every connection without a word."""
        for server in self._open:
            if server.transport is not None:
                server.transport.abort()
        self._open = []

    async def maybe(self, place: str, server: SMTP) -> None:
        """Hang or close, where a test says so."""
        if self.hangs_in == place:
            await self._never.wait()
        if self.closes_in == place:
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(0)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        await self.maybe("EHLO", server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.maybe("MAIL", server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.maybe("RCPT", server)
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await self.maybe("DATA", server)
        if self.after_data and not (answer := self.after_data.pop(0)).startswith("250"):
            return answer
        assert server.transport is not None
        is_secret = server.transport.get_extra_info("sslcontext") is not None
        self.received.append(Received(session, envelope, is_secret=is_secret))
        await self.maybe("after DATA", server)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.passwords.append(given.password)
        is_right = given.login == USER.encode() and given.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False, auth_data=USER)

    def to(self, address: str) -> list[Received]:
        return [letter for letter in self.received if letter.to == [address]]


class _Counted(SMTP):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.transport is None:
            self.event_handler.connections += 1
            self.event_handler._open.append(self)
        super().connection_made(transport)

    async def push(self, status: str | bytes) -> None:
        if isinstance(status, str) and status.startswith("220 post.test"):
            await self.event_handler.maybe("greeting", self)
        await super().push(status)


@asynccontextmanager
async def post_office(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None, wants_sign_in: bool = False
) -> AsyncIterator[PostOffice]:
    """Open a mail server; `tls` speaks TLS from the first byte, `starttls` offers it."""
    office = PostOffice()
    loop = asyncio.get_running_loop()

    def made() -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # it advises against passwords without TLS
            return _Counted(
                office,
                loop=loop,
                hostname="post.test",
                tls_context=starttls,
                authenticator=office.authenticate,
                auth_required=wants_sign_in,
                auth_require_tls=starttls is not None,
                timeout=60,
            )

    server = await loop.create_server(made, NOT_LOOPBACK, 0, ssl=tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        office._never.set()
        # A client that left in the middle of a handshake is seen by the server a moment later.
        for _ in range(5):
            office.cut()
            await asyncio.sleep(0.01)
        await server.wait_closed()


class Certificates:
    """A certificate authority of the tests' own."""

    def __init__(self) -> None:
        self._authority = trustme.CA()

    def for_host(self, *hosts: str) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(*hosts).configure_cert(context)
        return context

    def write(self, path: str) -> None:
        self._authority.cert_pem.write_to_path(path)
