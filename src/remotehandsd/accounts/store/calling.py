"""SQL that finds out who calls and what he may do."""

import msgspec

from remotehandsd.accounts.account import Account
from remotehandsd.act import Act
from remotehandsd.kit.db import Tx


class Who(msgspec.Struct, frozen=True):
    """A user or a member of staff in use: one of the two keys, the name, and what his row says of his rights."""

    user: int | None
    staff: int | None
    name: str
    everywhere: int | None
    administrator: int | None


class App(msgspec.Struct, frozen=True):
    """A credential in use, with whom it acts as."""

    environment: str
    secret_hash: bytes
    next_hash: bytes | None
    rotated_at: int | None
    who: Who


async def app(tx: Tx, client_id: str) -> App | None:
    """Return the app with this client id, unless it or its person is retired."""
    row = await tx.one(
        """
        SELECT a.environment, a.secret_hash, a.next_hash, a.rotated_at,
            a.user, a.staff, COALESCE(u.name, s.name), s.everywhere, u.administrator
        FROM apps a
        LEFT JOIN users u ON u.key = a.user
        LEFT JOIN staff s ON s.key = a.staff
        WHERE a.client_id = :client_id
        AND a.retired = 0
        AND COALESCE(u.retired, s.retired) = 0
        """,
        client_id=client_id,
    )
    if row is None:
        return None
    environment, secret_hash, next_hash, rotated_at, *who = row
    return App(environment, secret_hash, next_hash, rotated_at, Who(*who))


async def who_in(tx: Tx, person: int, environment: str) -> Who | None:
    """Return what a person is in an environment, unless that is retired."""
    row = await tx.one(
        """
        SELECT u.key, s.key, COALESCE(s.name, u.name), s.everywhere, u.administrator
        FROM people p
        LEFT JOIN users u ON u.person = p.key AND u.environment = :environment AND u.retired = 0
        LEFT JOIN staff s ON s.person = p.key AND s.environment = :environment AND s.retired = 0
        WHERE p.key = :person
        AND COALESCE(s.key, u.key) IS NOT NULL
        """,
        person=person,
        environment=environment,
    )
    return Who(*row) if row else None


async def environments_of_person(tx: Tx, person: int) -> list[str]:
    """Return the environments in which a person is a user or a member of staff in use."""
    rows = await tx.all(
        """
        SELECT environment FROM users WHERE person = :person AND retired = 0
        UNION
        SELECT environment FROM staff WHERE person = :person AND retired = 0
        """,
        person=person,
    )
    return [row[0] for row in rows]


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
