"""Mail: one letter at a time, by SMTP or, without a server, into the log."""

from remotehandsd.kit.mail.address import deliverable, plain_host, sender, smtp_url
from remotehandsd.kit.mail.face import Mail, MailAway, MailRefused
from remotehandsd.kit.mail.letter import Letter, Passage
from remotehandsd.kit.mail.opening import open_mail

__all__ = [
    "Letter",
    "Mail",
    "MailAway",
    "MailRefused",
    "Passage",
    "deliverable",
    "open_mail",
    "plain_host",
    "sender",
    "smtp_url",
]
