"""SQL about the files of an account's tickets."""

from typing import Any

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


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
