"""The customers' wire, as the Digital Realty Remote Hands API family v1 speaks it."""

from remotehandsd.web.v1 import accounts, attachments, comments, document, sites, tickets, tokens
from remotehandsd.web.v1.refusals import answer

__all__ = ["accounts", "answer", "attachments", "comments", "document", "sites", "tickets", "tokens"]
