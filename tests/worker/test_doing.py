"""The worker does jobs: what is due, at once where it may, and again where it fails."""

import asyncio
import subprocess
from collections.abc import Callable
from contextlib import suppress

from conftest import SettableClock
from remotehandsd import jobs
from remotehandsd.house import House
from remotehandsd.jobs import LEASE_SECONDS, Ending, Job, Waiting
from remotehandsd.kit.db import Tx
from remotehandsd.worker import Kind, work_off

Do = Callable[[House, Job], "asyncio.Future[Ending]"]


def _kind(do: object, *, pauses: tuple[int, ...] = (5, 60), at_once: int = 4, per_lane: int = 2) -> Kind:
    return Kind("errand", do, pauses, at_once, per_lane)  # type: ignore[arg-type]


async def _add(house: House, *abouts: int, lane: int = 0) -> None:
    async with house.db.write() as tx:
        for about in abouts:
            await jobs.add(tx, "errand", about, lane=lane, now=house.now(), due_at=house.now())


async def _waiting(house: House) -> list[Waiting]:
    async with house.db.read() as tx:
        return await jobs.waiting(tx, most=100)


async def _work(house: House, kind: Kind, until: Callable[[], bool]) -> None:
    """Run the worker until something is true, and end it as SIGTERM does."""
    stop = asyncio.Event()
    working = asyncio.create_task(work_off(house, kind, stop))
    async with asyncio.timeout(20):
        while not until():
            await asyncio.sleep(0.01)
    stop.set()
    await working


async def test_done_with_what_is_remembered(house: House) -> None:
    await _add(house, 1, 2, 3)
    recorded: list[int] = []

    async def do(house: House, job: Job) -> Ending:
        async def record(tx: Tx) -> None:
            await jobs.add(tx, "follow-up", job.about, now=0, due_at=0)
            recorded.append(job.about)

        return Ending(record=record)

    await _work(house, _kind(do), lambda: len(recorded) == 3)
    found = sorted((job.kind, job.about) for job in await _waiting(house))
    assert found == [("follow-up", about) for about in (1, 2, 3)]


async def test_again_by_the_schedule_and_then_aside(house: House, clock: SettableClock) -> None:
    await _add(house, 1)
    tried = 0

    async def do(house: House, job: Job) -> Ending:
        nonlocal tried
        tried += 1
        return Ending("nobody opens", pause=30 if tried == 1 else None)

    for time_of_try, least, most in ((1, 30, 33), (2, 60, 66)):
        await _work(house, _kind(do), lambda: tried == time_of_try)  # noqa: B023
        [job] = await _waiting(house)
        assert least <= job.due_at - house.now() <= most
        assert (job.fault, job.tries, job.set_aside_at) == ("nobody opens", time_of_try, None)
        clock.ahead += most
    await _work(house, _kind(do), lambda: tried == 3)
    [job] = await _waiting(house)
    assert job.set_aside_at in {house.now() - 1, house.now()}, "the second may have changed meanwhile"


async def test_what_was_set_aside_begins_its_schedule_anew(house: House, clock: SettableClock) -> None:
    await _add(house, 1)
    tried = 0

    async def do(house: House, job: Job) -> Ending:
        nonlocal tried
        tried += 1
        return Ending("nobody opens")

    for time_of_try in range(1, 7):
        await _work(house, _kind(do), lambda: tried == time_of_try)  # noqa: B023
        [job] = await _waiting(house)
        assert (job.set_aside_at is not None) is (time_of_try in {3, 6})
        if time_of_try == 3:
            async with house.db.write() as tx:
                await jobs.retry(tx, job.key, now=house.now())
        clock.ahead += 70


async def test_what_is_final_and_what_is_our_own_fault(house: House, caplog: object) -> None:
    await _add(house, 1, 2)
    tried: list[int] = []

    async def do(house: House, job: Job) -> Ending:
        tried.append(job.about)
        if job.about == 2:
            raise ZeroDivisionError("a secret")
        return Ending("never", is_final=True)

    await _work(house, _kind(do), lambda: len(tried) == 2)
    final, ours = await _waiting(house)
    assert (final.about, final.fault) == (1, "never")
    assert final.set_aside_at is not None
    assert (ours.about, ours.set_aside_at) == (2, None)
    assert "secret" not in ours.fault


async def test_one_that_kills_its_worker_is_set_aside(house: House, clock: SettableClock) -> None:
    await _add(house, 1)
    kind = _kind(None)
    for _ in range(len(kind.pauses) + 1):
        async with house.db.write() as tx:
            assert await jobs.claim(tx, "errand", "dead", now=house.now(), most=1, per_lane=1, busy=())
        clock.ahead += LEASE_SECONDS
    stop = asyncio.Event()
    working = asyncio.create_task(work_off(house, kind, stop))
    async with asyncio.timeout(20):
        while (await _waiting(house))[0].set_aside_at is None:
            await asyncio.sleep(0.02)
    stop.set()
    await working


async def test_a_slow_lane_does_not_hold_up_the_others(house: House) -> None:
    await _add(house, *range(10), lane=1)
    await _add(house, *range(10, 20), lane=2)
    may_end = asyncio.Event()
    done: list[int] = []
    in_hand = most = 0

    async def do(house: House, job: Job) -> Ending:
        nonlocal in_hand, most
        if job.lane == 1:
            in_hand += 1
            most = max(most, in_hand)
            await may_end.wait()
            in_hand -= 1
        done.append(job.about)
        return Ending()

    def others_are_done() -> bool:
        if len(done) == 10:
            may_end.set()
        return len(done) == 20

    await _work(house, _kind(do), others_are_done)
    assert done[:10] == list(range(10, 20))
    assert most == 2
    assert await _waiting(house) == []


async def test_what_was_begun_is_finished_before_it_stops(house: House) -> None:
    await _add(house, 1, 2)
    begun, done = asyncio.Event(), False

    async def do(house: House, job: Job) -> Ending:
        nonlocal done
        begun.set()
        await asyncio.sleep(0.3)
        done = True
        return Ending()

    await _work(house, _kind(do, at_once=1), begun.is_set)
    assert done
    assert [job.about for job in await _waiting(house)] == [2]


async def test_two_workers_share(house: House) -> None:
    await _add(house, *range(30))
    done: list[int] = []

    async def do(house: House, job: Job) -> Ending:
        await asyncio.sleep(0.01)
        done.append(job.about)
        return Ending()

    stop = asyncio.Event()
    workers = [asyncio.create_task(work_off(house, _kind(do), stop)) for _ in range(2)]
    with suppress(TimeoutError):
        async with asyncio.timeout(20):
            while len(done) < 30:
                await asyncio.sleep(0.01)
    stop.set()
    await asyncio.gather(*workers)
    assert sorted(done) == list(range(30))


async def test_the_commands(house: House, command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    assert command("jobs").stdout == "Nothing waits, and nothing was set aside.\n"
    await _add(house, 1, 2)
    async with house.db.write() as tx:
        [job, _] = await jobs.claim(tx, "errand", "host/1", now=house.now(), most=2, per_lane=9, busy=())
        await jobs.set_aside(tx, job, "the receiver is gone", now=house.now())
    said = command("jobs").stdout.splitlines()
    assert said[0].startswith(f"{job.key}  errand 1, set aside ")
    assert said[0].endswith(", 1 try: the receiver is gone")
    assert "1 job set aside; `remotehandsd retry JOB` tries one again." in said
    assert command("retry", job.key).returncode == 0
    assert "set aside" not in command("jobs").stdout
    none = command("retry", 999)
    assert (none.returncode, none.stderr) == (4, "There is no such job.\n")
