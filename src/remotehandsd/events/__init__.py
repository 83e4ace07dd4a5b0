"""What happened: one append-only line for every change, written in the change's own transaction."""

from remotehandsd.events.event import Event
from remotehandsd.events.recording import history, record

__all__ = ["Event", "history", "record"]
