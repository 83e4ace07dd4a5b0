"""SQL about account administrators and the people of their accounts."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Row, Tx


async def administered(act: Act) -> str | None:
    """Return the id of the act's account if who acts is an administrator of it."""
    row = await act.tx.one(
        """
        SELECT a.id
        FROM users u
        JOIN user_accounts l ON l.user = u.key
        JOIN accounts a ON a.key = l.account
        JOIN master_accounts m ON m.key = a.master
        WHERE u.key = :user
        AND a.key = :account
        AND u.administrator = 1
        AND u.retired = 0
        AND a.retired = 0
        AND m.retired = 0
        """,
        user=act.by.user,
        account=act.account,
    )
    return row[0] if row else None


async def members(act: Act) -> list[Row]:
    """Return key, address, name, administrator and whether a password is set of the account's people in use."""
    return await act.tx.all(
        """
        SELECT u.key, p.email, u.name, u.administrator, w.person
        FROM user_accounts l
        JOIN users u ON u.key = l.user
        JOIN people p ON p.key = u.person
        LEFT JOIN passwords w ON w.person = p.key
        WHERE l.account = :account
        AND u.retired = 0
        ORDER BY u.name, p.email
        """,
        account=act.account,
    )


async def permissions(act: Act) -> list[Row]:
    """Return user key and permission of the account's people."""
    return await act.tx.all(
        """
        SELECT m.user, m.permission
        FROM user_accounts l
        JOIN user_permissions m ON m.user = l.user
        WHERE l.account = :account
        ORDER BY m.permission
        """,
        account=act.account,
    )


async def own_accounts(act: Act) -> list[str]:
    """Return the ids of the accounts of who acts, retired ones included."""
    rows = await act.tx.all(
        "SELECT a.id FROM user_accounts l JOIN accounts a ON a.key = l.account WHERE l.user = :user", user=act.by.user
    )
    return [row[0] for row in rows]


async def own_address(act: Act) -> str:
    """Return the address of the user who acts."""
    row = await act.tx.one(
        "SELECT p.email FROM users u JOIN people p ON p.key = u.person WHERE u.key = :user", user=act.by.user
    )
    assert row is not None
    return str(row[0])


async def company(act: Act) -> str | None:
    """Return the name of the default account of the user who acts."""
    row = await act.tx.one(
        """
        SELECT a.name
        FROM user_accounts l
        JOIN accounts a ON a.key = l.account
        WHERE l.user = :user
        ORDER BY l.position
        LIMIT 1
        """,
        user=act.by.user,
    )
    return row[0] if row else None


async def administered_environments(tx: Tx) -> list[str]:
    """Return the environments with an administrator of the operator's in use who is not bound to sites."""
    rows = await tx.all(
        """
        SELECT DISTINCT s.environment
        FROM staff s
        JOIN staff_roles r ON r.staff = s.key
        WHERE r.role = 'administrator'
        AND s.everywhere = 1
        AND s.retired = 0
        """
    )
    return [row[0] for row in rows]
