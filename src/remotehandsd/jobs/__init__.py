"""Jobs: work that is done later, surely, and by one worker at a time."""

from remotehandsd.jobs.job import LEASE_SECONDS, Ending, Job, Waiting
from remotehandsd.jobs.keeping import (
    add,
    add_many,
    claim,
    done,
    drop,
    drop_lane,
    hasten,
    put_off,
    retry,
    set_aside,
    waiting,
)

__all__ = [
    "LEASE_SECONDS",
    "Ending",
    "Job",
    "Waiting",
    "add",
    "add_many",
    "claim",
    "done",
    "drop",
    "drop_lane",
    "hasten",
    "put_off",
    "retry",
    "set_aside",
    "waiting",
]
