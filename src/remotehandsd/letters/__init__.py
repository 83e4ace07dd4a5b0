"""Letters to one person that are about no ticket: links for a password, answers to a request, warnings."""

from remotehandsd.letters.posting import LETTER, Posted, post, posted, remove
from remotehandsd.letters.wording import Kind, worded

__all__ = ["LETTER", "Kind", "Posted", "post", "posted", "remove", "worded"]
