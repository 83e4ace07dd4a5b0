"""JSON answers."""

from typing import Any

from starlette.responses import Response

from remotehandsd import wire


def json_answer(
    value: Any, status: int = 200, headers: dict[str, str] | None = None, media_type: str = "application/json"
) -> Response:
    """Return compact JSON with the keys in the order in which they were put in."""
    return Response(wire.encode(value), status, headers, media_type)
