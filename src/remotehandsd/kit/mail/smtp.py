"""Mail by SMTP: letters one after the other on few connections, with a deadline on everything."""

import asyncio
import ssl
import time
from contextlib import suppress
from typing import cast

from aiosmtplib import SMTP, SMTPRecipientsRefused

from remotehandsd.kit.mail.address import Relay, Sender
from remotehandsd.kit.mail.face import MailAway
from remotehandsd.kit.mail.letter import Letter
from remotehandsd.kit.mail.message import message_of
from remotehandsd.kit.mail.smtp_faults import FAULTS, sorted_fault

CALL_SECONDS = 15.0
"""How long the server may take for one answer."""
LETTER_SECONDS = 40.0
"""How long one letter may take, from the connection to the server's last word; shorter than a job may."""
REST_SECONDS = 5.0
"""How long a connection is kept for the next letter."""
LETTERS_A_LINE = 50
"""Servers want to see a new connection now and then."""
PARTING_SECONDS = 2.0
SHORT = 4_000
"""Characters of other people's words up to which a letter is not worth a thread's while."""


class Line:
    """One connection to the server: how many letters went over it, and since when it rests."""

    def __init__(self, smtp: SMTP) -> None:
        self.smtp = smtp
        self.letters = 0
        self.rests_since = 0.0

    async def part(self) -> None:
        """Say goodbye, if there is somebody to hear it."""
        with suppress(*FAULTS):
            async with asyncio.timeout(PARTING_SECONDS):
                await self.smtp.quit()
        self.drop()

    def drop(self) -> None:
        """End the connection at once."""
        if self.smtp.transport is not None:
            # Every loop's transport of a connection has it; their types have no parent in common that says so.
            cast("asyncio.Transport", self.smtp.transport).abort()
        self.smtp.close()


class SmtpMail:
    """A mail server. Its certificate is checked wherever TLS is spoken."""

    def __init__(self, relay: Relay, sender: Sender, host: str) -> None:
        self._relay = relay
        self._sender = sender
        self._host = host
        self._tls = ssl.create_default_context()
        self._resting: list[Line] = []
        self._tidying: asyncio.Task[None] | None = None
        scheme = "smtps" if relay.is_tls else "smtp"
        self.place = f"{scheme}://{relay.host}:{relay.port}" + (f" as {relay.user}" if relay.user else "")

    async def send(self, letter: Letter) -> None:
        """See Mail. A server that takes the letter and dies before it says so gets it again: the same Message-ID."""
        message = await self._written(letter)
        try:
            async with asyncio.timeout(LETTER_SECONDS):
                await self._send(letter.to, message)
        except FAULTS as error:
            raise sorted_fault(error) from error

    async def _written(self, letter: Letter) -> bytes:
        """Write it down: a millisecond for a short letter, tens of them for a long one."""
        if sum(len(passage.quoted) for passage in letter.passages) <= SHORT:
            return message_of(letter, self._sender, self._host)
        return await asyncio.to_thread(message_of, letter, self._sender, self._host)

    async def _send(self, to: str, message: bytes) -> None:
        line = await self._take()
        try:
            await line.smtp.sendmail(self._sender.address, [to], message)
        except SMTPRecipientsRefused:
            self._give(line)
            raise
        except BaseException:
            line.drop()
            raise
        self._give(line)

    async def _take(self) -> Line:
        """Return a connection that answers: one that rests, or a new one."""
        while self._resting:
            line = self._resting.pop()
            try:
                await line.smtp.noop()
            except FAULTS:
                line.drop()
            except BaseException:
                line.drop()
                raise
            else:
                return line
        return await self._connect()

    def _give(self, line: Line) -> None:
        line.letters += 1
        line.rests_since = time.monotonic()
        if line.letters >= LETTERS_A_LINE or not line.smtp.is_connected:
            line.drop()
            return
        self._resting.append(line)
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy())

    async def _tidy(self) -> None:
        """Part with connections that nobody has needed for a while."""
        while self._resting:
            await asyncio.sleep(REST_SECONDS)
            before = time.monotonic() - REST_SECONDS
            for line in [line for line in self._resting if line.rests_since <= before]:
                self._resting.remove(line)
                await line.part()

    async def _connect(self) -> Line:
        relay = self._relay
        line = Line(
            SMTP(
                hostname=relay.host,
                port=relay.port,
                local_hostname=self._host,
                timeout=CALL_SECONDS,
                use_tls=relay.is_tls,
                start_tls=False,
                tls_context=self._tls,
            )
        )
        try:
            await line.smtp.connect()
            await line.smtp.ehlo()
            if not relay.is_tls and not relay.is_loopback:
                await self._secure(line.smtp)
            if relay.password:
                await line.smtp.login(relay.user, relay.password)
        except BaseException:
            line.drop()
            raise
        return line

    async def _secure(self, smtp: SMTP) -> None:
        """Change over to TLS where it is offered; without it a password stays here."""
        if smtp.supports_extension("starttls"):
            await smtp.starttls()
            await smtp.ehlo()
        elif self._relay.password:
            raise MailAway(
                f"The mail server {self._relay.host} does not offer STARTTLS: the password is not sent in the clear."
            )

    async def check(self) -> None:
        """See Mail."""
        try:
            async with asyncio.timeout(LETTER_SECONDS):
                line = await self._connect()
        except FAULTS as error:
            raise sorted_fault(error) from error
        await line.part()

    async def close(self) -> None:
        """See Mail."""
        if self._tidying is not None:
            self._tidying.cancel()
            with suppress(asyncio.CancelledError):
                await self._tidying
        while self._resting:
            await self._resting.pop().part()
