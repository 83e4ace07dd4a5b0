"""HTTP to strangers, safely: to public addresses, to the one that was checked, and for ten seconds at most."""

from remotehandsd.kit.outbound.posting import Answer, NotAnswered, Outbound
from remotehandsd.kit.outbound.target import LONGEST_URL, BadAddress, Target, read_url

__all__ = ["LONGEST_URL", "Answer", "BadAddress", "NotAnswered", "Outbound", "Target", "read_url"]
