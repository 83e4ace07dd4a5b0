"""A stretch of time as people say it: by minutes, by its ends, or by one end and minutes."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from remotehandsd.errors import Fault
from remotehandsd.tickets.fields import missing, refuse, wrong

SPAN = ("minutes", "began_at", "ended_at")
LONGEST_MINUTES = 24 * 60
"""Longest stretch that can be said: what is longer is a slip of the pen. A clock may have run longer."""


class Span(msgspec.Struct, frozen=True):
    """From when to when, in seconds since 1970, UTC; without an end it goes on."""

    began_at: int
    ended_at: int | None


def checked_span(given: Mapping[str, Any], *, now: int, least: int, kept: Span | None = None) -> Span:
    """Return the stretch that is given by some of `minutes`, `began_at` and `ended_at`.

    What is not given is that of `kept`; without an end, minutes are counted back from now. Invalid for all three at
    once, for too little, for a stretch that ends before it begins, lies in the future, or is longer than 24 hours.
    """
    refuse(_faults_of_each(given, least))
    minutes, began_at, ended_at = (given.get(name) for name in SPAN)
    minutes = minutes if minutes is None else int(minutes)
    if minutes is not None and began_at is not None:
        ended_at = began_at + 60 * minutes
    elif minutes is not None:
        ended_at = ended_at or (kept and kept.ended_at) or now
        began_at = ended_at - 60 * minutes
    elif kept is not None:
        began_at = kept.began_at if began_at is None else began_at
        ended_at = kept.ended_at if ended_at is None else ended_at
    refuse(_faults_together(began_at, ended_at, now, may_go_on=kept is not None))
    assert began_at is not None
    return Span(began_at, ended_at)


def faults_of_minutes(minutes: Any, least: int) -> Iterator[Fault]:
    """Yield what is wrong with a number of minutes that was given."""
    is_whole = isinstance(minutes, int | float) and not isinstance(minutes, bool) and minutes == int(minutes)
    if minutes is not None and not (is_whole and least <= minutes <= LONGEST_MINUTES):
        yield wrong("minutes", f"Whole minutes from {least} to {LONGEST_MINUTES} are possible.")


def _faults_of_each(given: Mapping[str, Any], least: int) -> Iterator[Fault]:
    yield from faults_of_minutes(given.get("minutes"), least)
    for end in ("began_at", "ended_at"):
        if given.get(end) is not None and not isinstance(given[end], int):
            yield wrong(end, "A time is written yyyy-MM-dd HH:mm:ss, in UTC.")
    if all(given.get(name) is not None for name in SPAN):
        yield wrong("minutes", "Two of from, to and minutes are enough.")


def _faults_together(began_at: int | None, ended_at: int | None, now: int, *, may_go_on: bool) -> Iterator[Fault]:
    if began_at is None or (ended_at is None and not may_go_on):
        yield missing("minutes")
        return
    end = now if ended_at is None else ended_at
    if end > now or began_at > now:
        yield wrong("ended_at" if ended_at is not None else "began_at", "This lies in the future.")
    elif began_at > end:
        yield wrong("ended_at", "It ends before it begins.")
    elif ended_at is not None and end - began_at > 60 * LONGEST_MINUTES:
        yield wrong("ended_at", f"At most {LONGEST_MINUTES} minutes are possible.")
