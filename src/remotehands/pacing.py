"""How often a request is repeated, and how long is waited in between."""

import random
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from remotehands.exchange import Answer

FIRST_SECONDS = 0.5
"""The first pause where the server names none; each is twice the one before, more or less."""


class Pace:
    """The repeats of one request: at most so many attempts, and pauses of at most so many seconds together."""

    def __init__(self, attempts: int, patience: float) -> None:
        self._left = attempts - 1
        self._patience = patience
        self._next = FIRST_SECONDS

    def pause(self, retry_after: float | None) -> float | None:
        """Return the seconds until the next attempt; None when there is none."""
        seconds = self._next * random.uniform(0.75, 1.25) if retry_after is None else retry_after  # noqa: S311
        if self._left < 1 or seconds > self._patience:
            return None
        self._left -= 1
        self._patience -= seconds
        self._next *= 2
        return seconds


def retry_after(answer: Answer) -> float | None:
    """Return the seconds that Retry-After asks for, as a number or as a date."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, at.replace(tzinfo=at.tzinfo or UTC).timestamp() - time.time())
