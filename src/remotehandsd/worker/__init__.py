"""What is done without being asked: timers, jobs, and the playground's robot."""

from remotehandsd.worker.doing import work_off
from remotehandsd.worker.jobs import Kind, Timer, kinds, robots, timers
from remotehandsd.worker.loop import run

__all__ = ["Kind", "Timer", "kinds", "robots", "run", "timers", "work_off"]
