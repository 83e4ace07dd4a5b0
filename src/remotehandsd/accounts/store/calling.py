"""SQL that finds out who calls and what he may do."""

import msgspec

from remotehandsd.accounts.account import Account
from remotehandsd.act import Act
from remotehandsd.kit.db import Tx


class App(msgspec.Struct, frozen=True):
    """A credential in use, with the person it acts as."""

    environment: str
    user: int | None
    staff: int | None
    secret_hash: bytes
    name: str
    everywhere: int | None


async def app(tx: Tx, client_id: str) -> App | None:
    """Return the app with this client id, unless it or its person is retired."""
    row = await tx.one(
        """
        SELECT a.environment, a.user, a.staff, a.secret_hash, COALESCE(u.name, s.name), s.everywhere
        FROM apps a
        LEFT JOIN users u ON u.key = a.user
        LEFT JOIN staff s ON s.key = a.staff
        WHERE a.client_id = :client_id
        AND a.retired = 0
        AND COALESCE(u.retired, s.retired) = 0
        """,
        client_id=client_id,
    )
    return App(*row) if row else None


async def accounts_of_user(tx: Tx, user: int) -> list[Account]:
    """Return the accounts in use that the user may act for, the default one first."""
    rows = await tx.all(
        """
        SELECT a.key, m.id, m.name, a.id, a.name
        FROM user_accounts l
        JOIN accounts a ON a.key = l.account
        JOIN master_accounts m ON m.key = a.master
        WHERE l.user = :user
        AND a.retired = 0
        AND m.retired = 0
        ORDER BY l.position
        """,
        user=user,
    )
    return [Account(*row) for row in rows]


async def permissions(tx: Tx, user: int) -> list[str]:
    """Return the names of the user's permissions."""
    rows = await tx.all('SELECT permission FROM user_permissions WHERE "user" = :user ORDER BY permission', user=user)
    return [row[0] for row in rows]


async def roles(tx: Tx, staff: int) -> list[str]:
    """Return the names of the staff member's roles."""
    rows = await tx.all("SELECT role FROM staff_roles WHERE staff = :staff ORDER BY role", staff=staff)
    return [row[0] for row in rows]


async def staff_sites(tx: Tx, staff: int) -> list[str]:
    """Return the codes of the sites that the staff member is bound to."""
    rows = await tx.all(
        "SELECT s.code FROM staff_sites l JOIN sites s ON s.key = l.site WHERE l.staff = :staff ORDER BY s.code",
        staff=staff,
    )
    return [row[0] for row in rows]


async def staff_by_email(act: Act, email: str) -> tuple[int, str, int] | None:
    """Return key, name and whether he works everywhere of a staff member in use."""
    row = await act.tx.one(
        """
        SELECT s.key, s.name, s.everywhere
        FROM staff s
        JOIN people p ON p.key = s.person
        WHERE s.environment = :environment
        AND p.email = :email
        AND s.retired = 0
        """,
        environment=act.by.environment,
        email=email,
    )
    return (row[0], row[1], row[2]) if row else None
