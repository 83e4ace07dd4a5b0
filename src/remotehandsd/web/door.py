"""The door of the web: finds who answers, translates refusals, counts, logs, and lets nothing else out."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from remotehandsd.access import Gate
from remotehandsd.house import House
from remotehandsd.kit import log
from remotehandsd.kit.db import Unavailable
from remotehandsd.kit.files import FilesAway, NoRoom
from remotehandsd.kit.windows import Left
from remotehandsd.web import oauth, problems, v1
from remotehandsd.web.call import Call
from remotehandsd.web.health import Health
from remotehandsd.web.refused import REFUSALS, Dialect, Gone, Refused
from remotehandsd.web.routing import Map, Route

THROWN_AWAY = 2 * 1024 * 1024
"""Bytes of a refused body that are read before the connection is closed."""

FEATURES = (b"remotehands-features", b"idempotency")
"""Said on every answer: a client that has seen it may send a request again (interfaces.md section 7)."""
ALLOWED = "Authorization, Content-Type, Master-Account-Id, Account-Id, Idempotency-Key, If-Match, If-None-Match, Range"
"""What a browser may send."""
EXPOSED = (
    "Content-Disposition, Content-Range, ETag, Location, RateLimit, RateLimit-Policy, Remotehands-Features, "
    "Retry-After, WWW-Authenticate"
)
"""What a page in a browser may read beside what it may read anyway."""

logger = structlog.get_logger("web")


class Door:
    """The ASGI application."""

    def __init__(self, house: House, gate: Gate, health: Health, routes: list[Route]) -> None:
        self._house = house
        self.gate = gate
        self._health = health
        self._map = Map(routes)
        self._origins = frozenset(house.settings.cors_origins)
        self._clock: Callable[[], float] = time.perf_counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        self._house.pace.came()
        began = self._clock()
        call = Call(self._house, self.gate, scope, receive)
        route, response = await self._answer(call)
        if response is None:
            return
        if not call.is_read and not await call.throw_away(THROWN_AWAY):
            response.headers["Connection"] = "close"
        response.raw_headers.append(FEATURES)
        if call.left:
            _say_what_is_left(response, call.left)
        if self._origins:
            self._allow_origin(call, response)
        name = route.path if route else "none"
        self._count(call, name, response.status_code, self._clock() - began)
        try:
            await response(scope, receive, send)
        except Exception:
            logger.exception("answer broke off", route=name, correlation_id=call.correlation_id)
            raise

    async def _answer(self, call: Call) -> tuple[Route | None, Response | None]:
        found = self._map.find(call.scope["raw_path"])
        if found is None:
            return None, self._dialect_of(call)(Refused(404), call.correlation_id)
        routes, call.params = found
        method = "GET" if call.method == "HEAD" else call.method
        route = routes.get(method)
        if route is None:
            return None, self._other_method(call, routes)
        try:
            return route, await route.endpoint(call)
        except Gone:
            logger.info("client went away", route=route.path, correlation_id=call.correlation_id)
            return route, None
        except Exception as error:  # noqa: BLE001 - the one place where everything is caught
            return route, self._refuse(call, route, error)

    def _refuse(self, call: Call, route: Route, error: Exception) -> Response:
        response = route.dialect(error, call.correlation_id)
        if isinstance(error, Unavailable | NoRoom | FilesAway):
            logger.warning("unavailable", route=route.path, reason=str(error), correlation_id=call.correlation_id)
        elif response.status_code == 500 or not isinstance(error, KNOWN):
            logger.error("bug", route=route.path, correlation_id=call.correlation_id, exc_info=error)
        return response

    def _dialect_of(self, call: Call) -> Dialect:
        """Return how to say no where no route says: as a problem under our own APIs, else as the family does."""
        is_ours = call.scope["raw_path"].lstrip(b"/").startswith((b"operator/", b"api/"))
        return problems.answer if is_ours else v1.answer

    def _other_method(self, call: Call, routes: dict[str, Route]) -> Response:
        allowed = sorted({*routes, "HEAD"} if "GET" in routes else routes)
        origin = call.header("origin")
        if call.method == "OPTIONS" and origin in self._origins and b"access-control-request-method" in call.headers:
            return Response(
                status_code=204,
                headers={
                    "Access-Control-Allow-Methods": ", ".join(allowed),
                    "Access-Control-Allow-Headers": ALLOWED,
                    "Access-Control-Max-Age": "600",
                },
            )
        dialect = next(iter(routes.values())).dialect
        return dialect(Refused(405, {"Allow": ", ".join(allowed)}), call.correlation_id)

    def _allow_origin(self, call: Call, response: Response) -> None:
        response.headers.append("Vary", "Origin")
        if (origin := call.header("origin")) in self._origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED

    def _count(self, call: Call, route: str, status: int, seconds: float) -> None:
        self._health.measures.count(call.method, route, status, seconds)
        if call.is_repeated:
            self._health.measures.count_repeated(route)
        if not log.wants_requests():
            return
        about: dict[str, Any] = {"method": call.method, "route": route, "status": status}
        # Only what can be an id of ours: a path may hold a token that was pasted into the wrong place.
        if ids := {key: value for key, value in call.params.items() if len(value) <= 32 and value.isalnum()}:
            about["params"] = ids
        if call.client_id:
            about["client_id"] = call.client_id
        if call.is_repeated:
            about["repeated"] = True
        about["ms"] = round(seconds * 1000, 2)
        if call.was_told:
            about["correlation_id"] = call.correlation_id
        log.request(about)


def _say_what_is_left(response: Response, left: Left) -> None:
    """Say how much an app may ask, and how much of that is left (draft-ietf-httpapi-ratelimit-headers-11)."""
    response.headers["RateLimit-Policy"] = f'"default";q={left.limit.most};w={left.limit.seconds}'
    response.headers["RateLimit"] = f'"default";r={left.number};t={left.seconds}'


KNOWN = (*REFUSALS, oauth.Wrong)
