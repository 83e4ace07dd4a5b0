"""Mail without a server: the log says who would have got what, and never what it said."""

import structlog

from remotehandsd.kit.mail.letter import Letter, one_line

log = structlog.get_logger("mail")


class LoggedMail:
    """Writes recipient and subject of each letter into the log."""

    place = "no server: recipients and subjects are logged"

    async def send(self, letter: Letter) -> None:
        """See Mail."""
        log.info("mail", to=letter.to, subject=one_line(letter.subject))

    async def check(self) -> None:
        """See Mail. There is nothing that could be wrong."""

    async def close(self) -> None:
        """See Mail."""
