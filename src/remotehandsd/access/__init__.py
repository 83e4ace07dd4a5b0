"""Tokens, the keys that sign them, and who may come in with one."""

from remotehandsd.access.gate import Gate, Issued
from remotehandsd.access.keys import PUBLISHED_BEFORE, Keys, forget_old, rotate, rotate_when_due

__all__ = ["PUBLISHED_BEFORE", "Gate", "Issued", "Keys", "forget_old", "rotate", "rotate_when_due"]
