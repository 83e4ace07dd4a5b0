"""So many in so many seconds: counted by key, in windows that begin with the first of them."""

import math
from collections.abc import Hashable

import msgspec

from remotehandsd.kit.clock import Clock


class Limit(msgspec.Struct, frozen=True):
    """How many are allowed in how many seconds."""

    most: int
    seconds: int


class Left(msgspec.Struct, frozen=True):
    """What is left of a limit: how many, and for how many seconds; `is_over` when there were more already."""

    limit: Limit
    number: int
    seconds: int
    is_over: bool


class Windows:
    """Counts in this process's memory, for at most `keys` keys at once: of more, the oldest windows are forgotten."""

    def __init__(self, limit: Limit, clock: Clock, *, keys: int) -> None:
        self._limit = limit
        self._clock = clock
        self._keys = keys
        # By hash, so that what strangers make up takes no room; ordered by their beginning, as windows are added.
        self._windows: dict[int, tuple[float, int]] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def count(self, *key: Hashable) -> Left:
        """Count one and return what is left after it."""
        now, name = self._clock(), hash(key)
        begun, number = self._window(name, now)
        if not number:
            self._windows.pop(name, None)
            self._forget(now)
        # One more than is allowed says as much as many more.
        number = min(number + 1, self._limit.most + 1)
        self._windows[name] = begun, number
        return self._left(begun, number, now, is_over=number > self._limit.most)

    def look(self, *key: Hashable) -> Left:
        """Return what is left without counting; it is over when there is nothing left."""
        now = self._clock()
        begun, number = self._window(hash(key), now)
        return self._left(begun, number, now, is_over=number >= self._limit.most)

    def _window(self, name: int, now: float) -> tuple[float, int]:
        begun, number = self._windows.get(name, (now, 0))
        # A clock that was set back must not shut anybody out for longer.
        return (begun, number) if begun <= now < begun + self._limit.seconds else (now, 0)

    def _forget(self, now: float) -> None:
        while self._windows:
            oldest = next(iter(self._windows))
            if len(self._windows) < self._keys and now < self._windows[oldest][0] + self._limit.seconds:
                return
            del self._windows[oldest]

    def _left(self, begun: float, number: int, now: float, *, is_over: bool) -> Left:
        seconds = max(1, math.ceil(begun + self._limit.seconds - now))
        return Left(self._limit, max(0, self._limit.most - number), seconds, is_over)
