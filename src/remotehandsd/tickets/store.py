"""All SQL about the tickets of one account."""

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
    number, account, title, status, before, *rest = row
    return Ticket(number, account, title, Status(status), Status(before) if before else None, *rest)


async def add(act: Act, values: dict[str, Any]) -> int:
    """Add a new ticket to the act's account and return its number."""
    row = await act.tx.one(
        """
        INSERT INTO tickets
            (environment, account, title, status, site, location, request_type, category, instruction,
            customer_reference, reference_ticket, recipients, created_by, created_at, updated_at)
        VALUES
            (:environment, :account, :title, :status, :site, :location, :request_type, :category, :instruction,
            :customer_reference, :reference_ticket, :recipients, :created_by, :at, :at)
        RETURNING number
        """,
        environment=str(act.by.environment),
        account=act.account,
        created_by=act.by.name,
        at=act.at,
        **values,
    )
    assert row is not None
    return int(row[0])


async def add_many(act: Act, tickets: Sequence[dict[str, Any]]) -> None:
    """Add tickets with the numbers and all the values given, each to its own account."""
    await act.tx.run_many(
        """
        INSERT INTO tickets
            (number, environment, account, title, status, status_before, site, location, request_type, category,
            instruction, customer_reference, reference_ticket, cancel_reason, recipients, created_by, created_at,
            updated_at, closed_at)
        VALUES
            (:number, :environment, :account, :title, :status, :status_before, :site, :location, :request_type,
            :category, :instruction, :customer_reference, :reference_ticket, :cancel_reason, :recipients, :created_by,
            :created_at, :updated_at, :closed_at)
        """,
        tickets,
    )


async def change(act: Act, ticket: Ticket, **columns: Any) -> None:
    """Set columns of a ticket that still stands as it was loaded; LostRace when it does not."""
    named = ", ".join(f"{column} = :{column}" for column in columns)
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


async def add_comment(act: Act, number: int, comment: Comment) -> None:
    """Add a comment or an internal note."""
    await act.tx.run(
        """
        INSERT INTO comments (account, ticket, body, written_by, written_at, internal)
        VALUES (:account, :number, :body, :by, :at, :internal)
        """,
        account=act.account,
        number=number,
        body=comment.body,
        by=comment.by,
        at=comment.at,
        internal=int(comment.internal),
    )


async def add_attachment(act: Act, number: int, values: dict[str, Any]) -> None:
    """Add the row that makes a kept file an attachment."""
    await act.tx.run(
        """
        INSERT INTO attachments (id, account, ticket, file, filename, media_type, size, sha256, added_by, added_at)
        VALUES (:id, :account, :number, :file, :filename, :media_type, :size, :sha256, :by, :at)
        """,
        account=act.account,
        number=number,
        by=act.by.name,
        at=act.at,
        **values,
    )


async def attachments(act: Act, number: int) -> list[Row]:
    """Return a ticket's attachments, oldest first."""
    return await act.tx.all(
        """
        SELECT id, ticket, file, filename, media_type, size, sha256, added_by, added_at
        FROM attachments
        WHERE ticket = :number
        AND account = :account
        ORDER BY key
        """,
        number=number,
        account=act.account,
    )


async def attachment(act: Act, id: str) -> Row | None:  # noqa: A002
    """Return one attachment of the act's account."""
    return await act.tx.one(
        """
        SELECT id, ticket, file, filename, media_type, size, sha256, added_by, added_at
        FROM attachments
        WHERE id = :id
        AND account = :account
        """,
        id=id,
        account=act.account,
    )


async def attached_bytes(act: Act, number: int) -> int:
    """Return the size of a ticket's files together."""
    row = await act.tx.one(
        "SELECT COALESCE(SUM(size), 0) FROM attachments WHERE ticket = :number AND account = :account",
        number=number,
        account=act.account,
    )
    assert row is not None
    return int(row[0])


async def page(act: Act, narrowed: str, values: dict[str, Any], *, size: int, skip: int) -> list[Row]:
    """Return one page of the account's tickets, newest first; `narrowed` is made of listing's fixed clauses."""
    return await act.tx.all(
        f"""
        SELECT number, title, status, site, location, category, request_type, created_at, updated_at, closed_at,
            created_by
        FROM tickets
        WHERE account = :account
        {narrowed}
        ORDER BY created_at DESC, number DESC
        LIMIT :size OFFSET :skip
        """,  # noqa: S608
        account=act.account,
        size=size,
        skip=skip,
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


async def total(act: Act, narrowed: str, values: dict[str, Any]) -> int:
    """Return the same from the kept totals, which know site, status, request type and category."""
    row = await act.tx.one(
        f"SELECT COALESCE(SUM(tickets), 0) FROM totals WHERE account = :account {narrowed}",  # noqa: S608
        account=act.account,
        **values,
    )
    assert row is not None
    return int(row[0])
