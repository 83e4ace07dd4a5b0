"""Asking the person who sits at the terminal, where one does: on stderr, so that the result can be piped."""

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typer

from remotehands.cli.faults import Wrong
from remotehands.cli.words import line, plain
from remotehands.errors import RemotehandsError

MOST = 40
"""Choices that are shown at once."""


def is_somebody_there() -> bool:
    """Tell whether a person can see a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, *, default: str | None = None, hidden: bool = False) -> str:
    """Ask until something is answered; with a default, nothing is an answer."""
    answer = typer.prompt(question, default=default, hide_input=hidden, err=True, show_default=bool(default))
    return str(answer).strip()


def agree(question: str, *, default: bool) -> bool:
    """Ask for a yes or a no."""
    return bool(typer.confirm(question, default=default, err=True))


def choose(question: str, choices: Sequence[str], notes: Sequence[str] = (), *, optional: bool = False) -> str:
    """Let one of several be chosen by its number or its text; a part of the text narrows what is shown.

    `""` is none of them, where that is possible.
    """
    there = list(zip(choices, notes or [""] * len(choices), strict=True))
    shown = there
    while True:
        _list(shown)
        answer = ask(f"{question} (number{', or nothing' if optional else ''})", default="" if optional else None)
        if answer in choices or (optional and not answer):
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(shown):
            return shown[int(answer) - 1][0]
        shown = [one for one in there if answer.lower() in " ".join(one).lower()]
        if not shown:
            typer.echo(f"None of these is '{line(answer)}'.", err=True)
            shown = there


def _list(shown: Sequence[tuple[str, str]]) -> None:
    for number, (choice, note) in enumerate(shown[:MOST], 1):
        typer.echo(f"{number:4}  {line(choice)}  {line(note)}".rstrip(), err=True)
    if len(shown) > MOST:
        typer.echo(f"      and {len(shown) - MOST} more; type a part of the name", err=True)


def written() -> str:
    """Open the person's editor and return what was written there."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="remotehands-") as folder:
        file = Path(folder, "instruction.txt")
        file.touch(mode=0o600)
        try:
            subprocess.run([*shlex.split(editor), str(file)], check=True)  # noqa: S603 - the person's own editor
        except (OSError, ValueError, subprocess.CalledProcessError):
            raise RemotehandsError(f"The editor '{plain(editor)}' did not end well; nothing was sent.") from None
        return file.read_text(encoding="utf-8").strip()


def text_of(text: str | None, file: Path | None, *, names: str) -> str | None:
    """Return a text that was given as it is or as a file, `-` for stdin; of the two options one at most."""
    if file is None:
        return text
    if text is not None:
        raise Wrong(f"Give one of {names}, not both.")
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Wrong(f"{file}: is no text in UTF-8.") from None
