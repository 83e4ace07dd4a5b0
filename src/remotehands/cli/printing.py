"""What the command prints: tables for people, JSON, YAML or CSV for programs."""

import csv
import io
import json
import shutil
import sys
from collections.abc import Sequence
from typing import Any

import msgspec

from remotehands.cli.forms import Form
from remotehands.cli.words import UNSEEN, plain

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that make a spreadsheet calculate what was meant as text."""
LONGEST_WORD = 20
"""A word that is longer than this may be cut, so that one does not take the room of all."""
GAP = 2
FEWEST = 4
Record = msgspec.Struct


def form_of(asked: Form | None) -> Form:
    """Return the form that was asked for; without one a table at a terminal, else JSON."""
    return asked or (Form.TABLE if sys.stdout.isatty() else Form.JSON)


def show_all(records: Sequence[Record], kind: type[Record], asked: Form | None, columns: Sequence[str]) -> None:
    """Print a list; at a terminal only these columns, and of them as many as there is room for."""
    form = form_of(asked)
    if form is Form.TABLE:
        rows = [
            [_title(name) for name in columns],
            *([cell(getattr(each, name)) for name in columns] for each in records),
        ]
        fitting = fits(rows, shutil.get_terminal_size().columns if sys.stdout.isatty() else 200)
        head, *lines = [row[:fitting] for row in rows]
        say(table(lines, head))
    elif form is Form.CSV:
        say(_csv(list(kind.__struct_fields__), [_builtins(each) for each in records]))
    else:
        say(_tree([_builtins(each) for each in records], form))


def fits(rows: Sequence[Sequence[str]], width: int) -> int:
    """Return how many columns, from the left, there is room for without a word being cut; four at least."""
    needed = [
        min(LONGEST_WORD, max(len(word) for row in rows for word in (row[place].split() or [""])))
        for place in range(len(rows[0]))
    ]
    room = [sum(needed[:count]) + GAP * (count - 1) for count in range(1, len(needed) + 1)]
    return max(min(FEWEST, len(needed)), sum(one <= width for one in room))


def show_one(record: Record, asked: Form | None) -> None:
    """Print one thing; at a terminal what is set of it, a line each."""
    form = form_of(asked)
    if form is Form.TABLE:
        there = {name: getattr(record, name) for name in record.__struct_fields__}
        say(table([[_title(name), cell(value)] for name, value in there.items() if value not in (None, "", ())]))
    elif form is Form.CSV:
        say(_csv(list(record.__struct_fields__), [_builtins(record)]))
    else:
        say(_tree(_builtins(record), form))


def show_fields(fields: dict[str, Any], asked: Form | None) -> None:
    """Print fields that are no record."""
    form = form_of(asked)
    if form is Form.TABLE:
        say(table([[_title(name), cell(value)] for name, value in fields.items()]))
    elif form is Form.CSV:
        say(_csv(list(fields), [fields]))
    else:
        say(_tree(fields, form))


def show_line(record: Record, asked: Form | None, text: str) -> None:
    """Print one of many that come over time: a line for people, a line of JSON, a document of YAML."""
    form = form_of(asked)
    if form is Form.TABLE:
        say(text)
    elif form is Form.YAML:
        say("---", _tree(_builtins(record), form))
    elif form is Form.CSV:
        say(_csv([], [_builtins(record)]))
    else:
        say(_json(_builtins(record), indent=None))


def say(*texts: str) -> None:
    """Print to stdout, at once."""
    for text in texts:
        print(text.rstrip("\n"), flush=True)  # noqa: T201


def cell(value: Any) -> str:
    """Return a value as people read it; times are UTC."""
    if hasattr(value, "strftime"):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        return "\n".join(f"{one.commented_by}, {cell(one.commented_on)}: {one.comment}" for one in value)
    return "" if value is None else str(value)


def table(rows: list[list[str]], head: list[str] | None = None) -> str:
    """Return a table; what does not fit on a line is wrapped, nothing is cut off."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD if head else None, show_header=bool(head), pad_edge=False)
    for place, name in enumerate(head or ["", ""]):
        made.add_column(name, overflow="fold", no_wrap=place == 0, style="bold" if not head and place == 0 else None)
    for row in rows:
        made.add_row(*(Text(plain(text)) for text in row))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    with console.capture() as captured:
        console.print(made)
    return "\n".join(text.rstrip() for text in captured.get().splitlines())


def _title(name: str) -> str:
    return name.replace("_", " ")


def _builtins(record: Record) -> Any:
    return msgspec.to_builtins(record)


def _tree(value: Any, form: Form) -> str:
    return _yaml(value) if form is Form.YAML else _json(value, indent=2 if sys.stdout.isatty() else None)


def _json(value: Any, indent: int | None) -> str:
    """Return JSON. What could do something to a terminal is escaped, which changes nothing of its meaning."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text).replace("\x7f", "\\u007f")


def _yaml(value: Any) -> str:
    import yaml

    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000)
    if UNSEEN.search(text):
        text = yaml.safe_dump(value, sort_keys=False, allow_unicode=False, width=1000)
    return str(text)


def _csv(names: list[str], rows: list[dict[str, Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    if names:
        writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_cell(row[name]) for name in names or row])
    return written.getvalue()


def _csv_cell(value: Any) -> str:
    """Return a cell that stays text in every spreadsheet."""
    if isinstance(value, list | tuple):
        return _json(value, indent=None)
    text = plain("" if value is None else str(value))
    return f"'{text}" if text.startswith(FORMULA) else text
