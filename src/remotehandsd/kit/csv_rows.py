"""Rows as CSV (RFC 4180) that a spreadsheet shows and never runs.

In UTF-8 with a byte order mark: without it the most common spreadsheet takes the bytes for another code page, and
every other reader knows to pass over it. Every cell is in quotes, so that no locale's separator parts it.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8"
BEGINNING = "\ufeff"
STARTERS = frozenset("=+-@\u2212")
"""With these a formula begins, in one spreadsheet or another; wide, small and raised forms are made plain first."""
GUARD = "'"
"""Spreadsheets take what comes after it for text."""

Cell = str | int | float | None


def csv_rows(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Give the head and each row as a line of CSV; None is an empty cell, numbers are written as they are."""
    yield BEGINNING.encode() + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[Cell]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(_safe, cells))
    # A half of a pair is no character; nothing that was kept holds one.
    return line.getvalue().encode("utf-8", "replace")


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"{GUARD}{cell}" if may_be_formula(cell) else cell


def may_be_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take a text for a formula: by its first character that can be seen.

    One that begins with a tab or a new line is guarded, too: some drop it and look at what comes then.
    """
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    for character in text:
        if not (character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}):
            return not STARTERS.isdisjoint(unicodedata.normalize("NFKC", character)[:1])
    return False
