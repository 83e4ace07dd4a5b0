"""How the server is: alive, ready, measured."""

import hmac
from contextlib import suppress
from ipaddress import ip_address

from prometheus_client import generate_latest
from starlette.responses import Response

from remotehandsd import tickets
from remotehandsd.kit.db import EVERY_TENANT, Unavailable
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.measures import Measures
from remotehandsd.web.refused import Refused

FORWARDED = (b"forwarded", b"x-forwarded-for")


class Health:
    """The three addresses that machines ask. `is_draining` is set when the server is about to end."""

    def __init__(self, measures: Measures | None = None) -> None:
        self.measures = measures or Measures()
        self.is_draining = False

    async def healthz(self, call: Call) -> Response:
        """Say that the process lives."""
        return json_answer({"status": "alive"})

    async def readyz(self, call: Call) -> Response:
        """Say whether requests should be sent here: the database answers and is of this version."""
        if self.is_draining:
            return json_answer({"status": "draining"}, 503)
        try:
            have, want = await call.house.db.version()
        except Unavailable:
            return json_answer({"status": "no database"}, 503)
        if have != want:
            return json_answer({"status": "not migrated"}, 503)
        return json_answer({"status": "ready"})

    async def metrics(self, call: Call) -> Response:
        """Give the figures to who holds REMOTEHANDS_METRICS_TOKEN, or, without one, to this machine only."""
        if not _may_read(call):
            raise Refused(404)
        self.measures.open_tickets.clear()
        # What the process knows of itself is wanted most when the database is away.
        with suppress(Unavailable):
            async with call.house.db.read(EVERY_TENANT, long=True) as tx:
                counted = await tickets.open_by_status(tx)
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
