"""SQL that finds people's addresses."""

from remotehandsd.act import Act


async def addresses(act: Act) -> dict[int, str]:
    """Return key and address of the users in use of the act's account."""
    rows = await act.tx.all(
        """
        SELECT u.key, p.email
        FROM user_accounts l
        JOIN users u ON u.key = l.user
        JOIN people p ON p.key = u.person
        WHERE l.account = :account
        AND u.retired = 0
        """,
        account=act.account,
    )
    return dict(rows)


async def is_registered(act: Act, address: str) -> bool:
    """Tell whether a user or staff member in use of the environment has the address."""
    row = await act.tx.one(
        """
        SELECT p.key
        FROM people p
        LEFT JOIN users u ON u.person = p.key AND u.environment = :environment AND u.retired = 0
        LEFT JOIN staff s ON s.person = p.key AND s.environment = :environment AND s.retired = 0
        WHERE p.email = :address
        AND COALESCE(u.key, s.key) IS NOT NULL
        """,
        environment=act.by.environment,
        address=address,
    )
    return row is not None
