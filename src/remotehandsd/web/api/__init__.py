"""Our own API for customers' programs: what happened, as a feed and as a stream (interfaces.md section 6)."""

from remotehandsd.web.api import document, webhooks
from remotehandsd.web.api.events import Feed
from remotehandsd.web.problems import answer

__all__ = ["Feed", "answer", "document", "webhooks"]
