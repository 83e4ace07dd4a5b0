"""From settings to the way that mail goes."""

from remotehandsd.kit.mail.address import plain_host, read_sender, read_smtp_url
from remotehandsd.kit.mail.face import Mail
from remotehandsd.kit.mail.logged import LoggedMail


def open_mail(url: str, sender: str, public_url: str) -> Mail:
    """Open the way to a mail server, which is not asked anything yet; without a URL, to the log."""
    if not url:
        return LoggedMail()
    from remotehandsd.kit.mail.smtp import SmtpMail  # noqa: PLC0415 - its library is loaded by who has a server

    return SmtpMail(read_smtp_url(url), read_sender(sender), plain_host(public_url))
