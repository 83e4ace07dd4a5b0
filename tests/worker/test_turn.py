"""Whose turn it is: of several processes one works, and another soon after it dies."""

import asyncio

import pytest

from conftest import SettableClock
from remotehandsd.house import House
from remotehandsd.leases import LEASE_SECONDS
from remotehandsd.worker import turn as module
from remotehandsd.worker.turn import ASKED_EVERY, Turn

LOOKED_EVERY = 1
"""Seconds after which the worker's loop sees that its turn has come; another for whole seconds of the lease."""


async def test_one_at_a_time(house: House) -> None:
    turns = [Turn(house, "timers") for _ in range(5)]
    await asyncio.gather(*(turn.ask() for turn in turns))
    await asyncio.gather(*(turn.ask() for turn in turns))
    assert [turn.is_ours for turn in turns].count(True) == 1


async def test_names_are_separate(house: House) -> None:
    timers, robot = Turn(house, "timers"), Turn(house, "robot")
    await timers.ask()
    await robot.ask()
    assert timers.is_ours
    assert robot.is_ours


async def test_it_is_held_on(house: House, clock: SettableClock) -> None:
    one, other = Turn(house, "timers"), Turn(house, "timers")
    await one.ask()
    for _ in range(3):
        clock.ahead += LEASE_SECONDS - 2
        await one.ask()
        await other.ask()
        assert one.is_ours
        assert not other.is_ours


async def test_who_is_not_heard_of_loses_it(house: House, clock: SettableClock) -> None:
    one, other = Turn(house, "timers"), Turn(house, "timers")
    await one.ask()
    clock.ahead += LEASE_SECONDS - 2
    await other.ask()
    assert not other.is_ours
    clock.ahead += 2
    await other.ask()
    assert other.is_ours
    await one.ask()
    assert not one.is_ours
    assert LEASE_SECONDS + ASKED_EVERY + 2 * LOOKED_EVERY <= 35, "the turn of a killed process moves within this time"


async def test_who_stands_by_asks_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASKED_EVERY", 0.05)
    one, other = Turn(house, "timers"), Turn(house, "timers")
    await one.ask()
    keeping = asyncio.create_task(other.keep())
    await asyncio.sleep(0.2)
    assert not other.is_ours
    await one.give_up()
    assert not one.is_ours
    await asyncio.sleep(0.5)
    keeping.cancel()
    assert other.is_ours
