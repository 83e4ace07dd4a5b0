"""How often something was done lately, in the memory of one process."""

import hashlib
from collections import OrderedDict

import msgspec

from remotehandsd.kit.clock import Clock

LONGEST_KEY = 300
REMEMBERED = 50_000
"""Most keys that one process remembers; then the one that was touched longest ago goes."""


class Rate(msgspec.Struct, frozen=True):
    """How often something may be done: so many times at once, and once more after every `seconds`."""

    most: int
    seconds: float


class Limits:
    """What is left of each rate, by key. Each server process counts on its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, rate: Rate) -> float:
        """Count one more; return 0.0, or, when that is too often and not counted, the seconds until it may be."""
        key = _short(key)
        now = self._clock()
        left = self._now_left(key, rate, now)
        if left < 1:
            return (1 - left) * rate.seconds
        self._put(key, left - 1, now)
        return 0.0

    def give_back(self, key: str, rate: Rate) -> None:
        """Take back one that was counted."""
        key = _short(key)
        now = self._clock()
        self._put(key, min(rate.most, self._now_left(key, rate, now) + 1), now)

    def forget(self, key: str) -> None:
        """Let all that was counted be as if it had not been."""
        self._left.pop(_short(key), None)

    def _now_left(self, key: str, rate: Rate, now: float) -> float:
        left, at = self._left.get(key, (float(rate.most), now))
        return min(float(rate.most), left + max(0.0, now - at) / rate.seconds)

    def _put(self, key: str, left: float, now: float) -> None:
        self._left[key] = (left, now)
        self._left.move_to_end(key)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)


def _short(key: str) -> str:
    """Return a key that takes little room: who is counted may have typed a part of it."""
    if len(key) <= LONGEST_KEY:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
