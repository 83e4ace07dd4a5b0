"""Writes the reference pages of the library, from its docstrings, and of the command, from its `--help`.

`make docs` runs it; a test sees that the pages are as it writes them.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import typer
from typer.testing import CliRunner

import remotehands
from remotehands import errors, records
from remotehands.cli.command import app
from remotehands.cli.faults import Exit
from remotehands.client import AsyncClient, Client
from remotehands.faces import call, each
from remotehands.places import Places
from remotehands.tickets import Tickets

DOCS = Path(__file__).parent.parent / "docs" / "reference"
WIDTH = 100

LIBRARY = """\
# The library

`pip install remotehands`; with `make run` it is in `.venv`. Everything here is imported from `remotehands`. How it is \
used: [the first ticket](../tutorial/first-ticket.md), [the cookbook](../howto/cookbook.md).

`Progress` is a function that is called with the bytes that have gone over, and with all of them, if that is known. \
`Recipients` are e-mail addresses, as one text with commas or as several texts.

This page is written by `make docs` from the docstrings.
"""
COMMAND = """\
# The customers' command

`remotehands` is installed with [the library](library.md). How it is used: [the first ticket](../tutorial/first-ticket.md), \
[the cookbook](../howto/cookbook.md).

At a terminal it prints tables, asks for what is missing, and shows how far files are. In a pipe it prints JSON and asks \
nothing. `-o` chooses the form; `NO_COLOR` turns colours off. Control characters that a server sends are shown, never \
obeyed; a CSV cell never begins like a formula. Faults go to stderr, a line each.

The server and the credential come from the options before the verb, from the environment (`REMOTEHANDS_URL`, \
`REMOTEHANDS_CLIENT_ID`, `REMOTEHANDS_CLIENT_SECRET`, `REMOTEHANDS_ACCOUNT`, `REMOTEHANDS_PROFILE`), or from the profile \
that `remotehands login` keeps in `$XDG_CONFIG_HOME/remotehands/profiles.json` (`~/.config`, without the variable), in this \
order. A profile's secret is sent to the profile's server only.

This page is written by `make docs` from `--help`.
"""
CODES = {
    Exit.DONE: "done",
    Exit.FAILED: "failed, interrupted, or it is not known whether a change was made",
    Exit.WRONG_USAGE: "wrong usage: an unknown verb or option, a field that is missing or cannot be",
    Exit.NOT_ALLOWED: "not signed in, or not allowed",
    Exit.NOT_FOUND: "no such ticket, file or site",
    Exit.REFUSED: "refused in the status that the ticket has",
    Exit.UNAVAILABLE: "limited, unavailable or not reached; the same command may work later",
}


def library() -> str:
    """Return the page of the library."""
    parts = [LIBRARY, "## The clients\n"]
    for client in (Client, AsyncClient):
        parts += [f"### {client.__name__}\n", _signature(client.__name__, client.__init__), _text(client)]
    for head, calls, before in (
        ("Calls of a client", Places, "client."),
        ("Calls about tickets", Tickets, "client.tickets."),
    ):
        parts += [f"## {head}\n", *_calls(calls, before)]
    parts += ["## What calls return\n", _text(records)]
    parts += [f"### {kind.__name__}\n\n{_text(kind)}\n{_fields(kind)}" for kind in _structs()]
    parts += ["## What can go wrong\n", _text(errors), *_tree(errors.RemotehandsError, 0)]
    return "\n".join(part.rstrip("\n") + "\n" for part in _joined(parts))


def _joined(parts: list[str]) -> Iterator[str]:
    """Keep the lines of the tree together."""
    lines = ""
    for part in parts:
        if part.lstrip().startswith("- "):
            lines += part + "\n"
            continue
        if lines:
            yield lines
            lines = ""
        yield part
    if lines:
        yield lines


def _calls(calls: type, before: str) -> Iterator[str]:
    for name, made in vars(calls).items():
        if isinstance(made, call | each):
            yield from (f"### {name}\n", _signature(before + name, made.function), _text(made))
        elif isinstance(made, property):
            yield from (f"### {name}\n", f"```python\n{before}{name}\n```\n", _text(made))


def _signature(name: str, function: Any) -> str:
    """Return how it is called, as it is written, with the values of named defaults; the same on every Python."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    given = node.args
    given.args = given.args[1:]
    for defaults in (given.defaults, given.kw_defaults):
        for place, default in enumerate(defaults):
            if isinstance(default, ast.Name):
                defaults[place] = ast.Constant(function.__globals__[default.id])
    text = ast.unparse(given).replace("=", " = ")
    if len(text) > WIDTH - 30:
        text = "\n    " + text.replace(", ", ",\n    ") + ",\n"
    returned = "" if function.__name__ == "__init__" or node.returns is None else f" -> {ast.unparse(node.returns)}"
    returned = re.sub(r"AsyncGenerator\[(\w+), None\]", r"Iterator[\1]", returned)
    return f"```python\n{name}({text}){returned}\n```\n".replace("-> Attachments", "-> list[Attachment]")


def _text(thing: Any) -> str:
    return inspect.getdoc(thing) or ""


def _structs() -> Iterator[type[msgspec.Struct]]:
    for name in remotehands.__all__:
        kind = getattr(records, name, None)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            yield kind


def _fields(kind: type[msgspec.Struct]) -> str:
    names = [f"`{name}: {_type(kind.__annotations__[name])}`" for name in kind.__struct_fields__]
    properties = [f"`{name}`" for name, made in vars(kind).items() if isinstance(made, property)]
    return f"\n{', '.join(names + properties)}\n"


def _type(annotation: Any) -> str:
    text = (
        annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else str(annotation)
    )
    return text.replace("datetime.datetime", "datetime").replace("remotehands.records.", "")


def _tree(error: type[Exception], depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- `{error.__name__}`: {' '.join(_text(error).split())}"
    for below in error.__subclasses__():
        if below.__module__ == "remotehands.errors":
            yield from _tree(below, depth + 1)


def command() -> str:
    """Return the page of the command."""
    parts = [COMMAND]
    for words in verbs():
        parts.append(f"## `{' '.join(('remotehands', *words))}`\n\n```text\n{_help(words)}\n```\n")
    rows = "\n".join(f"| {int(code)} | {CODES[code]} |" for code in Exit)
    parts.append(f"## Exit codes\n\n| code | meaning |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def verbs() -> list[tuple[str, ...]]:
    """Return the words of every verb, the command itself first."""
    top: Any = typer.main.get_command(app)
    found: list[tuple[str, ...]] = [()]
    for name, verb in top.commands.items():
        found.append((name,))
        found += [(name, below) for below in getattr(verb, "commands", {})]
    return found


def _help(words: tuple[str, ...]) -> str:
    done = CliRunner().invoke(
        app,
        [*words, "--help"],
        prog_name="remotehands",
        env={"COLUMNS": str(WIDTH), "NO_COLOR": "1"},
        terminal_width=WIDTH,
    )
    assert done.exit_code == 0, done.output
    return "\n".join(line.rstrip() for line in done.output.strip().splitlines())


PAGES = {"library.md": library, "command.md": command}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
