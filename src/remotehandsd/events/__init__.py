"""What happened: one append-only line for every change, written in the change's own transaction."""

from remotehandsd.events.event import Event, Past
from remotehandsd.events.recording import history, record, record_many

__all__ = ["Event", "Past", "history", "record", "record_many"]
