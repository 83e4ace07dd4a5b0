"""A mail server of the tests' own for every test here, and the worker on demand."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from postoffice import HOST, PostOffice, post_office
from remotehandsd.house import House
from remotehandsd.notices.gathering import BURST_SECONDS
from remotehandsd.worker import kinds, work_off
from remotehandsd.worker.telling import gather_notices


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture
def mailing(environment: dict[str, str], office: PostOffice) -> None:
    """Have the server under test mail, strangers from the playground, too; its tokens outlive the test's clock."""
    environment |= {
        "REMOTEHANDS_SMTP_URL": f"smtp://{HOST}:{office.port}",
        "REMOTEHANDS_MAIL_FROM": "Remote hands <hands@operator.example>",
        "REMOTEHANDS_MAIL_PLAYGROUND": "yes",
        "REMOTEHANDS_PUBLIC_URL": "https://hands.operator.example",
        "REMOTEHANDS_TOKEN_SECONDS": "100000000",
    }


async def work(house: House) -> None:
    """Do every job that is due, those that come of it included."""
    stop = asyncio.Event()
    working = [asyncio.create_task(work_off(house, kind, stop)) for kind in kinds()]
    deadline = time.monotonic() + 20
    while await due(house):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.gather(*working)
    if await due(house):
        await work(house)


async def due(house: House) -> int:
    """Return how many jobs are due or in hand."""
    async with house.db.read() as tx:
        row = await tx.one(
            "SELECT COUNT(*) FROM jobs WHERE set_aside_at IS NULL AND (due_at <= :now OR holder <> '')",
            now=house.now(),
        )
    assert row is not None
    return int(row[0])


@pytest.fixture
def told(house: House, clock: Any) -> Callable[..., Awaitable[None]]:
    """Let so many seconds go by, and everybody be told."""

    async def tell(after: float = BURST_SECONDS) -> None:
        while await gather_notices(house):
            pass
        clock.ahead += after
        await work(house)

    return tell
