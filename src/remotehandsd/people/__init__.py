"""People: one address each on the whole server, whatever they are in each environment."""

from remotehandsd.people.address import is_email, split_recipients
from remotehandsd.people.store import keep

__all__ = ["is_email", "keep", "split_recipients"]
