"""How the server is: alive, ready, measured."""

import hmac
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import accumulate

from prometheus_client import CollectorRegistry, Gauge, Metric, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.kit.db import Unavailable
from remotehandsd.web import wire
from remotehandsd.web.call import Call
from remotehandsd.web.refused import Refused

FORWARDED = (b"forwarded", b"x-forwarded-for")


BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds between which answers are counted."""


class Measures(Collector):
    """What one process counts about itself: plain numbers on the way, made into families when somebody asks."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.registry.register(self)
        self.open_tickets = Gauge(
            "remotehands_open_tickets",
            "Tickets that wait or are worked on.",
            ["environment", "status"],
            registry=self.registry,
        )
        self._answers: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._between: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._answers[method, route, status] += 1
        self._seconds[route] += seconds
        self._between[route][bisect_left(BOUNDS, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        """Give the families of counters, as Prometheus asks for them."""
        answers = CounterMetricFamily(
            "remotehands_requests", "Answers by method, route and status.", labels=["method", "route", "status"]
        )
        for (method, route, status), count in self._answers.items():
            answers.add_metric([method, route, str(status)], count)
        yield answers
        times = HistogramMetricFamily("remotehands_request_seconds", "Time from request to answer.", labels=["route"])
        bounds = [*map(str, BOUNDS), "+Inf"]
        for route, between in self._between.items():
            buckets = list(zip(bounds, accumulate(between), strict=True))
            times.add_metric([route], buckets=buckets, sum_value=self._seconds[route])
        yield times


class Health:
    """The three addresses that machines ask. `is_draining` is set when the server is about to end."""

    def __init__(self) -> None:
        self.measures = Measures()
        self.is_draining = False

    async def healthz(self, call: Call) -> Response:
        """Say that the process lives."""
        return wire.json({"status": "alive"})

    async def readyz(self, call: Call) -> Response:
        """Say whether requests should be sent here: the database answers and is of this version."""
        if self.is_draining:
            return wire.json({"status": "draining"}, 503)
        try:
            have, want = await call.house.db.version()
        except Unavailable:
            return wire.json({"status": "no database"}, 503)
        if have != want:
            return wire.json({"status": "not migrated"}, 503)
        return wire.json({"status": "ready"})

    async def metrics(self, call: Call) -> Response:
        """Give the figures to who holds REMOTEHANDS_METRICS_TOKEN, or, without one, to this machine only."""
        if not _may_read(call):
            raise Refused(404)
        async with call.house.db.read(long=True) as tx:
            counted = await tickets.open_by_status(tx)
        self.measures.open_tickets.clear()
        for environment, status, number in counted:
            self.measures.open_tickets.labels(environment, status).set(number)
        return Response(generate_latest(self.measures.registry), media_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(call: Call) -> bool:
    token = call.house.settings.metrics_token
    if token:
        return hmac.compare_digest(call.header("authorization").encode(), f"Bearer {token}".encode())
    client = call.scope["client"]
    # Behind a proxy on this machine everybody would seem to be here: a forwarded request is a stranger's.
    is_forwarded = any(name in call.headers for name in FORWARDED)
    return client is not None and ip_address(client[0]).is_loopback and not is_forwarded
