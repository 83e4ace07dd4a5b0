"""Sizes, names, docstrings, and what must not stand in a file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sources import ROOT, SRC, Function, functions, modules

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LISTS = {("remotehandsd/web/routes.py", "routes"): "the map of every URL: a list, one a line"}
"""Functions that may be longer, each with its reason."""

FORBIDDEN = {"Manager", "Helper", "Util", "Utility", "Service", "Repository", "Base", "Impl"}
CATCHES_ALL = {"remotehandsd/web/door.py", "remotehandsd/worker/loop.py", "remotehandsd/worker/doing.py"}

# Put together here, so that this file itself does not hold them.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
MACHINE = re.compile(r"(?<![\w.>-])/(?:home|root|Users|work|workspace|builds?)/\w")


def test_files_are_short() -> None:
    lengths = {path: len((SRC / path).read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    lengths = [
        (path, function.name, (function.end_lineno or 0) - function.lineno + 1)
        for path, module in modules().items()
        for function in functions(module)
    ]
    assert len(lengths) > 300
    too_long = {(path, name) for path, name, length in lengths if length > LONGEST_FUNCTION}
    assert too_long == set(LISTS)


def test_the_long_lists_are_nothing_else() -> None:
    for path, name in LISTS:
        (function,) = (one for one in functions(modules()[path]) if one.name == name)
        assert [type(step) for step in function.body] == [ast.Expr, ast.Return]


def _words(name: str) -> set[str]:
    found = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
    return {word.capitalize().removesuffix("s") for word in found} | {word.capitalize() for word in found}


def test_names_tell_something() -> None:
    names = [(path, part) for path in modules() for part in Path(path).with_suffix("").parts]
    names += [
        (path, node.name)
        for path, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    ]
    assert len(names) > 150
    assert [(path, name) for path, name in names if _words(name) & FORBIDDEN] == []


def test_the_words_of_a_name_are_found() -> None:
    assert _words("TicketManager") & FORBIDDEN == {"Manager"}
    assert _words("utils") & FORBIDDEN == {"Util"}
    assert _words("db_helpers") & FORBIDDEN == {"Helper"}


def _public(body: list[ast.stmt], above: str = "") -> Iterator[tuple[str, ast.ClassDef | Function]]:
    for node in body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield f"{above}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{above}{node.name}.")


def test_what_is_public_says_what_it_is() -> None:
    silent = []
    looked_at = 0
    for path, module in modules().items():
        if not ast.get_docstring(module) and Path(path).name != "__init__.py":
            silent.append(path)
        for name, node in _public(module.body):
            looked_at += 1
            if not ast.get_docstring(node):
                silent.append(f"{path}: {name}")
    assert looked_at > 250
    assert silent == []


def test_packages_say_what_they_are() -> None:
    packages = {path: module for path, module in modules().items() if path.endswith("__init__.py")}
    assert len(packages) > 12
    assert [path for path, module in packages.items() if not ast.get_docstring(module)] == []


def test_only_the_door_and_the_worker_catch_everything() -> None:
    catching = set()
    for path, module in modules().items():
        for node in ast.walk(module):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = "" if node.type is None else ast.unparse(node.type)
            if re.search(r"\bException\b", caught):
                catching.add(path)
            if not caught or re.search(r"\bBaseException\b", caught):
                # To clean up, and let it go on.
                assert isinstance(node.body[-1], ast.Raise), f"{path}:{node.lineno}"
                assert node.body[-1].exc is None, f"{path}:{node.lineno}"
    assert catching == CATCHES_ALL


def _texts() -> Iterator[tuple[str, str]]:
    suffixes = {".py", ".md", ".toml", ".txt", ".sql", ".html", ".css", ".js", ".svg", ".json", ".yml", ".yaml", ""}
    folders = [ROOT / name for name in ("src", "tests", "docs", "benchmarks", ".ci")]
    paths = [path for folder in folders for path in folder.rglob("*")] + [
        path for path in ROOT.glob("*") if path.name != ".git"
    ]
    for path in paths:
        built = path.suffix == ".egg-info" or any(part.endswith((".egg-info", "__pycache__")) for part in path.parts)
        # In a linked worktree `.git` is a file that leads elsewhere, and it is none of the repository's.
        if path.is_file() and path.suffix in suffixes and not built and path.name != ".git":
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = dict(_texts())
    assert {"Makefile", "README.md", "pyproject.toml", ".ci/run", "src/remotehandsd/app.py"} <= texts.keys()
    found = [f"{path}: {match[0]}" for path, text in texts.items() if (match := MACHINE.search(text)) is not None]
    found += [f"{path}: {host}" for path, text in texts.items() for host in REGISTRIES if host in text]
    assert found == []


def test_machine_paths_are_found() -> None:
    assert MACHINE.search('open("' + "/".join(["", "home", "ada", "x"]) + '")')
    assert not MACHINE.search("https://example.com/work/orders")
