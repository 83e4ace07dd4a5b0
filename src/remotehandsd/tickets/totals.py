"""The kept totals and the truth: what `remotehandsd totals` compares."""

from typing import Any

import msgspec

from remotehandsd.act import Act
from remotehandsd.kit.db import Row
from remotehandsd.tickets import queue


class WrongTotal(msgspec.Struct, frozen=True):
    """A kept total that is not how many tickets there are.

    `account` is the internal key; `slice` is the slice of time for which it was kept, None for all time.
    """

    account: int
    site: str
    status: str
    request_type: str
    category: str
    kept: int
    there: int
    slice: int | None = None


async def wrong_totals(act: Act) -> list[WrongTotal]:
    """Return every kept total, of all accounts, that differs from the tickets that are there at this moment."""
    return [*map(_wrong, await queue.wrong_totals(act)), *map(_wrong, await queue.wrong_slices(act))]


def _wrong(row: Row) -> WrongTotal:
    account, site, status, request_type, category, kept, there, *when = row
    return WrongTotal(account, site, status, request_type, category, int(kept), int(there), when[0] if when else None)


async def mend_totals(act: Act) -> list[WrongTotal]:
    """Put the kept totals right and return those that were wrong. What is changed meanwhile counts on top."""
    await act.tx.hold("totals")
    wrong = await wrong_totals(act)
    await queue.mend_totals(act, [_change(total) for total in wrong])
    return wrong


def _change(total: WrongTotal) -> dict[str, Any]:
    difference = total.there - total.kept
    return {
        "account": total.account,
        "slice": total.slice or 0,
        "site": total.site,
        "status": total.status,
        "request_type": total.request_type,
        "category": total.category,
        "tickets": difference if total.slice is None else 0,
        "sliced": 0 if total.slice is None else difference,
    }
