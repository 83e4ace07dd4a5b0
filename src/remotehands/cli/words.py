"""Text that is safe to print, whoever wrote it."""

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters but tab and line feed, and what hides or turns the text around it."""


def plain(text: str) -> str:
    """Return a text whose control characters can be seen, and do nothing to a terminal."""
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def line(text: str) -> str:
    """Return a text on one line."""
    return plain(text.replace("\r\n", "\n")).replace("\n", "\\n").replace("\t", " ")


def number_of(count: int, thing: str) -> str:
    """Return a count in words: `1 file`, `2 files`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
