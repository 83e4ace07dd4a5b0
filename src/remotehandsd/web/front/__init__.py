"""The front page, and how pages say no."""

from remotehandsd.web.front.page import Front, answer

__all__ = ["Front", "answer"]
