"""Which lanes have to wait: those with as many jobs in hand as they may have, and those that were slow."""

import time
from collections.abc import Callable, Collection, Iterator

from remotehandsd.jobs import Job

SLOW_SECONDS = 2.0
"""A job that takes so long holds a place that others wait for."""
MOST_SLOW = 256
"""Lanes that one process remembers as slow; behind them the one that was slow first is forgotten."""


class Lanes:
    """The lanes of one kind of job, in one process.

    Where a job failed only after long, its lane rests `rest` times as long, and as long as it took where it was done
    after long; then one job at a time finds out whether it is better again. So those who answer slowly, or not at
    all, take up a small part of the places, however many of them there are.
    """

    def __init__(self, per_lane: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Let `per_lane` jobs of a lane be in hand at once; with a `rest` of 0 no lane rests."""
        self._per_lane = per_lane
        self._rest = rest
        self._clock = clock
        self._slow: dict[int, float] = {}

    def taken(self, in_hand: Collection[Job]) -> list[int]:
        """Name each lane once for every one of its places that is not free."""
        return [*(job.lane for job in in_hand), *self._kept_free(self._clock())]

    def ended(self, job: Job, *, seconds: float, failed: bool) -> None:
        """Take note of how long a job took, and whether it failed."""
        self._slow.pop(job.lane, None)
        if self._rest and seconds >= SLOW_SECONDS:
            self._slow[job.lane] = self._clock() + seconds * (self._rest if failed else 1.0)
            if len(self._slow) > MOST_SLOW:
                del self._slow[next(iter(self._slow))]

    def _kept_free(self, now: float) -> Iterator[int]:
        for lane, until in self._slow.items():
            yield from [lane] * (self._per_lane if now < until else self._per_lane - 1)
