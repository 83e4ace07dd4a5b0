"""All SQL about the notices of one account."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def extend(act: Act, ticket: int, *, last: int) -> bool:
    """Let the ticket's open notice reach to an event; tell whether there is one."""
    touched = await act.tx.run(
        """
        UPDATE notices
        SET last_event = :last
        WHERE ticket = :ticket
        AND account = :account
        AND closed = :open
        """,
        ticket=ticket,
        account=act.account,
        last=last,
        open=0,
    )
    return touched == 1


async def add_notice(act: Act, ticket: int, *, first: int, last: int) -> int:
    """Open a notice of a ticket and return its key."""
    row = await act.tx.one(
        """
        INSERT INTO notices (environment, account, ticket, first_event, last_event, added_at, closed)
        VALUES (:environment, :account, :ticket, :first, :last, :at, :open)
        RETURNING key
        """,
        environment=str(act.by.environment),
        account=act.account,
        ticket=ticket,
        first=first,
        last=last,
        at=act.at,
        open=0,
    )
    assert row is not None
    return int(row[0])


async def close_notice(act: Act, key: int) -> Row | None:
    """Close an open notice and return its ticket, first and last event; None when it was closed before."""
    return await act.tx.one(
        """
        UPDATE notices
        SET closed = :closed
        WHERE key = :key
        AND account = :account
        AND closed = :open
        RETURNING ticket, first_event, last_event
        """,
        key=key,
        account=act.account,
        open=0,
        closed=1,
    )


async def mails_since(act: Act, at: int) -> int:
    """Return how many mails the account has caused after a time."""
    row = await act.tx.one(
        "SELECT COUNT(*) FROM mails WHERE account = :account AND added_at > :at", account=act.account, at=at
    )
    assert row is not None
    return int(row[0])


async def mails_since_to(act: Act, at: int, address: str) -> int:
    """Return how many of them went to an address."""
    row = await act.tx.one(
        "SELECT COUNT(*) FROM mails WHERE account = :account AND added_at > :at AND address = :address",
        account=act.account,
        at=at,
        address=address,
    )
    assert row is not None
    return int(row[0])


async def add_mail(act: Act, ticket: int, notice: int, address: str) -> int:
    """Add a mail to one address and return its key."""
    row = await act.tx.one(
        """
        INSERT INTO mails (account, ticket, notice, address, added_at)
        VALUES (:account, :ticket, :notice, :address, :at)
        RETURNING key
        """,
        account=act.account,
        ticket=ticket,
        notice=notice,
        address=address,
        at=act.at,
    )
    assert row is not None
    return int(row[0])


async def end_mail(act: Act, key: int) -> bool:
    """Note that a mail needs no more tries; tell whether it was so until now."""
    touched = await act.tx.run(
        """
        UPDATE mails
        SET ended_at = :at
        WHERE key = :key
        AND account = :account
        AND ended_at IS NULL
        """,
        key=key,
        account=act.account,
        at=act.at,
    )
    return touched == 1
