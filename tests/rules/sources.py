"""The repository's own files, as the rules read them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
SERVER = SRC / "remotehandsd"
CLIENT = SRC / "remotehands"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of src by its path under src, such as `remotehandsd/act.py`."""
    found = {
        path.relative_to(SRC).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SRC.rglob("*.py"))
    }
    assert len(found) > 60
    return found


def functions(node: ast.AST) -> Iterator[Function]:
    """Give every function within, however deep."""
    for inner in ast.walk(node):
        if isinstance(inner, Function):
            yield inner


@cache
def documents() -> dict[str, str]:
    """Return every Markdown file of the repository by its path."""
    found = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in (ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md"))
        for path in folder
    }
    assert {"README.md", "STYLE.md", "docs/architecture.md"} <= found.keys()
    return found


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row in a Markdown text, without heads and rules."""
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        is_rule = re.fullmatch(r"[|\s:-]+", line)
        is_head = number + 1 < len(lines) and re.fullmatch(r"\|[|\s:-]+\|", lines[number + 1])
        if line.startswith("|") and not is_rule and not is_head:
            found.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return found


def section(text: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1]


def quoted(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)
