"""The words of a text, the same for what is kept and for what is asked; no engine takes texts apart by itself."""

import re
import unicodedata

LONGEST_WORD = 64
"""Characters of a word that count."""
MOST_WORDS = 16
"""Words of a question that count."""
MOST_BYTES = 500_000
"""Bytes of words that are kept of one ticket; PostgreSQL takes a megabyte."""

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\s*(?:wo)?([1-9][0-9]{6,17})\s*", re.ASCII | re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """Return a text's words in small letters and without accents, each cut after 64 characters.

    A word is what stands together of letters and digits. Scripts that do not part their words are found by the
    beginning of what stands together.
    """
    return [word[:LONGEST_WORD] for word in _WORD.findall(_plain(text))]


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Folding can bring accents, and what is taken apart can be folded further.
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def kept_words(*texts: str) -> set[str]:
    """Return the words that are kept of a ticket, some 500 kilobytes at most."""
    kept: set[str] = set()
    size = 0
    for text in texts:
        for word in words_of(text):
            if word not in kept:
                size += len(word.encode()) + 3
                if size > MOST_BYTES:
                    return kept
                kept.add(word)
    return kept


def asked_words(text: str, *among: str) -> str:
    """Return a question for `searchable`: all of these words, the last by its beginning; `""` for a text of none.

    `among` are marks: words with a `_` that no text has, of what the asker may find.
    """
    words = words_of(text)[:MOST_WORDS]
    return " ".join((*among, *words[:-1], f"{words[-1]}*")) if words else ""


def asked_number(text: str) -> int:
    """Return the ticket's number if the text is one, with or without its WO, else 0."""
    match = _NUMBER.fullmatch(text)
    return int(match[1]) if match else 0


def of_account(account: int) -> str:
    """Return the mark of what an account's people may find."""
    return f"_a{account}"


def of_desk(environment: str) -> str:
    """Return the mark of what the desk of an environment may find."""
    return f"_d{environment}"
