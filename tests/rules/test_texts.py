"""Every text of the pages stands in the catalogue, and everything in the catalogue is used."""

import re

import pytest
from sources import SERVER

from remotehandsd.web.texts import CATALOGUE, text

WEB = SERVER / "web"
CHOSEN = (
    "status.",
    "environment.",
    "nav.",
    "refused.",
    "file.",
    "time.ago.",
    "people.as.",
    "portal.happened.",
    "portal.next.",
    "portal.type.",
    "portal.work.",
    "portal.template.",
    "portal.field.",
    "portal.about.",
    "portal.account.did.",
    "desk.happened.",
    "desk.done.",
    "desk.pace.",
    "desk.field.",
    "developer.state.",
    "developer.app.done.",
    "developer.start.step.",
    "developer.start.about.",
    "developer.part.",
    "developer.where.",
    "developer.kind.",
    "developer.limit.",
    "administration.kinds.",
    "administration.new.",
    "administration.about.",
    "administration.field.",
    "administration.check.",
    "administration.hint.",
    "administration.registrations.",
    "administration.done.",
)
"""Beginnings of keys that are put together: by a status, an environment, a link, an HTTP status, a unit, a kind of
person, an event, a request type, a category, a field, something done, what is shown of
the API, a kind of thing that is administered."""


def _used() -> dict[str, str]:
    """Return the keys that templates and screens name, each with where."""
    found = {}
    for path in (*WEB.rglob("*.html"), *WEB.rglob("*.py")):
        for key in re.findall(
            r"""\b(?:t|text)\(\s*["']([a-z_]+(?:\.\w+)+)["']\s*[,)]""", path.read_text(encoding="utf-8")
        ):
            found[key] = str(path.relative_to(SERVER))
    return found


def test_what_is_used_is_there() -> None:
    keys = CATALOGUE.keys() | {key.rpartition(".")[0] for key in CATALOGUE if key.endswith(".other")}
    used = _used()
    assert len(used) > 20
    assert {key: where for key, where in used.items() if key not in keys} == {}


def test_what_is_there_is_used() -> None:
    used = _used().keys()
    counted = {f"{key}.{form}" for key in used for form in ("one", "other")}
    assert [key for key in CATALOGUE if key not in used | counted and not key.startswith(CHOSEN)] == []


def test_templates_hold_no_words_of_their_own() -> None:
    for path in WEB.rglob("*.html"):
        bare = re.sub(
            r"\{% call code.*?endcall %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<svg.*?</svg>|<[^>]*>|&\w+;|[\w-]+=\"[^\"]*\"",
            " ",
            path.read_text(encoding="utf-8"),
            flags=re.S,
        )
        assert re.findall(r"[A-Za-z]{2,}", bare) == [], path.name


def test_filling_in() -> None:
    assert text("form.faults", count=1) == "One thing is not right yet."
    assert text("form.faults", count=2) == "2 things are not right yet."
    assert text("status.New") == "New"
    with pytest.raises(KeyError):
        text("no.such.key")


def test_styles_are_closed_before_a_new_part_begins() -> None:
    for path in (WEB / "static").glob("*.css"):
        depth = 0
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert depth == 0 or not line.startswith("/*"), f"{path.name}:{number}"
            depth += line.count("{") - line.count("}")
        assert depth == 0, path.name
