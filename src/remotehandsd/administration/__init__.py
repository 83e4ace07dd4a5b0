"""Administration on pages: an account's people by its administrators, everything else by the operator's."""

from remotehandsd.administration.keeping import everything, invite, keep, log
from remotehandsd.administration.members import grant, invite_member, members, take, take_out

__all__ = ["everything", "grant", "invite", "invite_member", "keep", "log", "members", "take", "take_out"]
