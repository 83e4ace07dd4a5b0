"""Who is told of what, by the events alone."""

from itertools import pairwise
from typing import Any

import pytest

from remotehandsd.events import Told
from remotehandsd.notices import audience as module
from remotehandsd.notices.audience import audience, listed_by

ADDRESSES = {1: "ada@example.com", 2: "bob@example.com"}
LISTED = "bob@example.com, Carl@elsewhere.example"


def _event(type_: str, *, user: int | None = None, before: str | None = None, after: str | None = None) -> Told:
    lists: list[dict[str, Any]] = [{} if text is None else {"recipients": text} for text in (before, after)]
    return Told(1, 1, "playground", 1, 1, type_, "Somebody", user, None, 0, *lists)


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        ([_event("ticket.created", user=1)], ["ada@example.com", "bob@example.com", "Carl@elsewhere.example"]),
        ([_event("ticket.commented", user=1)], ["bob@example.com", "Carl@elsewhere.example"]),
        ([_event("ticket.commented", user=2)], ["ada@example.com", "Carl@elsewhere.example"]),
        (
            [_event("ticket.commented", user=1), _event("ticket.commented", user=2)],
            ["ada@example.com", "bob@example.com", "Carl@elsewhere.example"],
        ),
        ([_event("ticket.started")], ["ada@example.com", "bob@example.com", "Carl@elsewhere.example"]),
        ([_event("ticket.updated", user=1, before="bob@example.com", after=LISTED)], ["Carl@elsewhere.example"]),
        ([_event("ticket.updated", user=1)], []),
    ],
)
def test_whom_it_concerns(happened: list[Told], told: list[str]) -> None:
    assert audience(happened, "ada@example.com", LISTED, ADDRESSES) == told


def test_who_put_somebody_on_the_list() -> None:
    first = _event("ticket.updated", user=1, before="", after="bob@example.com")
    second = _event("ticket.updated", user=2, before="bob@example.com", after=LISTED)
    assert listed_by([first, second], "carl@elsewhere.example") is second
    assert listed_by([first, second], "bob@example.com") is first
    assert listed_by([first, second], "eve@example.com") is None
    off_and_on = [second, _event("ticket.updated", before=LISTED, after="bob@example.com")]
    assert listed_by(off_and_on, "carl@elsewhere.example") is None


def test_a_long_list_that_changes_often_is_not_read_for_each_address(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    split = module.split_recipients
    monkeypatch.setattr(module, "split_recipients", lambda text: read.append(text) or split(text))
    long = ",".join(f"a{number}@example.com" for number in range(1000))
    lists = ["a0@example.com", *(f"{long},x{number}@example.com" for number in range(200))]
    happened = [_event("ticket.updated", user=1, before=before, after=after) for before, after in pairwise(lists)]
    assert len(audience(happened, "ada@example.com", lists[-1], ADDRESSES)) == 1000
    assert len(read) <= 3
    assert listed_by(happened, "x199@example.com") is happened[-1]
    assert len(read) <= 3 + 2 * (module.LOOKED_AT + 2)
