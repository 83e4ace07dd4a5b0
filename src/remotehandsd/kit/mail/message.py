"""A letter as the bytes that go to a mail server."""

import time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from remotehandsd.kit.mail.address import Sender
from remotehandsd.kit.mail.letter import Letter, cleaned, one_line
from remotehandsd.kit.mail.rendering import as_html, as_text

POLICY = SMTP.clone(cte_type="7bit")
"""Lines end with CR LF and hold ASCII only, so that a server without 8BITMIME takes them as they are."""


def message_of(letter: Letter, sender: Sender, host: str, *, at: float | None = None) -> bytes:
    """Return the message: headers that no text can break out of, plain text, and the same as HTML.

    It says of itself that a program wrote it (RFC 3834), so that absence notes stay at home.
    """
    letter = cleaned(letter)
    message = EmailMessage(POLICY)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = _header(letter.subject)
    message["Date"] = formatdate(time.time() if at is None else at)
    message["Message-ID"] = f"<{letter.id}@{host}>"
    if letter.id != letter.thread:
        message["In-Reply-To"] = f"<{letter.thread}@{host}>"
        message["References"] = f"<{letter.thread}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    for name, value in letter.labels:
        message[name] = _header(value)
    message.set_content(as_text(letter))
    message.add_alternative(as_html(letter), subtype="html")
    return message.as_bytes()


def _header(text: str) -> str:
    """Return a text that a reader shows as it is: what looks encoded would be decoded there."""
    return one_line(text).replace("=?", "= ?")
