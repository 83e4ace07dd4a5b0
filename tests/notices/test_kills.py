"""Workers that are killed between sending and recording: everybody is told of everything, with the same Message-ID."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from cast import Person
from mailing import due
from postoffice import PostOffice
from remotehandsd.house import House

pytestmark = pytest.mark.usefixtures("mailing")

ROUNDS = 6
WORKER = """
import asyncio
from remotehandsd.app import opened_house, working
from remotehandsd.jobs import keeping
from remotehandsd.leases import lease
from remotehandsd.notices import gathering
from remotehandsd.settings import read_settings
from remotehandsd.worker import turn

gathering.BURST_SECONDS = 0
keeping.LEASE_SECONDS = lease.LEASE_SECONDS = turn.LEASE_SECONDS = 1
turn.RENEWED_EVERY, turn.ASKED_EVERY = 0.3, 0.1

async def main():
    async with opened_house(read_settings()) as house:
        await working(house, asyncio.Event(), with_robot=False)

asyncio.run(main())
"""
"""The worker of `remotehandsd work`, with a minute's waits cut short."""


async def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def test_told_at_least_once_and_with_the_same_id(
    house: House, ada: Person, office: PostOffice, environment: dict[str, str]
) -> None:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", WORKER], env={"PATH": os.environ["PATH"], **environment}, stderr=subprocess.DEVNULL
        )

    id_ = await ada.opens(notificationRecipients="bob@example.com, carl@elsewhere.example")
    said = []
    for round_ in range(ROUNDS):
        said.append(f"comment {round_}.")
        await ada.comments(id_, said[-1])
        before = len(office.received)
        # The server has the mail; its answer never comes, or has just gone out.
        office.hangs_in = "after DATA" if round_ % 2 else ""
        worker = start()
        try:
            await _until(lambda: len(office.received) > before)  # noqa: B023
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        office.hangs_in = ""
    worker = start()
    try:
        await asyncio.sleep(2)
        deadline = time.monotonic() + 40
        while await due(house):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.2)
    finally:
        worker.kill()
        worker.wait()
    for address in ("bob@example.com", "carl@elsewhere.example"):
        letters = office.to(address)
        texts = "\n".join(letter.text for letter in letters)
        assert "opened this ticket" in texts
        assert [words for words in said if f"> {words}" not in texts] == []
        by_id: dict[str, set[str]] = {}
        for letter in letters:
            by_id.setdefault(letter.message["Message-ID"], set()).add(letter.text)
        assert all(len(same) == 1 for same in by_id.values()), "a repeat says the same"
        for words in said:
            assert sum(f"> {words}" in text for same in by_id.values() for text in same) == 1
    assert len(office.received) > len({(one.to[0], one.message["Message-ID"]) for one in office.received}), (
        "some were sent twice: the kills came in time"
    )
