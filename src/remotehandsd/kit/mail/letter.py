"""A letter before it is a message: what it says, to whom, and which thread it belongs to."""

import re
import unicodedata

import msgspec

_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""Marks that make a text read otherwise than it is written."""
_NO_TEXT = {"Cc", "Cs", "Zl", "Zp"}


class Passage(msgspec.Struct, frozen=True):
    """One thing that a letter tells: what, when, and the words of somebody else that belong to it."""

    what: str
    when: str = ""
    quoted: str = ""


class Letter(msgspec.Struct, frozen=True):
    """One letter to one recipient. Whatever texts it is made of, they stay texts: no header, no markup.

    `id` and `thread` are the parts of Message-IDs before the `@`; a letter whose `id` is its `thread` begins it.
    """

    to: str
    subject: str
    id: str
    thread: str
    greeting: str
    passages: tuple[Passage, ...]
    facts: tuple[tuple[str, str], ...]
    link: str
    ending: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    """Headers for filters, by name; names are written in the code."""


def one_line(text: str) -> str:
    """Return a text fit for a header: no line end, no control character, no turned direction, single blanks."""
    shown = "".join(" " if unicodedata.category(character) in _NO_TEXT else character for character in text)
    return " ".join(_DIRECTIONS.sub("", shown).split())


def plain(text: str) -> str:
    """Return a text of several lines without what a reader could not see or would see turned around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join(
        "".join(
            "\ufffd" if unicodedata.category(character) in _NO_TEXT else character
            for character in _DIRECTIONS.sub("", line)
        ).rstrip()
        for line in lines
    ).strip("\n")


def cleaned(letter: Letter) -> Letter:
    """Return the letter with texts that are what they look like, each in the lines that its place has."""
    return msgspec.structs.replace(
        letter,
        subject=one_line(letter.subject),
        greeting=one_line(letter.greeting),
        passages=tuple(
            Passage(one_line(told.what), one_line(told.when), plain(told.quoted)) for told in letter.passages
        ),
        facts=tuple((one_line(name), one_line(value)) for name, value in letter.facts),
        ending=tuple(map(one_line, letter.ending)),
    )
