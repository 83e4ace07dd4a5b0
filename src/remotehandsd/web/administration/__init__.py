"""The operator's administration: accounts, sites, people, registrations, and what was done by whom."""

from remotehandsd.web.administration import deciding, home, inviting, keeping, log
from remotehandsd.web.pages import answer

__all__ = ["answer", "deciding", "home", "inviting", "keeping", "log"]
