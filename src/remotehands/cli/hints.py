"""What the command says beside the server's refusal: which option it is about, and what is possible there."""

from collections.abc import Iterator
from contextlib import contextmanager

from remotehands import errors
from remotehands.cli.given import Given

STATUSES = ("New", "In Progress", "Cancellation Requested", "Completed", "Cancelled")
REQUEST_TYPES = ("Planned Work", "Urgent Work")
REASONS = ("Request no longer needed", "Duplicate request", "Request entered in error")
HINTS = {
    "notificationRecipients": "--notify takes one e-mail address; give it once for each.",
    "requestType": f"--request-type is one of: {', '.join(REQUEST_TYPES)}.",
    "category": "--category: `remotehands categories` shows what is possible.",
    "cancelReason": f"--reason is one of: {', '.join(REASONS)}.",
    "site": "--site: `remotehands sites` shows the account's.",
}
"""By the field that the server names."""


@contextmanager
def hinted(given: Given) -> Iterator[None]:
    """Add to a refusal, on stderr, what the options that it is about can be."""
    try:
        yield
    except errors.Invalid as refusal:
        for field, hint in HINTS.items():
            if f"payload '{field.lower()}'" in refusal.message.lower():
                given.note(hint)
        raise
