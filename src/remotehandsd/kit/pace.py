"""Who is waited for comes first: work beside requests, on the same event loop, keeps a share of the time.

A server that is not pressed hardly rests here. One that is driven to its limit would else spend as much on what
nobody waits for as on what somebody does.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")

REQUESTS_A_SECOND = 100
"""How many requests a second make the work rest as long as it works; twice as many, twice as long."""
MOST_TIMES = 15
"""How many times longer than it works it rests at most: under any load a sixteenth of the time is left to it."""
SHORTEST_REST, LONGEST_REST = 0.005, 2.0
COUNTED_SECONDS = 0.5
"""For how long requests are counted before their rate is believed."""


class Pace:
    """What requests and the work beside them know of each other, in one process."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._came = 0
        self._since = now()
        self._times = 0.0
        self._worked = 0.0
        self._until = 0.0

    def came(self) -> None:
        """Note that somebody waits for an answer."""
        self._came += 1

    async def give_way(self) -> None:
        """Rest as long as requests ask for, before a piece of work begins; never while a transaction is open."""
        while (rest := self.rest()) > 0:
            await asyncio.sleep(max(rest, SHORTEST_REST))

    def rest(self) -> float:
        """Return for how many seconds requests ask to rest still; not above 0 when there is none."""
        now = self._now()
        if (counted := now - self._since) >= COUNTED_SECONDS:
            self._times = min(self._came / counted / REQUESTS_A_SECOND, MOST_TIMES)
            self._came, self._since = 0, now
        rested = max(self._until, now) + self._worked * self._times
        self._until, self._worked = min(rested, now + LONGEST_REST), 0.0
        return self._until - now

    async def measured(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work, and count the time for which it holds the event loop; what it waits for is not counted."""
        return await _Steps(work, self._count)

    async def timed(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work, and count all the time that it takes: it waits for nobody but the database and the disk."""
        began = self._now()
        try:
            return await work
        finally:
            self._worked += self._now() - began

    def _count(self, step: Callable[..., Any], *given: Any) -> Any:
        began = self._now()
        try:
            return step(*given)
        finally:
            self._worked += self._now() - began


class _Steps(Generator[Any, Any, T]):
    """A coroutine whose steps are counted, from one thing that it waits for to the next."""

    def __init__(self, work: Coroutine[Any, Any, T], count: Callable[..., Any]) -> None:
        self._work = work
        self._count = count

    def __await__(self) -> Generator[Any, Any, T]:
        return self

    def send(self, value: Any) -> Any:
        return self._count(self._work.send, value)

    def throw(self, *error: Any) -> Any:
        return self._count(self._work.throw, *error)

    def close(self) -> None:
        self._work.close()
