"""Our own OpenAPI documents, as the reference reads them: operations, and what goes in and comes out of each."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from remotehandsd.settings import Settings

Json = dict[str, Any]


class Described(msgspec.Struct, frozen=True):
    """An API with its document; `begins` sets its operations' names apart from the others'."""

    key: str
    document: Callable[[Settings], Json]
    begins: str = ""


class Operation(msgspec.Struct, frozen=True):
    """One operation. `name` is its address in the reference, `part` the part of the web that answers."""

    name: str
    part: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    given: Json
    document: Json

    @property
    def is_deprecated(self) -> bool:
        """Tell whether it is kept for old programs only."""
        return bool(self.given.get("deprecated"))

    @property
    def parameters(self) -> list[Json]:
        """Return the parameters, looked up."""
        return [looked_up(self.document, one) for one in self.given.get("parameters", [])]

    @property
    def body(self) -> tuple[str, Json] | None:
        """Return the media type of what is sent, and its schema and example."""
        content = self.given.get("requestBody", {}).get("content", {})
        return next(iter(content.items()), None)

    @property
    def needs_token(self) -> bool:
        """Tell whether a token must be shown."""
        return self.given.get("security") != [] and {} not in self.given.get("security", [])

    @property
    def is_plain(self) -> bool:
        """Tell whether JSON, or nothing, goes in, and JSON comes out, and a token is needed."""
        goes_in = self.body is None or self.body[0] == "application/json"
        good = [answer for status, answer in self.given["responses"].items() if status.startswith("2")]
        return goes_in and self.needs_token and any("application/json" in one.get("content", {}) for one in good)


class Row(msgspec.Struct, frozen=True):
    """One thing that goes in or comes out: a parameter or a property, `depth` steps within others."""

    name: str
    kind: str
    said: str
    where: str = ""
    is_required: bool = False
    depth: int = 0
    values: tuple[str, ...] = ()
    limits: tuple[tuple[str, Any], ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What comes back under one status."""

    status: str
    said: str
    headers: dict[str, str]
    rows: list[Row]
    example: Any


LIMITS = ("minLength", "maxLength", "minimum", "maximum", "default", "format")
DEEPEST = 4


def looked_up(document: Json, given: Json) -> Json:
    """Follow a `$ref` to the component that it names."""
    while "$ref" in given:
        _, _, kind, name = given["$ref"].split("/")
        given = document["components"][kind][name]
    return given


@lru_cache(8)
def operations(described: Described, settings: Settings) -> tuple[Operation, ...]:
    """Return the operations of a document, in its order."""
    document = described.document(settings)
    return tuple(
        Operation(
            f"{described.begins}{given['operationId']}",
            described.key,
            method.upper(),
            path,
            given["tags"][0],
            given["summary"],
            given["description"],
            given,
            document,
        )
        for path, methods in document["paths"].items()
        for method, given in methods.items()
    )


def parameter_rows(operation: Operation) -> list[Row]:
    """Return the parameters as rows."""
    found = []
    for one in operation.parameters:
        schema = {**one["schema"], "description": one["description"]}
        row = _row(operation.document, one["name"], schema, required=one["required"])
        found.append(msgspec.structs.replace(row, where=one["in"]))
    return found


def body_rows(operation: Operation) -> list[Row]:
    """Return what is sent as rows."""
    return list(_rows(operation.document, operation.body[1]["schema"])) if operation.body else []


def answers(operation: Operation) -> list[Answer]:
    """Return what can come back, by status."""
    found = []
    for status, given in operation.given["responses"].items():
        answer = looked_up(operation.document, given)
        content: Json = next(iter(answer.get("content", {}).values()), {})
        headers = {name: header["description"] for name, header in answer.get("headers", {}).items()}
        rows = list(_rows(operation.document, content["schema"])) if "schema" in content else []
        found.append(Answer(status, answer["description"], headers, rows, content.get("example")))
    return found


def _row(document: Json, name: str, schema: Json, *, required: bool, depth: int = 0) -> Row:
    given = looked_up(document, schema)
    return Row(
        name,
        _kind(document, given),
        schema.get("description") or given.get("description", ""),
        is_required=required,
        depth=depth,
        values=tuple(str(one) for one in given.get("enum", ()) if one is not None),
        limits=tuple(_limits(given)),
    )


def _limits(given: Json) -> Iterator[tuple[str, Any]]:
    least, most = given.get("minLength"), given.get("maxLength")
    if least is not None and least == most:
        yield "exactly", least
    for limit in LIMITS:
        is_said = limit in given and not (limit in {"minLength", "maxLength"} and least == most)
        if is_said and (limit, given[limit]) != ("minLength", 1):
            yield limit, given[limit]


def _kind(document: Json, given: Json) -> str:
    kind = given.get("type", "any")
    kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if kind == "array":
        return f"array_{_kind(document, looked_up(document, given['items']))}"
    return str(kind)


def _rows(document: Json, schema: Json, depth: int = 0) -> Iterator[Row]:
    """Give the properties of an object, or of the objects of an array, each followed by its own."""
    given = looked_up(document, schema)
    while given.get("type") == "array":
        given = looked_up(document, given["items"])
    if depth >= DEEPEST:
        return
    for name, inner in given.get("properties", {}).items():
        yield _row(document, name, inner, required=name in given.get("required", ()), depth=depth)
        yield from _rows(document, inner, depth + 1)
