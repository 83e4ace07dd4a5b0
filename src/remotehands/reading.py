"""From the wire's JSON to records: camelCase, the family's dates, `""` for nothing; unknown keys are left out."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar, get_type_hints

import msgspec

from remotehands.errors import NotAServer
from remotehands.records import Category, Comment

Kind = TypeVar("Kind", bound=msgspec.Struct)
Reader = Callable[[Any], Any]


def parsed(body: bytes) -> Any:
    """Return the value of a JSON body."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        raise NotAServer("The server's answer is no JSON; is the address right?") from None


def record(kind: type[Kind], value: Any) -> Kind:
    """Return a record of what an object says."""
    try:
        given = {}
        for name, key, read in _fields(kind):
            if key in value:
                given[name] = read(value[key])
        return kind(**given)
    except (TypeError, ValueError, AttributeError) as error:
        raise NotAServer(f"The server's answer is no {kind.__name__.lower()} of this API: {error}.") from None


def records(kind: type[Kind], value: Any) -> list[Kind]:
    """Return a record for each object of an array."""
    return [record(kind, one) for one in array(value)]


def array(value: Any) -> list[Any]:
    """Return an array that must be one."""
    if not isinstance(value, list):
        raise NotAServer("The server's answer is no list of this API; is the address right?")
    return value


def member(value: Any, key: str) -> Any:
    """Return what an object has under a key that it must have."""
    if not isinstance(value, dict) or key not in value:
        raise NotAServer(f"The server's answer has no '{key}'; is the address right?")
    return value[key]


def categories(value: Any) -> list[Category]:
    """Return the pairs of request type and category, in the server's order."""
    found = []
    for one in array(member(value, "result")):
        group = member(one, "requestType")
        kind = _text(member(group, "name"))
        found += [Category(kind, _text(member(each, "name"))) for each in array(member(group, "categories"))]
    return found


@lru_cache(8192)
def moment(value: Any) -> datetime | None:
    """Return a time such as `2030-05-26 21:07:32`, which is UTC unless it says another zone; None for nothing."""
    if not value:
        return None
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _comments(value: Any) -> tuple[Comment, ...]:
    return tuple(record(Comment, one) for one in value or ())


READERS: dict[Any, Reader] = {
    str: _text,
    str | None: _text_or_none,
    bool: bool,
    datetime | None: moment,
    tuple[Comment, ...]: _comments,
}
"""By a field's type, how its value is read."""


@cache
def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, str, Reader]]:
    types = get_type_hints(kind)
    return [(name, wire_name(name), READERS[types[name]]) for name in kind.__struct_fields__]


def wire_name(name: str) -> str:
    """Return the wire's word for ours: `created_on` is `createdOn`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
