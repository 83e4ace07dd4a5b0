"""SQL about lists of an account's tickets: one page, and how many there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def page(act: Act, narrowed: str, values: dict[str, Any], *, way: str, size: int, skip: int) -> list[Row]:
    """Return one page of the account's tickets, newest first, walking along an index from the end that `way` names.

    `narrowed` is made of listing's fixed clauses. The walk needs the index alone; only the page's rows are fetched.
    """
    walked = f"""
        SELECT number
        FROM tickets
        WHERE account = :account
        {narrowed}
        ORDER BY created_at {way}, number {way}
        LIMIT :size OFFSET :skip
        """  # noqa: S608
    return await _rows(act, walked, values | {"size": size, "skip": skip})


async def gathered_page(
    act: Act, narrowed: str, values: dict[str, Any], *, way: str, size: int, skip: int
) -> list[Row]:
    """Return the same by gathering the kinds of tickets that fit, and sorting what they have: for few among many."""
    gathered = f"""
        SELECT k.number
        FROM (
            SELECT account, site, status, request_type, category
            FROM totals
            WHERE account = :account
            {narrowed}
            GROUP BY account, site, status, request_type, category
            HAVING SUM(tickets) > 0
        ) g
        CROSS JOIN tickets k
        WHERE k.account = g.account
        AND k.account = :account
        AND k.site = g.site
        AND k.status = g.status
        AND k.request_type = g.request_type
        AND k.category = g.category
        ORDER BY k.created_at {way}, k.number {way}
        LIMIT :size OFFSET :skip
        """  # noqa: S608
    return await _rows(act, gathered, values | {"size": size, "skip": skip})


KIND = """
SELECT number, created_at
FROM (
    SELECT number, created_at
    FROM tickets
    WHERE account = :account
    AND site = :site_{place}
    AND status = :status_{place}
    AND request_type = :request_type_{place}
    AND category = :category_{place}
    ORDER BY created_at {way}, number {way}
    LIMIT :steps
) kind_{place}
"""


async def page_of_kinds(act: Act, kinds: Sequence[Mapping[str, str]], *, way: str, size: int, skip: int) -> list[Row]:
    """Return one page of the tickets of a few kinds, from the ends of each: a kind is all that the totals know."""
    each = " UNION ALL ".join(KIND.format(place=place, way=way) for place in range(len(kinds)))
    merged = f"""
        SELECT number
        FROM ({each}) k
        ORDER BY created_at {way}, number {way}
        LIMIT :size OFFSET :skip
        """  # noqa: S608
    values = {f"{name}_{place}": value for place, kind in enumerate(kinds) for name, value in kind.items()}
    return await _rows(act, merged, values | {"steps": skip + size, "size": size, "skip": skip})


async def _rows(act: Act, found: str, values: dict[str, Any]) -> list[Row]:
    """Return the tickets whose numbers a statement finds, newest first."""
    return await act.tx.all(
        f"""
        SELECT t.number, t.title, t.status, t.site, t.location, t.category, t.request_type, t.created_at,
            t.updated_at, t.closed_at, t.created_by
        FROM ({found}) p
        CROSS JOIN tickets t
        WHERE t.number = p.number
        AND t.account = :account
        ORDER BY t.created_at DESC, t.number DESC
        """,  # noqa: S608
        account=act.account,
        **values,
    )


async def count(act: Act, narrowed: str, values: dict[str, Any]) -> int:
    """Return how many tickets of the account fit, by looking at each of them."""
    row = await act.tx.one(
        f"SELECT COUNT(*) FROM tickets WHERE account = :account {narrowed}",  # noqa: S608
        account=act.account,
        **values,
    )
    assert row is not None
    return int(row[0])


async def total(act: Act, narrowed: str, values: dict[str, Any]) -> tuple[int, int]:
    """Return the same from the kept totals, which know site, status, request type and category; and among how many.

    The kinds that fit are picked out of the account's, which are read anyway: one trip to the database for both.
    """
    row = await act.tx.one(
        f"""
        SELECT COALESCE(SUM(CASE WHEN account = :account {narrowed} THEN tickets ELSE 0 END), 0),
            COALESCE(SUM(tickets), 0)
        FROM totals
        WHERE account = :account
        """,  # noqa: S608
        account=act.account,
        **values,
    )
    assert row is not None
    return int(row[0]), int(row[1])


async def slices(act: Act, narrowed: str, values: dict[str, Any]) -> list[Row]:
    """Return how many tickets that fit were opened in each slice of time, newest first; empty ones are left out."""
    rows = await act.tx.all(
        f"""
        SELECT slice, SUM(tickets)
        FROM slices
        WHERE account = :account
        {narrowed}
        GROUP BY slice
        HAVING SUM(tickets) > 0
        ORDER BY slice DESC
        """,  # noqa: S608
        account=act.account,
        **values,
    )
    return [(row[0], int(row[1])) for row in rows]


async def statuses(act: Act) -> list[Row]:
    """Return how many tickets of the account stand where, from the kept totals."""
    rows = await act.tx.all(
        """
        SELECT status, SUM(tickets)
        FROM totals
        WHERE account = :account
        GROUP BY status
        HAVING SUM(tickets) > 0
        """,
        account=act.account,
    )
    return [(row[0], int(row[1])) for row in rows]


async def days(act: Act, *, since: int) -> list[Row]:
    """Return how many tickets the account opened on each day since then, in an index alone; days are counted from 1970.

    A day on which none was opened is left out.
    """
    return await act.tx.all(
        """
        SELECT created_at / 86400, COUNT(*)
        FROM tickets
        WHERE account = :account
        AND created_at >= :since
        GROUP BY created_at / 86400
        """,
        account=act.account,
        since=since,
    )


async def titles(act: Act, numbers: Iterable[int]) -> list[Row]:
    """Return number, title and status of some of the account's tickets."""
    values = {f"ticket_{place}": number for place, number in enumerate(numbers)}
    return await act.tx.all(
        f"""
        SELECT number, title, status
        FROM tickets
        WHERE number IN ({", ".join(":" + name for name in values)})
        AND account = :account
        """,  # noqa: S608
        account=act.account,
        **values,
    )
