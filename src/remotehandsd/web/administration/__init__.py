"""The operator's administration: accounts, sites, people, registrations, and what was done by whom."""

from remotehandsd.web.administration import deciding, home, keeping, log
from remotehandsd.web.pages import answer

__all__ = ["answer", "deciding", "home", "keeping", "log"]
