"""A create whose answer is lost on the way is never made twice, whatever the server knows of repeats."""

from collections.abc import Iterator

import httpx
import pytest

from cast import Server
from live import NEW, SECRET, Connect
from odd import CUT, Reply, Seen, serving
from remotehands import Client, OutcomeUnknown


class Relay:
    """Passes everything on to a server, and loses the answers to the first so many creates."""

    def __init__(self, server: str) -> None:
        self._server = httpx.Client(base_url=server, timeout=30)
        self.loses = 0
        self.creates = 0

    def __call__(self, seen: Seen) -> Reply | None:
        dropped = {"host", "connection", "content-length", "accept-encoding"}
        headers = {name: value for name, value in seen.headers.items() if name not in dropped}
        answer = self._server.request(seen.method, seen.path, params=seen.query, headers=headers, content=seen.body)
        if seen.method == "POST" and seen.path == "/v1/remotehands-tickets":
            self.creates += 1
            if self.loses:
                self.loses -= 1
                return CUT
        kept = {name: value for name, value in answer.headers.items() if name not in {"content-length", "connection"}}
        return Reply(answer.status_code, answer.content, kept)

    def close(self) -> None:
        self._server.close()


@pytest.fixture
def relay(live: Server) -> Iterator[Relay]:
    relay = Relay(live.url)
    yield relay
    relay.close()


def test_a_lost_answer(relay: Relay, live: Server, connect: Connect) -> None:
    recognises = "idempotency" in httpx.get(f"{live.url}/v1/sites").headers.get("remotehands-features", "")
    labs = connect("ada", "0011A00001BbCD2DEF")
    before = {ticket.id for ticket in labs.tickets.list()}
    relay.loses = 1
    with serving(relay) as url, Client(url, "ada", SECRET.format("ada"), "0011A00001BbCD2DEF") as customer:
        if recognises:
            made = {customer.tickets.create(**NEW | {"site": "IAD024"}).id}
        else:
            with pytest.raises(OutcomeUnknown):
                customer.tickets.create(**NEW | {"site": "IAD024"})
    new = {ticket.id for ticket in labs.tickets.list()} - before
    assert len(new) == 1
    assert relay.creates == (2 if recognises else 1)
    if recognises:
        assert made == new
