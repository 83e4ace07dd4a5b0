"""SQL about one ticket of an account, and what is written on it."""

from collections.abc import Sequence
from typing import Any

from remotehandsd.act import Act
from remotehandsd.errors import LostRace, NotFound
from remotehandsd.kit.db import Row
from remotehandsd.tickets.flow import Status
from remotehandsd.tickets.ticket import Comment, Ticket


async def get(act: Act, number: int | None) -> Ticket:
    """Return a ticket of the act's account without its comments; NotFound for anybody else's."""
    row = await act.tx.one(
        """
        SELECT number, account, title, status, status_before, site, location, request_type, category, instruction,
            customer_reference, reference_ticket, cancel_reason, recipients, created_by, created_at, updated_at,
            closed_at, assigned_to
        FROM tickets
        WHERE number = :number
        AND account = :account
        """,
        number=number,
        account=act.account,
    )
    if row is None:
        raise NotFound("There is no such ticket.")
    return _ticket(row)


def _ticket(row: Row, comments: tuple[Comment, ...] = ()) -> Ticket:
    number, account, title, status, before, *rest = row
    rest.append(comments)
    return Ticket(number, account, title, Status(status), Status(before) if before else None, *rest)


async def get_with_comments(act: Act, number: int | None) -> Ticket:
    """Return a ticket of the act's account with what the customer may read on it; NotFound for anybody else's.

    One statement sees one moment: the first row is the ticket, each other one a comment in four of its columns.
    """
    rows = await act.tx.all(
        """
        SELECT 0 AS place, number, account, title, status, status_before, site, location, request_type, category,
            instruction, customer_reference, reference_ticket, cancel_reason, recipients, created_by, created_at,
            updated_at, closed_at, assigned_to
        FROM tickets
        WHERE number = :number
        AND account = :account
        UNION ALL
        SELECT key, written_at, internal, body, written_by, NULL, NULL, NULL, NULL, NULL,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            NULL, NULL, NULL
        FROM comments
        WHERE ticket = :number
        AND account = :account
        AND internal = :internal
        ORDER BY place
        """,
        number=number,
        account=act.account,
        internal=0,
    )
    if not rows or rows[0][0] != 0:
        raise NotFound("There is no such ticket.")
    comments = tuple(Comment(row[3], row[4], row[1], internal=False) for row in rows[1:])
    return _ticket(rows[0][1:], comments)


async def add(act: Act, values: dict[str, Any]) -> int | None:
    """Add a new ticket to the act's account and return its number; None when the account does not have the site.

    Whether it has it is asked in the same statement, which saves every opening a trip to the database.
    """
    row = await act.tx.one(
        """
        INSERT INTO tickets
            (environment, account, title, status, site, location, request_type, category, instruction,
            customer_reference, reference_ticket, recipients, created_by, created_at, updated_at)
        SELECT
            :environment, :account, :title, :status, s.code, :location, :request_type, :category, :instruction,
            :customer_reference, :reference_ticket, :recipients, :created_by, :at, :at
        FROM sites s
        JOIN account_sites l ON l.site = s.key
        WHERE s.environment = :environment
        AND s.code = :site
        AND l.account = :account
        AND s.retired = 0
        RETURNING number
        """,
        environment=str(act.by.environment),
        account=act.account,
        created_by=act.by.name,
        at=act.at,
        **values,
    )
    return int(row[0]) if row else None


FABRICATED = [
    "number",
    "environment",
    "account",
    "title",
    "status",
    "status_before",
    "site",
    "location",
    "request_type",
    "category",
    "instruction",
    "customer_reference",
    "reference_ticket",
    "cancel_reason",
    "recipients",
    "created_by",
    "created_at",
    "updated_at",
    "closed_at",
]
"""The columns of a ticket that is written with all its values."""


async def add_many(act: Act, tickets: Sequence[dict[str, Any]]) -> None:
    """Add tickets with the numbers and all the values given, each to its own account."""
    await act.tx.add_rows("tickets", FABRICATED, [[ticket[column] for column in FABRICATED] for ticket in tickets])


async def hold(act: Act, number: int | None) -> bool:
    """Let nobody else change a ticket until the act ends, and wait for who is changing it; tell whether it is there.

    Nothing of it changes; a row that was written to is its writer's, on every engine.
    """
    touched = await act.tx.run(
        """
        UPDATE tickets
        SET updated_at = updated_at
        WHERE number = :number
        AND account = :account
        """,
        number=number,
        account=act.account,
    )
    return touched == 1


SET = {"updated_at": "updated_at = CASE WHEN updated_at > :updated_at THEN updated_at ELSE :updated_at END"}
"""Of two who change a ticket at once the later one may have the earlier clock; the ticket's never goes back."""


async def change(act: Act, ticket: Ticket, **columns: Any) -> None:
    """Set columns of a ticket that still stands as it was loaded; LostRace when it does not."""
    named = ", ".join(SET.get(column, f"{column} = :{column}") for column in columns)
    touched = await act.tx.run(
        f"""
        UPDATE tickets
        SET {named}
        WHERE number = :number
        AND account = :account
        AND status = :was
        AND COALESCE(assigned_to, 0) = :had
        """,  # noqa: S608 - the names are keyword arguments written in this noun
        number=ticket.number,
        account=act.account,
        was=str(ticket.status),
        had=ticket.assigned_to or 0,
        **columns,
    )
    if touched != 1:
        raise LostRace(ticket.status)


async def comments(act: Act, number: int, *, internal: bool) -> list[Comment]:
    """Return the comments of a ticket, or its internal notes; oldest first."""
    rows = await act.tx.all(
        """
        SELECT body, written_by, written_at, internal
        FROM comments
        WHERE ticket = :number
        AND account = :account
        AND internal = :internal
        ORDER BY key
        """,
        number=number,
        account=act.account,
        internal=int(internal),
    )
    return [Comment(body, by, at, bool(is_internal)) for body, by, at, is_internal in rows]


async def add_comment(act: Act, number: int, comment: Comment, *, most: int) -> bool:
    """Add a comment or an internal note, unless customers see `most` comments there already; tell whether it was."""
    touched = await act.tx.run(
        """
        INSERT INTO comments (account, ticket, body, written_by, written_at, internal)
        SELECT :account, :number, :body, :by, :at, :internal
        WHERE (
            SELECT COUNT(1)
            FROM comments
            WHERE account = :account
            AND ticket = :number
            AND internal = 0
        ) < :most
        """,
        account=act.account,
        number=number,
        body=comment.body,
        by=comment.by,
        at=comment.at,
        internal=int(comment.internal),
        most=most,
    )
    return touched == 1
