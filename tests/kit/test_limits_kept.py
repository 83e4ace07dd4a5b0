"""How often something may be done: counted in little room, whatever is counted."""

from remotehandsd.kit.limits import LONGEST_KEY, Limits, Rate

RATE = Rate(2, 60)


def test_so_many_at_once_and_then_one_after_the_other() -> None:
    now = 0.0
    limits = Limits(lambda: now)
    assert [limits.take("a", RATE) for _ in range(2)] == [0.0, 0.0]
    assert limits.take("a", RATE) == 60
    assert limits.take("b", RATE) == 0.0
    now = 61.0
    assert limits.take("a", RATE) == 0.0


def test_a_long_key_takes_little_room_and_is_itself() -> None:
    limits = Limits(lambda: 0.0)
    long, other = "x" * 1_000_000, "x" * 999_999 + "y"
    assert [limits.take(long, RATE) for _ in range(2)] == [0.0, 0.0]
    assert limits.take(long, RATE) > 0
    assert limits.take(other, RATE) == 0.0
    limits.give_back(long, RATE)
    assert limits.take(long, RATE) == 0.0
    assert limits.take("\ud800" * 1000, RATE) == 0.0
    assert all(len(key) <= LONGEST_KEY for key in limits._left)
