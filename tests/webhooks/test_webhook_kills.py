"""Kill -9 at the worst moments: everything is told all the same, under the same ids."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from cast import OPENING, Person
from conftest import EXAMPLE
from delivering import makes, until, verified
from receiver import OK, Receiver, Sent
from remotehandsd.house import House

KILLS = 50
MORTAL = Path(__file__).parents[1] / "mortal.py"


class Mortal:
    """The server in tests/mortal.py, and which of its processes lives."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.pid = self.port = self.kills = 0
        self._environment = environment

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            MORTAL,
            env={"PATH": os.environ["PATH"], **self._environment},
            stdout=subprocess.PIPE,
        )
        self._hearing = asyncio.create_task(self._hear())
        await until(lambda: self.pid, 60)

    async def _hear(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            word, number = line.split()
            setattr(self, word.decode(), int(number))

    def kill(self) -> None:
        """End the process that serves, without a word; the next one takes its place."""
        if self.pid:
            pid, self.pid = self.pid, 0
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.kills += 1

    def is_to_die(self) -> None:
        """Count one more death, of the process that serves now: the next request brings it about."""
        self.pid = 0
        self.kills += 1

    async def end(self) -> None:
        self._process.kill()
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        await self._process.wait()
        await self._hearing


@pytest.fixture
async def mortal(environment: dict[str, str], house: House) -> AsyncIterator[Mortal]:
    mortal = Mortal(environment | {"REMOTEHANDS_WEBHOOK_PRIVATE": "yes"})
    await mortal.start()
    yield mortal
    await mortal.end()


@pytest.fixture
async def customer(mortal: Mortal) -> AsyncIterator[Person]:
    form = {"grant_type": "client_credentials", "client_id": "ada"}
    form["client_secret"] = "secret-of-ada-0123456789abcdef-0123"
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{mortal.port}", timeout=20) as web:
        token = (await web.post("/v2/auth/token", data=form)).json()["access_token"]
        yield Person(web, token, EXAMPLE)


class Orders:
    """What a customer orders while the server dies, and what was answered."""

    def __init__(self, customer: Person) -> None:
        self.answered: list[str] = []
        self._customer = customer

    async def order(self) -> None:
        with suppress(httpx.TransportError):
            created = await self._customer.post("/v1/remotehands-tickets", OPENING)
            if created.status_code == 201:
                self.answered.append(created.json()["id"])

    async def order_unanswered(self) -> None:
        # On a connection of its own: one that was kept may be dead, and then nobody would hear it.
        async with httpx.AsyncClient(base_url=self._customer.web.base_url, timeout=20) as web:
            customer = Person(web, self._customer.token, EXAMPLE)
            with pytest.raises(httpx.TransportError):
                await customer.post("/v1/remotehands-tickets", OPENING, headers={"die": "unanswered"})


async def _fed(person: Person) -> dict[str, dict[str, Any]]:
    """Return what happened by its id, as the feed has it."""
    found: dict[str, dict[str, Any]] = {}
    after = ""
    while True:
        page = (await person.get("/api/events", params={"after": after, "limit": 1000})).json()
        if not page["events"]:
            return found
        found |= {event.pop("id"): event for event in page["events"]}
        after = page["next"]


async def test_killed_between_sending_and_recording_and_between_commit_and_answer(
    mortal: Mortal, customer: Person
) -> None:
    chance = random.Random(3)
    loop = asyncio.get_running_loop()
    seen: set[str] = set()

    def behave(sent: Sent) -> bytes:
        """Kill who sent it: before the answer, or soon after, while it writes down that it was answered."""
        is_first = sent.headers["webhook-id"] not in seen
        seen.add(sent.headers["webhook-id"])
        if is_first and mortal.kills < KILLS and mortal.pid:
            if chance.random() < 0.5:
                mortal.kill()
            else:
                loop.call_later(chance.random() * 0.02, mortal.kill)
        return OK

    orders = Orders(customer)
    async with Receiver() as receiver:
        made = await makes(customer, receiver.url)
        receiver.behaviour = behave
        began = time.monotonic()
        while mortal.kills < KILLS and time.monotonic() - began < 120:
            await until(lambda: mortal.pid, 30)
            await orders.order()
        receiver.behaviour = lambda sent: OK
        # Some die before the commit, some after the answer, and now and then one between the two.
        while mortal.kills < KILLS * 3 // 2 and time.monotonic() - began < 240:
            await until(lambda: mortal.pid, 30)
            loop.call_later(0.002 + chance.random() * 0.02, mortal.kill)
            await orders.order()
        # The last of those may still be about to die.
        await asyncio.sleep(0.1)
        # These all die between the two.
        for _ in range(2 * KILLS - mortal.kills):
            await until(lambda: mortal.pid, 30)
            mortal.is_to_die()
            await orders.order_unanswered()
        await until(lambda: mortal.pid, 30)
        happened = await _fed(customer)
        await until(lambda: {sent.headers["webhook-id"] for sent in receiver.got} >= happened.keys(), 60)

    assert mortal.kills == 2 * KILLS
    tickets = {event["data"]["ticket"]["id"] for event in happened.values()}
    assert set(orders.answered) <= tickets, "what was answered is there"
    assert len(tickets - set(orders.answered)) >= KILLS // 2 - 2, "these are there, and the client was not told"
    assert len(tickets) == len(happened) >= len(orders.answered) > KILLS
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for sent in receiver.got:
        assert verified(sent, made["secret"]) == happened[sent.headers["webhook-id"]]
        bodies[sent.headers["webhook-id"]].add(sent.body)
    assert bodies.keys() == happened.keys(), "nothing is missing, and nothing was told that did not happen"
    assert all(len(same) == 1 for same in bodies.values()), "repeats are the same to the byte"
    assert len(receiver.got) > len(happened), "some were told twice"
