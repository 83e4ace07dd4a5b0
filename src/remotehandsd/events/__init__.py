"""What happened: one append-only line for every change, written in the change's own transaction."""

from remotehandsd.events.event import START, TOLD, Event, Logged, Mark, Past, Told, mark_named
from remotehandsd.events.queue import log, mark_read, newest_of_all, state_of_all, unread
from remotehandsd.events.recording import about_account, history, record, record_many
from remotehandsd.events.telling import (
    Turned,
    beginning,
    latest,
    opened_by,
    shown_history,
    since,
    told_between,
    told_history,
)

__all__ = [
    "START",
    "TOLD",
    "Event",
    "Logged",
    "Mark",
    "Past",
    "Told",
    "Turned",
    "about_account",
    "beginning",
    "history",
    "latest",
    "log",
    "mark_named",
    "mark_read",
    "newest_of_all",
    "opened_by",
    "record",
    "record_many",
    "shown_history",
    "since",
    "state_of_all",
    "told_between",
    "told_history",
    "unread",
]
