"""Which lanes have to wait: those with as many jobs in hand as they may have, and those that were silent."""

import time
from collections.abc import Callable, Collection, Iterator

from remotehandsd.jobs import Job

SILENT_SECONDS = 4.0
"""A job that fails after so long has held a place for nothing."""
MOST_SILENT = 256
"""Lanes that one process remembers as silent; behind them the one that failed first is forgotten."""


class Lanes:
    """The lanes of one kind of job, in one process.

    Where a job failed only after long, its lane rests `rest` times as long; then one job at a time finds out whether
    somebody is there again, until one is done or fails quickly. So those who do not answer take up a small part of
    the places, however many of them there are.
    """

    def __init__(self, per_lane: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Let `per_lane` jobs of a lane be in hand at once; with a `rest` of 0 no lane rests."""
        self._per_lane = per_lane
        self._rest = rest
        self._clock = clock
        self._silent: dict[int, float] = {}

    def taken(self, in_hand: Collection[Job]) -> list[int]:
        """Name each lane once for every one of its places that is not free."""
        return [*(job.lane for job in in_hand), *self._kept_free(self._clock())]

    def ended(self, job: Job, *, seconds: float, failed: bool) -> None:
        """Take note of how long a job took, and whether it failed."""
        self._silent.pop(job.lane, None)
        if self._rest and failed and seconds >= SILENT_SECONDS:
            self._silent[job.lane] = self._clock() + self._rest * seconds
            if len(self._silent) > MOST_SILENT:
                del self._silent[next(iter(self._silent))]

    def _kept_free(self, now: float) -> Iterator[int]:
        for lane, until in self._silent.items():
            yield from [lane] * (self._per_lane if now < until else self._per_lane - 1)
