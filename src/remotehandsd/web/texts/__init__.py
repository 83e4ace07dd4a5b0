"""Every text of the pages, in one catalogue a language: `en.toml`."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

LANGUAGE = "en"


def _flat(entries: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in entries.items():
        key = f"{above}{name}"
        found |= _flat(value, f"{key}.") if isinstance(value, dict) else {key: value}
    return found


CATALOGUE = _flat(tomllib.loads(files("remotehandsd.web").joinpath("texts", f"{LANGUAGE}.toml").read_text("utf-8")))


def text(key: str, /, **values: object) -> str:
    """Return a text of the catalogue with its `{names}` filled in; KeyError for a key that is not there.

    With `count` the text is `key.one` for 1 and `key.other` for any other number, where the catalogue has these.
    """
    if "count" in values and f"{key}.other" in CATALOGUE:
        key = f"{key}.one" if values["count"] == 1 else f"{key}.other"
    found = CATALOGUE[key]
    return found.format_map(values) if values else found
