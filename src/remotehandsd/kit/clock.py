"""What time it is."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since 1970, UTC. Given to whoever needs it, so that a test can live through a month."""

system_clock: Clock = time.time
