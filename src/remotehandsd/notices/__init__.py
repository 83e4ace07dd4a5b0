"""Notices: who is told by mail what happened to a ticket, and in what words."""

from remotehandsd.notices.composing import MAIL, compose, not_mailed
from remotehandsd.notices.gathering import NOTICE, gather
from remotehandsd.notices.policy import Policy, is_mailed
from remotehandsd.notices.sending import forget, letter, mail_of, refuse, sent

__all__ = [
    "MAIL",
    "NOTICE",
    "Policy",
    "compose",
    "forget",
    "gather",
    "is_mailed",
    "letter",
    "mail_of",
    "not_mailed",
    "refuse",
    "sent",
]
