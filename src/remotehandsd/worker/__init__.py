"""What is done without being asked: timers, and the playground's robot."""

from remotehandsd.worker.jobs import Timer, robots, timers
from remotehandsd.worker.loop import run

__all__ = ["Timer", "robots", "run", "timers"]
