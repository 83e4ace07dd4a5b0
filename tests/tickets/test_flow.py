"""The table of moves: every status x every move (contract.md section 14)."""

import pytest

from remotehandsd.errors import WrongMoment
from remotehandsd.tickets.flow import MOVES, Stand, Status, after

NEW, DOING, ASKED, DONE, OFF = Status
WHILE_OPEN = ("comment", "attach", "assign", "start_time")
ALWAYS = ("note", "book_time")
ALLOWED = {
    ("start", NEW, None): DOING,
    ("complete", DOING, None): DONE,
    ("complete", ASKED, DOING): DONE,
    ("request_cancellation", NEW, None): ASKED,
    ("request_cancellation", DOING, None): ASKED,
    ("grant_cancellation", ASKED, NEW): OFF,
    ("grant_cancellation", ASKED, DOING): OFF,
    ("refuse_cancellation", ASKED, NEW): NEW,
    ("refuse_cancellation", ASKED, DOING): DOING,
    ("cancel", NEW, None): OFF,
    ("cancel", DOING, None): OFF,
    **{("edit", status, None): status for status in (NEW, DOING)},
    **{(move, status, None): status for move in WHILE_OPEN for status in (NEW, DOING)},
    **{(move, ASKED, before): ASKED for move in (*WHILE_OPEN, *ALWAYS) for before in (NEW, DOING)},
    **{(move, status, None): status for move in ALWAYS for status in (NEW, DOING, DONE, OFF)},
}
STANDS = [
    (NEW, None),
    (DOING, None),
    (ASKED, NEW),
    (ASKED, DOING),
    (DONE, None),
    (DONE, DOING),
    (OFF, None),
    (OFF, NEW),
]


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize(("status", "before"), STANDS)
def test_every_move_from_every_status(move: str, status: Status, before: Status | None) -> None:
    expected = ALLOWED.get((move, status, before if status is ASKED else None))
    if expected is None:
        with pytest.raises(WrongMoment) as refusal:
            after(move, Stand(status, before))
        assert refusal.value.status == status
    else:
        assert after(move, Stand(status, before)) is expected


def test_the_test_knows_every_move() -> None:
    assert {move for move, _, _ in ALLOWED} == set(MOVES)
