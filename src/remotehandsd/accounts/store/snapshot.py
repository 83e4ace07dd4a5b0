"""SQL that tells all accounts, people and apps of one environment, retired ones included."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def masters(act: Act) -> list[Row]:
    """Return id, name, retired."""
    return await act.tx.all(
        "SELECT id, name, retired FROM master_accounts WHERE environment = :environment ORDER BY id",
        environment=act.by.environment,
    )


async def accounts(act: Act) -> list[Row]:
    """Return id, master id, name, retired."""
    return await act.tx.all(
        """
        SELECT a.id, m.id, a.name, a.retired
        FROM accounts a
        JOIN master_accounts m ON m.key = a.master
        WHERE a.environment = :environment
        ORDER BY a.id
        """,
        environment=act.by.environment,
    )


async def account_sites(act: Act) -> list[Row]:
    """Return account id and site code."""
    return await act.tx.all(
        """
        SELECT a.id, s.code
        FROM account_sites l
        JOIN accounts a ON a.key = l.account
        JOIN sites s ON s.key = l.site
        WHERE a.environment = :environment
        ORDER BY s.code
        """,
        environment=act.by.environment,
    )


async def users(act: Act) -> list[Row]:
    """Return key, address, name, administrator, retired."""
    return await act.tx.all(
        """
        SELECT u.key, p.email, u.name, u.administrator, u.retired
        FROM users u
        JOIN people p ON p.key = u.person
        WHERE u.environment = :environment
        ORDER BY p.email
        """,
        environment=act.by.environment,
    )


async def user_accounts(act: Act) -> list[Row]:
    """Return user key and account id, in the users' order."""
    return await act.tx.all(
        """
        SELECT l.user, a.id
        FROM user_accounts l
        JOIN accounts a ON a.key = l.account
        WHERE a.environment = :environment
        ORDER BY l.user, l.position
        """,
        environment=act.by.environment,
    )


async def user_permissions(act: Act) -> list[Row]:
    """Return user key and permission."""
    return await act.tx.all(
        """
        SELECT l.user, l.permission
        FROM user_permissions l
        JOIN users u ON u.key = l.user
        WHERE u.environment = :environment
        ORDER BY l.permission
        """,
        environment=act.by.environment,
    )


async def staff(act: Act) -> list[Row]:
    """Return key, address, name, works everywhere, retired."""
    return await act.tx.all(
        """
        SELECT s.key, p.email, s.name, s.everywhere, s.retired
        FROM staff s
        JOIN people p ON p.key = s.person
        WHERE s.environment = :environment
        ORDER BY p.email
        """,
        environment=act.by.environment,
    )


async def staff_roles(act: Act) -> list[Row]:
    """Return staff key and role."""
    return await act.tx.all(
        """
        SELECT l.staff, l.role
        FROM staff_roles l
        JOIN staff s ON s.key = l.staff
        WHERE s.environment = :environment
        ORDER BY l.role
        """,
        environment=act.by.environment,
    )


async def staff_sites(act: Act) -> list[Row]:
    """Return staff key and site code."""
    return await act.tx.all(
        """
        SELECT l.staff, s.code
        FROM staff_sites l
        JOIN sites s ON s.key = l.site
        WHERE s.environment = :environment
        ORDER BY s.code
        """,
        environment=act.by.environment,
    )


async def apps(act: Act) -> list[Row]:
    """Return client id, name, address of the person, hash of the secret, retired."""
    return await act.tx.all(
        """
        SELECT a.client_id, a.name, p.email, a.secret_hash, a.retired
        FROM apps a
        LEFT JOIN users u ON u.key = a.user
        LEFT JOIN staff s ON s.key = a.staff
        JOIN people p ON p.key = COALESCE(u.person, s.person)
        WHERE a.environment = :environment
        ORDER BY a.client_id
        """,
        environment=act.by.environment,
    )


async def environment_of_client_id(act: Act, client_id: str) -> str | None:
    """Return where a client id is taken; it is unique on the whole server (contract.md section 17.17)."""
    row = await act.tx.one("SELECT environment FROM apps WHERE client_id = :client_id", client_id=client_id)
    return row[0] if row else None


async def user(act: Act, email: str) -> Row | None:
    """Return key, name, administrator, retired of one user."""
    return await act.tx.one(
        """
        SELECT u.key, u.name, u.administrator, u.retired
        FROM users u
        JOIN people p ON p.key = u.person
        WHERE u.environment = :environment
        AND p.email = :email
        """,
        environment=act.by.environment,
        email=email,
    )


async def accounts_of(act: Act, user: int) -> list[str]:
    """Return the ids of the accounts of a user, retired ones included, the default one first."""
    rows = await act.tx.all(
        """
        SELECT a.id
        FROM user_accounts l
        JOIN accounts a ON a.key = l.account
        WHERE l.user = :user
        ORDER BY l.position
        """,
        user=user,
    )
    return [row[0] for row in rows]


async def permissions_of(act: Act, user: int) -> list[str]:
    """Return the names of a user's permissions."""
    rows = await act.tx.all(
        'SELECT permission FROM user_permissions WHERE "user" = :user ORDER BY permission', user=user
    )
    return [row[0] for row in rows]


async def is_staff(act: Act, email: str) -> bool:
    """Tell whether there is a member of staff with this address."""
    row = await act.tx.one(
        """
        SELECT s.key
        FROM staff s
        JOIN people p ON p.key = s.person
        WHERE s.environment = :environment
        AND p.email = :email
        """,
        environment=act.by.environment,
        email=email,
    )
    return row is not None
