"""What a way to send mail must offer; everything above speaks to this and to no library."""

from typing import Protocol

from remotehandsd.kit.mail.letter import Letter


class MailAway(Exception):  # noqa: N818
    """The letter was not taken, or it is not known whether it was. The next try may succeed; a sentence says why."""


class MailRefused(Exception):  # noqa: N818
    """The server will never take this letter for this address; a sentence says why."""


class Mail(Protocol):
    """A way to send mail, opened."""

    place: str
    """Where mail goes, in words for the operator, without a secret."""

    async def send(self, letter: Letter) -> None:
        """Send a letter to its one recipient; MailAway or MailRefused when it was not taken."""

    async def check(self) -> None:
        """Connect and sign in without sending anything; MailAway when that is not possible."""

    async def close(self) -> None:
        """Let go of every connection."""
