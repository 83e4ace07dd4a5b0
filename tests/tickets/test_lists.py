"""Any page of any list is the same by every way to it: walked to from either end, or gathered by kind."""

import asyncio
import random
import subprocess
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from cast import Person
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import Filters, list_tickets, listing, wrong_totals

Command = Callable[..., subprocess.CompletedProcess[str]]
NAMES = ("site", "status", "request_type", "category", "created_by")
NUMBER = 700


@pytest.fixture
async def by(house: House, command: Command) -> By:
    done = await asyncio.to_thread(command, "fabricate", "--tickets", str(NUMBER), "--into", "0011A00001AaAB1ABC")
    assert done.returncode == 0, done.stderr
    async with house.db.read(EVERY_TENANT) as tx:
        row = await tx.one("SELECT MIN(account) FROM tickets")
    assert row is not None
    return By(name="Ada Example", environment=Environment.PLAYGROUND, account=row[0], user=1)


async def _all(house: House, by: By) -> list[dict[str, Any]]:
    columns = ("number", *NAMES)
    async with house.db.read(EVERY_TENANT) as tx:
        rows = await tx.all(
            "SELECT number, site, status, request_type, category, created_by FROM tickets WHERE account = :account "
            "ORDER BY created_at DESC, number DESC",
            account=by.account,
        )
    return [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.mark.parametrize(("walked", "gathered"), [(20_000, 10_000), (0, 10_000), (0, 0), (30, 20)])
async def test_every_page_by_every_way(
    house: House, by: By, monkeypatch: pytest.MonkeyPatch, walked: int, gathered: int
) -> None:
    monkeypatch.setattr(listing, "WALKED", walked)
    monkeypatch.setattr(listing, "GATHERED", gathered)
    everything = await _all(house, by)
    assert len(everything) == NUMBER
    dice = random.Random(walked + gathered)
    for wanted in product([False, True], repeat=5):
        like = dice.choice(everything)
        asked = {name: like[name] for name, is_asked in zip(NAMES, wanted, strict=True) if is_asked}
        fitting = [t["number"] for t in everything if all(t[name] == value for name, value in asked.items())]
        size = dice.choice([1, 6, 25, 1000])
        last = -(-len(fitting) // size) - 1
        for number in {0, 1, last // 2, max(0, last - 1), last, last + 1, 2_147_483_647}:
            async with house.db.read(by.tenant) as tx:
                page = await list_tickets(Act(tx, by, 0), Filters(**asked), size=size, number=number)
            assert page.total == len(fitting)
            assert [item.number for item in page.items] == fitting[number * size : (number + 1) * size]


async def test_totals_are_exact_while_tickets_come_and_notes_are_folded(house: House, ada: Person) -> None:
    """Whoever looks sees as many as he could list, at every moment."""
    over = asyncio.Event()

    async def open_some() -> None:
        for _ in range(15):
            await ada.opens()

    async def fold() -> None:
        while not over.is_set():
            await house.db.tidy()
            await asyncio.sleep(0)

    async def look() -> None:
        seen = 0
        while not over.is_set():
            body = (await ada.get("/v1/remotehands-tickets?size=1000")).json()
            assert body["pageable"]["totalElements"] == len(body["content"]) >= seen
            seen = len(body["content"])

    beside = [asyncio.create_task(fold()), asyncio.create_task(look())]
    await asyncio.gather(*(open_some() for _ in range(4)))
    over.set()
    await asyncio.gather(*beside)
    await house.db.tidy()
    assert (await ada.get("/v1/remotehands-tickets?status=New")).json()["pageable"]["totalElements"] == 60
    async with house.db.read(EVERY_TENANT) as tx:
        assert await wrong_totals(Act(tx, By(name="", environment=Environment.PLAYGROUND), 0)) == []


@pytest.mark.engine("postgres")
async def test_notes_are_folded(house: House, ada: Person) -> None:
    for _ in range(3):
        await ada.opens()
    assert await house.db.tidy() == 3
    assert await house.db.tidy() == 0
    async with house.db.read(EVERY_TENANT) as tx:
        assert await tx.one("SELECT COUNT(*) FROM total_changes") == (0,)
        assert await tx.one("SELECT tickets FROM folded_totals") == (3,)
        assert await tx.one("SELECT SUM(tickets) FROM folded_slices") == (3,)


async def test_the_command_that_compares_and_mends(house: House, ada: Person, command: Command) -> None:
    await ada.opens()
    await ada.opens(site="IAD024")
    assert "right" in (await asyncio.to_thread(command, "totals")).stdout
    async with house.db.write(EVERY_TENANT) as tx:
        await tx.run(
            "INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced) "
            "SELECT account, 7, site, status, request_type, category, 5, 3 FROM tickets WHERE site = 'IAD024'"
        )
    assert (await ada.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 7
    for _ in range(2):
        done = await asyncio.to_thread(command, "totals")
        assert done.returncode == 1
        assert "IAD024 / New / Urgent Work" in done.stderr
        assert "kept 6, there are 1" in done.stderr
        assert "slice 7: kept 3, there are 0" in done.stderr
        assert "2 kept totals wrong" in done.stderr
    done = await asyncio.to_thread(command, "totals", "--mend")
    assert done.returncode == 0
    assert "2 kept totals mended" in done.stdout
    done = await asyncio.to_thread(command, "totals")
    assert (done.returncode, done.stdout) == (0, "The kept totals are right.\n")
    assert (await ada.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 2
