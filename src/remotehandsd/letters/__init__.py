"""Letters about people: invitations, links for a new password, addresses to confirm, answers to who asked.

Each is one mail to one mailbox. What it says lies sealed until it has gone: it may open all that a person has.
"""

from remotehandsd.letters import wording
from remotehandsd.letters.posting import LETTER, ended, forget, letter_of, post

__all__ = ["LETTER", "ended", "forget", "letter_of", "post", "wording"]
