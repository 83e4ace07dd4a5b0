"""A job: one thing to be done on the outside, such as sending one message."""

from collections.abc import Awaitable, Callable

import msgspec

from remotehandsd.kit.db import Tx

LEASE_SECONDS = 60
"""After so long a job that was taken and never ended is due again: whoever took it has died."""


class Job(msgspec.Struct, frozen=True):
    """A job that was taken. `about` is the key of what it is about, in the table of its kind.

    `lane` is what it shares with other jobs, such as one receiver. `tries` counts how often it was taken, this time
    included.
    """

    key: int
    kind: str
    about: int
    lane: int
    tries: int


class Ending(msgspec.Struct, frozen=True):
    """How a job went: done, unless there is a `fault`, a sentence for the operator.

    With a fault it is tried again by its kind's schedule, but not before `pause` seconds where that is later;
    `is_final` says that trying again is of no use. `record` writes what is to be remembered, in the transaction that
    ends the job.
    """

    fault: str = ""
    pause: int | None = None
    is_final: bool = False
    record: Callable[[Tx], Awaitable[None]] | None = None


class Waiting(msgspec.Struct, frozen=True):
    """A job as the operator sees it; times in seconds since 1970, UTC. `set_aside_at` is None while it is tried."""

    key: int
    kind: str
    about: int
    tries: int
    added_at: int
    due_at: int
    holder: str
    fault: str
    set_aside_at: int | None
