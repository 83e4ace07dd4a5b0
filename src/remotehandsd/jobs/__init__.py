"""Jobs: work that is done later, surely, and by one worker at a time."""

from remotehandsd.jobs.job import LEASE_SECONDS, Ending, Job, Waiting
from remotehandsd.jobs.keeping import add, claim, done, drop, hasten, put_off, retry, set_aside, waiting

__all__ = [
    "LEASE_SECONDS",
    "Ending",
    "Job",
    "Waiting",
    "add",
    "claim",
    "done",
    "drop",
    "hasten",
    "put_off",
    "retry",
    "set_aside",
    "waiting",
]
