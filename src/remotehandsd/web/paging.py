"""Page, size and filters of a list, as the family asks for them."""

import re

from remotehandsd.tickets import Category, RequestType, Status
from remotehandsd.web.call import Call

DEFAULT_SIZE = 25
LARGEST_SIZE = 1000
LAST_PAGE = 2_147_483_647
CLOSED = {
    "status": frozenset(map(str, Status)),
    "requestType": frozenset(map(str, RequestType)),
    "category": frozenset(map(str, Category)),
}
"""Filters that take one of a few values only."""

_DIGITS = re.compile(r"[0-9]{1,10}", re.ASCII)


def whole(text: str | None, default: int, least: int, most: int) -> int | None:
    """Return a number from a query parameter, the default without one, None for what cannot be."""
    if text is None:
        return default
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        return None
    return int(text)


def _must_be(name: str, least: int, most: int) -> tuple[str, str]:
    # "a integer": the family's own words.
    return (
        name,
        f"Query parameter '{name}' must be a integer and value has to be between '{least}' and '{most}'.",
    )


def asked_page(call: Call) -> tuple[int, int, list[tuple[str, str]]]:
    """Return size and page number, and name and message of each that cannot be (contract.md section 10)."""
    size = whole(call.asked("size"), DEFAULT_SIZE, 1, LARGEST_SIZE)
    number = whole(call.asked("page"), 0, 0, LAST_PAGE)
    faults = []
    if size is None:
        faults.append(_must_be("size", 1, LARGEST_SIZE))
    if number is None:
        faults.append(_must_be("page", 0, LAST_PAGE))
    return size or DEFAULT_SIZE, number or 0, faults


def asked_filters(call: Call, *names: str) -> dict[str, str | None]:
    """Return the filters that are asked for, by their wire names; an empty one is not given."""
    return {name: call.asked(name) for name in names}


def wrong_enums(asked: dict[str, str | None]) -> list[str]:
    """Return the names of the filters whose value is none of their closed set."""
    return [name for name, values in CLOSED.items() if asked.get(name) is not None and asked[name] not in values]
