"""The desk's statements over all accounts: it serves everybody. All name the environment, and the sites of who asks."""

from typing import Any

from remotehandsd.act import Act, Environment
from remotehandsd.kit.db import Row, Tx
from remotehandsd.tickets.queue import at_his_sites


async def page(act: Act, narrowed: str, values: dict[str, Any], *, size: int, skip: int) -> list[Row]:
    """Return one page of the open tickets: urgent first, then the oldest, along an index of their own.

    `Urgent Work` is the last of the request types in the order of the alphabet.
    """
    sites, codes = at_his_sites(act)
    return await act.tx.all(
        f"""
        SELECT t.number, t.title, t.status, t.site, t.location, t.category, t.request_type, t.created_at,
            t.updated_at, t.closed_at, t.created_by, m.id, a.id, COALESCE(s.name, ''),
            a.name
        FROM (
            SELECT t.number
            FROM tickets t
            WHERE t.environment = :environment
            AND t.status IN ('New', 'In Progress', 'Cancellation Requested')
            {narrowed}
            {sites}
            ORDER BY t.request_type DESC, t.created_at, t.number
            LIMIT :size OFFSET :skip
        ) p
        CROSS JOIN tickets t
        JOIN accounts a ON a.key = t.account
        JOIN master_accounts m ON m.key = a.master
        LEFT JOIN staff s ON s.key = t.assigned_to
        WHERE t.number = p.number
        ORDER BY t.request_type DESC, t.created_at, t.number
        """,  # noqa: S608 - clauses are the queue's
        environment=str(act.by.environment),
        size=size,
        skip=skip,
        **values,
        **codes,
    )


async def count(act: Act, narrowed: str, values: dict[str, Any]) -> int:
    """Return how many open tickets fit, by looking at each of them: there are never many."""
    sites, codes = at_his_sites(act)
    row = await act.tx.one(
        f"""
        SELECT COUNT(*)
        FROM tickets t
        WHERE t.environment = :environment
        AND t.status IN ('New', 'In Progress', 'Cancellation Requested')
        {narrowed}
        {sites}
        """,  # noqa: S608
        environment=str(act.by.environment),
        **values,
        **codes,
    )
    assert row is not None
    return int(row[0])


async def kinds(act: Act) -> list[Row]:
    """Return how many open tickets there are of each site, status, request type and who has them."""
    sites, codes = at_his_sites(act)
    return await act.tx.all(
        f"""
        SELECT c.site, c.status, c.request_type, COALESCE(s.name, ''), c.tickets
        FROM (
            SELECT t.site, t.status, t.request_type, t.assigned_to, COUNT(*) AS tickets
            FROM tickets t
            WHERE t.environment = :environment
            AND t.status IN ('New', 'In Progress', 'Cancellation Requested')
            {sites}
            GROUP BY t.site, t.status, t.request_type, t.assigned_to
        ) c
        LEFT JOIN staff s ON s.key = c.assigned_to
        ORDER BY c.site, c.status, c.request_type, s.name
        """,  # noqa: S608
        environment=str(act.by.environment),
        **codes,
    )


async def seconds_to_complete(tx: Tx, environment: Environment, *, since: int, most: int) -> list[Row]:
    """Return the median of the seconds from opening to completion, by request type and category, and of how many.

    Of the newest tickets opened since then: what is usual is learned from everybody's.
    """
    return await tx.all(
        """
        SELECT m.request_type, m.category, m.seconds, m.tickets
        FROM (
            SELECT r.request_type, r.category, r.seconds,
                ROW_NUMBER() OVER (PARTITION BY r.request_type, r.category ORDER BY r.seconds) AS place,
                COUNT(*) OVER (PARTITION BY r.request_type, r.category) AS tickets
            FROM (
                SELECT t.request_type, t.category, t.closed_at - t.created_at AS seconds
                FROM tickets t
                WHERE t.environment = :environment
                AND t.created_at >= :since
                AND t.status = 'Completed'
                ORDER BY t.created_at DESC, t.number DESC
                LIMIT :most
            ) r
        ) m
        WHERE m.place = (m.tickets + 1) / 2
        """,
        environment=str(environment),
        since=since,
        most=most,
    )


async def seconds_to_start(tx: Tx, environment: Environment, *, since: int, most: int) -> list[Row]:
    """Return the same of the seconds from opening to the start of the work."""
    return await tx.all(
        """
        SELECT m.request_type, m.category, m.seconds, m.tickets
        FROM (
            SELECT r.request_type, r.category, r.seconds,
                ROW_NUMBER() OVER (PARTITION BY r.request_type, r.category ORDER BY r.seconds) AS place,
                COUNT(*) OVER (PARTITION BY r.request_type, r.category) AS tickets
            FROM (
                SELECT n.request_type, n.category, e.happened_at - n.created_at AS seconds
                FROM (
                    SELECT t.number, t.account, t.request_type, t.category, t.created_at
                    FROM tickets t
                    WHERE t.environment = :environment
                    AND t.created_at >= :since
                    AND t.status <> 'New'
                    ORDER BY t.created_at DESC, t.number DESC
                    LIMIT :most
                ) n
                JOIN events e ON e.ticket = n.number AND e.account = n.account
                WHERE e.type = 'ticket.started'
            ) r
        ) m
        WHERE m.place = (m.tickets + 1) / 2
        """,
        environment=str(environment),
        since=since,
        most=most,
    )


async def usual(tx: Tx, environment: Environment) -> list[Row]:
    """Return what was learned last: request type, category, seconds to the start, seconds to completion."""
    return await tx.all(
        """
        SELECT request_type, category, to_start, to_complete
        FROM usual_times
        WHERE environment = :environment
        """,
        environment=str(environment),
    )


async def forget_usual(tx: Tx, environment: Environment) -> None:
    """Remove what was learned before."""
    await tx.run("DELETE FROM usual_times WHERE environment = :environment", environment=str(environment))


async def keep_usual(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Keep what was learned."""
    await tx.run_many(
        """
        INSERT INTO usual_times (environment, request_type, category, to_start, to_complete)
        VALUES (:environment, :request_type, :category, :to_start, :to_complete)
        """,
        rows,
    )
