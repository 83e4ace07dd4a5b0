"""The customers' portal: an account's tickets, opened, followed and called off on pages."""

from remotehandsd.web.portal import account, files, home, listing, opening, printing, ticket, webhooks
from remotehandsd.web.portal.signed_out import answer

__all__ = ["account", "answer", "files", "home", "listing", "opening", "printing", "ticket", "webhooks"]
