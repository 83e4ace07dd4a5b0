"""The operator's JSON API: how tickets really move (interfaces.md section 4)."""

from remotehandsd.web.operator import attachments, document, hours, tickets
from remotehandsd.web.problems import answer

__all__ = ["answer", "attachments", "document", "hours", "tickets"]
