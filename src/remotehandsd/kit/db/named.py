"""One SQL text for both engines: `:named` values become PostgreSQL's `$1`."""

import re
from functools import lru_cache

import msgspec

TOKEN = re.compile(
    r"""
    '(?:[^']|'')*'              # a text
    | "(?:[^"]|"")*"            # a name in quotes
    | --[^\n]*                  # a comment
    | ::\w+                     # a cast
    | :(?P<name>[a-z_][a-z0-9_]*)
    """,
    re.VERBOSE,
)
KEPT_TEXTS = 2048


class Numbered(msgspec.Struct, frozen=True):
    """A statement with `$1`, `$2`, and the names of the values in this order."""

    text: str
    names: tuple[str, ...]

    def arguments(self, values: dict[str, object]) -> list[object]:
        """Return the values in the statement's order; KeyError when one was not given."""
        return [values[name] for name in self.names]


@lru_cache(maxsize=KEPT_TEXTS)
def numbered(sql: str) -> Numbered:
    """Translate a statement; a name that is used twice is one value."""
    places: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None:
            return found[0]
        return f"${places.setdefault(name, len(places) + 1)}"

    text = TOKEN.sub(place, sql)
    return Numbered(text, tuple(places))
