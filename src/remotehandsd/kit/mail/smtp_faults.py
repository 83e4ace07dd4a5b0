"""What a mail server's refusal means: for now, or for good."""

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from remotehandsd.kit.mail.face import MailAway, MailRefused
from remotehandsd.kit.mail.letter import one_line

FAULTS = (SMTPException, OSError, TimeoutError, UnicodeError)
"""Whatever the way to a mail server can end with."""
LONGEST = 200
FOR_GOOD = 500
ABOUT_US = frozenset({503, 530, 534, 535, 538})
"""Final words that are about how we signed in and not about the letter: the operator mends that."""


def sorted_fault(error: BaseException) -> MailAway | MailRefused:
    """Tell what may succeed later from what never will. Only a word about recipient or letter is final."""
    match error:
        case SMTPRecipientsRefused() if error.recipients:
            return _by_code(error.recipients[0])
        case SMTPDataError():
            return _by_code(error)
        case SMTPAuthenticationError():
            # Without the server's words: some repeat what they were given.
            return MailAway(f"The mail server does not take our user and password ({error.code}).")
        case SMTPSenderRefused():
            return MailAway(f"The mail server does not take our sender: {_said(error)}.")
        case SMTPResponseException():
            return MailAway(f"The mail server answered {_said(error)}.")
        case TimeoutError():
            return MailAway("The mail server did not answer in time.")
    return MailAway(f"The mail server cannot be used: {_short(str(error))}.")


def _by_code(error: SMTPResponseException) -> MailAway | MailRefused:
    if error.code >= FOR_GOOD and error.code not in ABOUT_US:
        return MailRefused(f"The mail server answered {_said(error)}.")
    return MailAway(f"The mail server answered {_said(error)}.")


def _said(error: SMTPResponseException) -> str:
    return _short(f"{error.code} {error.message}")


def _short(text: str) -> str:
    return one_line(text)[:LONGEST].rstrip(" .")
