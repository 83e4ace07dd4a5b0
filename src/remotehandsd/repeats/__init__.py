"""Requests that may be sent again: done once, answered as often as they are asked."""

from remotehandsd.repeats.keeping import KEPT_SECONDS, forget_old, keep, kept, take_up
from remotehandsd.repeats.request import LONGEST_KEY, Answer, Kept, Request

__all__ = ["KEPT_SECONDS", "LONGEST_KEY", "Answer", "Kept", "Request", "forget_old", "keep", "kept", "take_up"]
