"""From a path as it was sent to the one place that answers it.

Paths are split before they are decoded: `/v1%2fx` is one segment, not two. Leading slashes count as one, one slash
at the end is forgiven, and a name in the map goes before a `{parameter}` (contract.md section 1).
"""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

import msgspec

from remotehandsd.web.call import Endpoint
from remotehandsd.web.refused import Dialect


class Route(msgspec.Struct, frozen=True):
    """One URL: method, path, who answers, and in which words it says no."""

    method: str
    path: str
    endpoint: Endpoint
    dialect: Dialect


class _Node:
    __slots__ = ("children", "parameter", "routes")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.parameter: tuple[str, _Node] | None = None
        self.routes: dict[str, Route] = {}


Found = tuple[dict[str, Route], dict[str, str]]


class Map:
    """Every route of the service, ready to be looked up."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        self._plain: dict[bytes, dict[str, Route]] = {}
        for route in routes:
            node = self._root
            for segment in route.path.split("/")[1:]:
                node = _step(node, segment)
            node.routes[route.method] = route
            if "{" not in route.path:
                self._plain[route.path.encode()] = node.routes

    def find(self, raw_path: bytes) -> Found | None:
        """Return what stands at a path, by method, and the path's parameters; None where nothing does."""
        plain = self._plain.get(raw_path)
        if plain is not None:
            return plain, {}
        segments = raw_path.lstrip(b"/").split(b"/")
        if len(segments) > 1 and not segments[-1]:
            segments.pop()
        try:
            names = [unquote_to_bytes(segment).decode() for segment in segments]
        except UnicodeDecodeError:
            return None
        params: dict[str, str] = {}
        node = self._root
        for name in names:
            if name in node.children:
                node = node.children[name]
            elif node.parameter and name and "\0" not in name:
                key, node = node.parameter
                params[key] = name
            else:
                return None
        return (node.routes, params) if node.routes else None


def _step(node: _Node, segment: str) -> _Node:
    if segment.startswith("{"):
        if node.parameter is None:
            node.parameter = (segment[1:-1], _Node())
        assert node.parameter[0] == segment[1:-1], "one place in a path has one name"
        return node.parameter[1]
    return node.children.setdefault(segment, _Node())
