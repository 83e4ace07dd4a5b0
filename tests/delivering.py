"""A worker for webhooks in the test's own process, and the specification's library on what receivers got."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from standardwebhooks import Webhook as Verifier

from cast import Person
from receiver import Sent
from remotehandsd import webhooks
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.worker import kinds, work_off
from remotehandsd.worker.delivering import gather_messages

SECONDS = 20.0


@asynccontextmanager
async def worker(house: House, pauses: tuple[int, ...] | None = None) -> AsyncIterator[None]:
    """Work as the server's worker does; `pauses` is another schedule than the specification's."""
    [kind] = [kind for kind in kinds() if kind.name == "webhook"]
    schedule = webhooks.PAUSES
    if pauses is not None:
        kind = msgspec.structs.replace(kind, pauses=pauses)
        webhooks.PAUSES = pauses
    stop = asyncio.Event()

    async def gather() -> None:
        while not stop.is_set():
            await gather_messages(house)
            await asyncio.sleep(0.02)

    working = asyncio.gather(gather(), work_off(house, kind, stop))
    try:
        yield
    finally:
        stop.set()
        await working
        webhooks.PAUSES = schedule


async def until(condition: Callable[[], Any], seconds: float = SECONDS) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def rest(house: House, seconds: float = SECONDS) -> None:
    """Wait until everything that happened is handed out and no delivery is due."""
    async with asyncio.timeout(seconds):
        while True:
            await asyncio.sleep(0.05)
            async with house.db.read(EVERY_TENANT) as tx:
                unread = await tx.one(
                    "SELECT COUNT(*) FROM settled_events e JOIN event_marks m ON m.reader = 'webhooks' "
                    "WHERE (e.place, e.id) > (m.place, m.id)"
                )
                due = await tx.one(
                    "SELECT COUNT(*) FROM jobs WHERE kind = 'webhook' AND (due_at <= :now OR holder <> '')",
                    now=house.now(),
                )
            if unread == due == (0,):
                return


async def makes(person: Person, url: str, **fields: Any) -> dict[str, Any]:
    """Make a webhook by the API and return it with its secret."""
    answer = await person.post("/api/webhooks", {"url": url, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def verified(sent: Sent, secret: str) -> dict[str, Any]:
    """Return what was sent, after the specification's own library has checked it."""
    return dict(Verifier(secret).verify(sent.body, sent.headers))


def signed_by(sent: Sent, secret: str) -> bool:
    """Check by hand, whatever the time: HMAC-SHA256 of id, time and body under the secret's bytes."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{sent.headers['webhook-id']}.{sent.headers['webhook-timestamp']}.".encode() + sent.body
    made = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return made in sent.headers["webhook-signature"].split(" ")
