"""The few statements that cross accounts, each with its reason; all name the environment."""

from typing import Any

from remotehandsd.act import Act, Environment
from remotehandsd.kit.db import Row, Tx

NARROWED = {
    "site": "AND t.site = :site",
    "status": "AND t.status = :status",
    "request_type": "AND t.request_type = :request_type",
    "category": "AND t.category = :category",
    "created_by": "AND t.created_by = :created_by",
    "account_id": "AND t.account = (SELECT key FROM accounts WHERE environment = :environment AND id = :account_id)",
    "assigned_to": """AND t.assigned_to IN (
        SELECT key FROM staff WHERE environment = :environment AND name = :assigned_to
    )""",
    "held_by": "AND t.assigned_to = :held_by",
}
AMONG_OPEN = "AND t.status IN ('New', 'In Progress', 'Cancellation Requested')"
"""Said beside the status of open tickets: they have an index of their own."""
UNASSIGNED = {True: "AND t.assigned_to IS NULL", False: "AND t.assigned_to IS NOT NULL"}


NAMES_AT_ONCE = 500


def at_his_sites(act: Act) -> tuple[str, dict[str, Any]]:
    """Narrow a statement to the sites that a staff member is bound to."""
    if act.by.sites is None:
        return "", {}
    values = {f"site_{place}": code for place, code in enumerate(sorted(act.by.sites))}
    return f"AND t.site IN ({', '.join(':' + name for name in values)})", values


async def whose(act: Act, number: int | None) -> Row | None:
    """Return account and site of a ticket: a staff member acts on whatever account's ticket he is sent to."""
    return await act.tx.one(
        "SELECT account, site FROM tickets WHERE number = :number AND environment = :environment",
        number=number,
        environment=str(act.by.environment),
    )


async def card(act: Act, number: int) -> Row | None:
    """Return ids and names of master account and account, and who has it, by name: what only the desk is shown."""
    return await act.tx.one(
        """
        SELECT m.id, a.id, s.name, m.name, a.name
        FROM tickets t
        JOIN accounts a ON a.key = t.account
        JOIN master_accounts m ON m.key = a.master
        LEFT JOIN staff s ON s.key = t.assigned_to
        WHERE t.number = :number
        AND t.environment = :environment
        """,
        number=number,
        environment=str(act.by.environment),
    )


async def running(act: Act) -> Row | None:
    """Return account and ticket on which a staff member's time runs: it may be on anybody's."""
    return await act.tx.one(
        """
        SELECT e.account, e.ticket
        FROM time_entries e
        JOIN tickets t ON t.number = e.ticket
        WHERE e.staff = :staff
        AND e.ended_at IS NULL
        AND t.environment = :environment
        """,
        staff=act.by.staff,
        environment=str(act.by.environment),
    )


async def page(act: Act, narrowed: str, values: dict[str, Any], *, way: str, size: int, skip: int) -> list[Row]:
    """Return one page of the queue over all accounts, newest first, walked to from the end that `way` names.

    The desk serves everybody.
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
            {narrowed}
            {sites}
            ORDER BY t.created_at {way}, t.number {way}
            LIMIT :size OFFSET :skip
        ) p
        CROSS JOIN tickets t
        JOIN accounts a ON a.key = t.account
        JOIN master_accounts m ON m.key = a.master
        LEFT JOIN staff s ON s.key = t.assigned_to
        WHERE t.number = p.number
        ORDER BY t.created_at DESC, t.number DESC
        """,  # noqa: S608 - clauses are listing's and the ones above
        environment=str(act.by.environment),
        size=size,
        skip=skip,
        **values,
        **codes,
    )


async def count(act: Act, narrowed: str, values: dict[str, Any]) -> int:
    """Return how many tickets of the queue fit, by looking at each of them."""
    sites, codes = at_his_sites(act)
    row = await act.tx.one(
        f"""
        SELECT COUNT(*)
        FROM tickets t
        WHERE t.environment = :environment
        {narrowed}
        {sites}
        """,  # noqa: S608
        environment=str(act.by.environment),
        **values,
        **codes,
    )
    assert row is not None
    return int(row[0])


async def total(act: Act, narrowed: str, values: dict[str, Any]) -> int:
    """Return the same from the kept totals, which know account, site, status, request type and category."""
    sites, codes = at_his_sites(act)
    row = await act.tx.one(
        f"""
        SELECT COALESCE(SUM(t.tickets), 0)
        FROM accounts a
        CROSS JOIN totals t
        WHERE a.environment = :environment
        AND t.account = a.key
        {narrowed}
        {sites}
        """,  # noqa: S608
        environment=str(act.by.environment),
        **values,
        **codes,
    )
    assert row is not None
    return int(row[0])


