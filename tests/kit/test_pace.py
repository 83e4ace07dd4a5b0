"""Requests come first: what the work beside them is left, and how its time is measured."""

import asyncio

import pytest

from remotehandsd.kit.pace import COUNTED_SECONDS, LONGEST_REST, MOST_TIMES, REQUESTS_A_SECOND, Pace


class Now:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def rests(now: Now, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was rested, by a sleep that moves the clock."""
    rests: list[float] = []

    async def sleep(seconds: float) -> None:
        rests.append(seconds)
        now.at += seconds

    monkeypatch.setattr("remotehandsd.kit.pace.asyncio.sleep", sleep)
    return rests


def _press(pace: Pace, now: Now, rate: float) -> None:
    """Let requests come at this rate for long enough to be believed."""
    for _ in range(round(rate * COUNTED_SECONDS)):
        pace.came()
    now.at += COUNTED_SECONDS


async def _works(pace: Pace, now: Now, seconds: float) -> None:
    async def work() -> None:
        now.at += seconds

    await pace.measured(work())


async def test_nobody_is_waited_for_where_no_request_comes(now: Now, rests: list[float]) -> None:
    pace = Pace(now)
    for _ in range(5):
        await _works(pace, now, 3.0)
        await pace.give_way()
    assert rests == []


@pytest.mark.parametrize(
    ("rate", "times"), [(REQUESTS_A_SECOND, 1), (2 * REQUESTS_A_SECOND, 2), (100 * REQUESTS_A_SECOND, MOST_TIMES)]
)
async def test_the_more_requests_the_longer_it_rests(now: Now, rests: list[float], rate: float, times: float) -> None:
    pace = Pace(now)
    _press(pace, now, rate)
    await pace.give_way()
    assert rests == []
    await _works(pace, now, 0.1)
    await pace.give_way()
    assert sum(rests) == pytest.approx(0.1 * times)


async def test_no_rest_is_longer_than_the_longest(now: Now, rests: list[float]) -> None:
    pace = Pace(now)
    _press(pace, now, 100_000)
    await pace.give_way()
    await _works(pace, now, 0.4)
    await pace.give_way()
    assert sum(rests) == pytest.approx(LONGEST_REST)


async def test_when_requests_end_so_do_the_rests(now: Now, rests: list[float]) -> None:
    pace = Pace(now)
    _press(pace, now, 100_000)
    await pace.give_way()
    now.at += COUNTED_SECONDS
    await _works(pace, now, 0.1)
    await pace.give_way()
    assert rests == []


async def test_what_is_waited_for_does_not_count(now: Now, rests: list[float]) -> None:
    pace = Pace(now)
    _press(pace, now, REQUESTS_A_SECOND)
    await pace.give_way()
    answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    started = asyncio.Event()

    async def work() -> str:
        started.set()
        now.at += 0.01
        said = await answer
        now.at += 0.02
        return said

    working = asyncio.create_task(pace.measured(work()))
    await started.wait()
    now.at += 0.1
    answer.set_result("done")
    assert await working == "done"
    await pace.give_way()
    assert sum(rests) == pytest.approx(0.03)


async def test_work_is_what_it_would_be_unmeasured() -> None:
    pace = Pace()
    seen: list[str] = []

    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError("mine")

    async def is_cancelled() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def has_a_limit() -> str:
        try:
            async with asyncio.timeout(0.01):
                await asyncio.sleep(60)
        except TimeoutError:
            return "over"
        return "never"

    with pytest.raises(LookupError, match="mine"):
        await pace.measured(fails())
    task = asyncio.create_task(pace.measured(is_cancelled()))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cancelled"]
    assert await pace.measured(has_a_limit()) == "over"
