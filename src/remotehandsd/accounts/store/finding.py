"""SQL that finds what the operator names."""

from remotehandsd.act import Act


async def account_keys(act: Act) -> dict[str, int]:
    """Return key by id of the accounts in use."""
    rows = await act.tx.all(
        "SELECT id, key FROM accounts WHERE environment = :environment AND retired = 0",
        environment=act.by.environment,
    )
    return dict(rows)


async def email_of_user(act: Act, user: int) -> str | None:
    """Return the address of a user in use."""
    row = await act.tx.one(
        """
        SELECT p.email
        FROM users u
        JOIN people p ON p.key = u.person
        WHERE u.key = :user
        AND u.environment = :environment
        AND u.retired = 0
        """,
        user=user,
        environment=act.by.environment,
    )
    return str(row[0]) if row else None