async def by_status(tx: Tx, environment: Environment) -> dict[str, int]:
    """Return how many tickets stand where: the front page shows the playground's."""
    rows = await tx.all(
        """
        SELECT t.status, SUM(t.tickets)
        FROM totals t
        JOIN accounts a ON a.key = t.account
        WHERE a.environment = :environment
        GROUP BY t.status
        """,
        environment=str(environment),
    )
    return {status: int(tickets) for status, tickets in rows}


async def open_by_status(tx: Tx) -> list[Row]:
    """Return environment, status and number of the open tickets: the operator's metrics count everybody's."""
    return await tx.all(
        """
        SELECT environment, status, COUNT(*)
        FROM tickets
        WHERE status IN ('New', 'In Progress', 'Cancellation Requested')
        GROUP BY environment, status
        """
    )


async def waiting_for(act: Act, staff: int, *, before: int, most: int) -> list[Row]:
    """Return open tickets that nobody else has and that rest since `before`: the robot takes up everybody's.

    Each with its status, title, and whether this staff member has written on it.
    """
    return await act.tx.all(
        """
        SELECT t.number, t.status, t.title, EXISTS (
            SELECT 1
            FROM events e
            WHERE e.ticket = t.number
            AND e.account = t.account
            AND e.type = 'ticket.commented'
            AND e.staff = :staff
        )
        FROM tickets t
        WHERE t.environment = :environment
        AND t.status IN ('New', 'In Progress', 'Cancellation Requested')
        AND t.updated_at <= :before
        AND COALESCE(t.assigned_to, :staff) = :staff
        ORDER BY t.updated_at
        LIMIT :most
        """,
        environment=str(act.by.environment),
        staff=staff,
        before=before,
        most=most,
    )


async def named_files(tx: Tx, names: list[str]) -> set[str]:
    """Return which of these stored names a row knows: the sweep looks at every environment's files."""
    found: set[str] = set()
    for first in range(0, len(names), NAMES_AT_ONCE):
        values = {f"name_{place}": name for place, name in enumerate(names[first : first + NAMES_AT_ONCE])}
        rows = await tx.all(
            f"SELECT file FROM attachments WHERE file IN ({', '.join(':' + value for value in values)})",  # noqa: S608
            **values,
        )
        found.update(row[0] for row in rows)
    return found


async def names_any_file(tx: Tx) -> bool:
    """Tell whether any row knows a file: the sweep asks, lest a wrong database take all files for nobody's."""
    return await tx.one("SELECT 1 FROM attachments LIMIT 1") is not None


async def all_files(tx: Tx) -> list[str]:
    """Return every stored name: a backup copies every environment's files."""
    return [row[0] for row in await tx.all("SELECT file FROM attachments ORDER BY key")]


async def wrong_totals(act: Act) -> list[Row]:
    """Return account, site, status, request type, category, kept total and truth where they differ, of all accounts.

    One statement, one moment. The operator looks after everybody's totals.
    """
    return await act.tx.all(
        """
        SELECT c.account, c.site, c.status, c.request_type, c.category, SUM(c.kept), SUM(c.there)
        FROM (
            SELECT account, site, status, request_type, category, tickets AS kept, 0 AS there
            FROM totals
            UNION ALL
            SELECT account, site, status, request_type, category, 0, COUNT(*)
            FROM tickets
            GROUP BY account, site, status, request_type, category
        ) c
        GROUP BY c.account, c.site, c.status, c.request_type, c.category
        HAVING SUM(c.kept) <> SUM(c.there)
        ORDER BY c.account, c.site, c.status, c.request_type, c.category
        """
    )


async def wrong_slices(act: Act) -> list[Row]:
    """Return the same of the totals by slices of time, with the slice at the end."""
    return await act.tx.all(
        """
        SELECT c.account, c.site, c.status, c.request_type, c.category, SUM(c.kept), SUM(c.there), c.slice
        FROM (
            SELECT account, slice, site, status, request_type, category, tickets AS kept, 0 AS there
            FROM slices
            UNION ALL
            SELECT account, created_at >> 20, site, status, request_type, category, 0, COUNT(*)
            FROM tickets
            GROUP BY account, created_at >> 20, site, status, request_type, category
        ) c
        GROUP BY c.account, c.slice, c.site, c.status, c.request_type, c.category
        HAVING SUM(c.kept) <> SUM(c.there)
        ORDER BY c.account, c.slice, c.site, c.status, c.request_type, c.category
        """
    )


async def mend_totals(act: Act, changes: list[dict[str, Any]]) -> None:
    """Note changes to the kept totals, of any accounts."""
    await act.tx.run_many(
        """
        INSERT INTO total_changes (account, slice, site, status, request_type, category, tickets, sliced)
        VALUES (:account, :slice, :site, :status, :request_type, :category, :tickets, :sliced)
        """,
        changes,
    )
