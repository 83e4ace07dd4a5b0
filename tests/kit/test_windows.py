"""So many in so many seconds, in bounded memory."""

import tracemalloc

import pytest

from remotehandsd.kit.windows import Left, Limit, Windows

LIMIT = Limit(3, 60)


class Hand:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_so_many_and_no_more(hand: Hand) -> None:
    limiter = Windows(LIMIT, hand, keys=10)
    assert limiter.look("a") == Left(LIMIT, 3, 60, False)
    assert [limiter.count("a") for _ in range(3)] == [Left(LIMIT, left, 60, False) for left in (2, 1, 0)]
    assert limiter.look("a") == Left(LIMIT, 0, 60, True)
    hand.at += 30.5
    assert limiter.count("a") == Left(LIMIT, 0, 30, True)
    assert limiter.count("b") == Left(LIMIT, 2, 60, False), "others are not touched"
    hand.at += 29.4
    assert limiter.count("a") == Left(LIMIT, 0, 1, True)
    hand.at += 0.1
    assert limiter.count("a") == Left(LIMIT, 2, 60, False), "a window that was exceeded is no longer than another"


def test_a_clock_that_is_set_back_shuts_nobody_out(hand: Hand) -> None:
    limiter = Windows(LIMIT, hand, keys=10)
    for _ in range(5):
        limiter.count("a")
    hand.at -= 100_000
    assert not limiter.look("a").is_over
    assert limiter.count("a").number == 2
    assert limiter.count("a").number == 1


def test_keys_are_their_parts(hand: Hand) -> None:
    limiter = Windows(LIMIT, hand, keys=10)
    limiter.count("a", "b c")
    assert limiter.look("a b", "c").number == 3
    assert limiter.look("a", "b c").number == 2


def test_what_is_over_is_forgotten_and_the_oldest_go_first(hand: Hand) -> None:
    limiter = Windows(LIMIT, hand, keys=10)
    for number in range(10):
        limiter.count(number)
        hand.at += 1
    limiter.count(0)
    assert len(limiter) == 10
    limiter.count("new")
    assert len(limiter) == 10
    assert limiter.look(0).number == 3, "the oldest made room"
    assert limiter.look(1).number == 2
    hand.at += 100
    limiter.count("another")
    assert len(limiter) == 1


def test_an_attack_with_made_up_names_takes_so_much_memory_and_no_more(hand: Hand) -> None:
    limiter = Windows(LIMIT, hand, keys=50_000)
    tracemalloc.start()
    try:
        for number in range(150_000):
            limiter.count(f"{number:064}", "192.0.2.1")
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(limiter) == 50_000
    assert used < 12_000_000
