"""The front page, and how pages say no."""

from remotehandsd.web.front.page import Front
from remotehandsd.web.pages import answer

__all__ = ["Front", "answer"]
