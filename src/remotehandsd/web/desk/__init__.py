"""The staff's desk: the queue, and one ticket with all that is done to it."""

from remotehandsd.web.desk import files, hours, moves, queue, ticket
from remotehandsd.web.pages import answer

__all__ = ["answer", "files", "hours", "moves", "queue", "ticket"]
