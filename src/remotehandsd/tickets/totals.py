"""The kept totals and the truth: what `remotehandsd totals` compares."""

import msgspec

from remotehandsd.act import Act
from remotehandsd.tickets import queue


class WrongTotal(msgspec.Struct, frozen=True):
    """A kept total that is not how many tickets there are. `account` is the internal key."""

    account: int
    site: str
    status: str
    request_type: str
    category: str
    kept: int
    there: int


async def wrong_totals(act: Act) -> list[WrongTotal]:
    """Return every kept total, of all accounts, that differs from the tickets that are there at this moment."""
    return [
        WrongTotal(account, site, status, request_type, category, int(kept), int(there))
        for account, site, status, request_type, category, kept, there in await queue.wrong_totals(act)
    ]


async def mend_totals(act: Act) -> list[WrongTotal]:
    """Put the kept totals right and return those that were wrong. What is changed meanwhile counts on top."""
    await act.tx.hold("totals")
    wrong = await wrong_totals(act)
    await queue.mend_totals(
        act,
        [
            {
                "account": total.account,
                "site": total.site,
                "status": total.status,
                "request_type": total.request_type,
                "category": total.category,
                "tickets": total.there - total.kept,
            }
            for total in wrong
        ],
    )
    return wrong
