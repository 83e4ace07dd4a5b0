"""SQL that finds the people as whom anybody may sign in."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def first_user(act: Act, *, administrator: bool) -> Row | None:
    """Return key, address and name of the first user who has an account and a permission, and nothing elsewhere."""
    return await act.tx.one(
        """
        SELECT p.key, p.email, u.name
        FROM users u
        JOIN people p ON p.key = u.person
        WHERE u.environment = :environment
        AND u.administrator = :administrator
        AND u.retired = 0
        AND EXISTS (SELECT 1 FROM user_accounts l WHERE l.user = u.key)
        AND EXISTS (SELECT 1 FROM user_permissions m WHERE m.user = u.key)
        AND NOT EXISTS (SELECT 1 FROM passwords w WHERE w.person = p.key)
        AND NOT EXISTS (SELECT 1 FROM users o WHERE o.person = p.key AND o.environment <> u.environment)
        AND NOT EXISTS (SELECT 1 FROM staff o WHERE o.person = p.key)
        ORDER BY u.key
        LIMIT 1
        """,
        environment=act.by.environment,
        administrator=int(administrator),
    )


async def first_of_staff(act: Act, role: str) -> Row | None:
    """Return key, address and name of the first of the staff with a role, rather one who has no other role."""
    return await act.tx.one(
        """
        SELECT p.key, p.email, s.name
        FROM staff_roles r
        JOIN staff s ON s.key = r.staff
        JOIN people p ON p.key = s.person
        WHERE r.role = :role
        AND s.environment = :environment
        AND s.retired = 0
        AND NOT EXISTS (SELECT 1 FROM passwords w WHERE w.person = p.key)
        AND NOT EXISTS (SELECT 1 FROM staff o WHERE o.person = p.key AND o.environment <> s.environment)
        AND NOT EXISTS (SELECT 1 FROM users o WHERE o.person = p.key)
        ORDER BY (SELECT COUNT(*) FROM staff_roles x WHERE x.staff = s.key), s.key
        LIMIT 1
        """,
        environment=act.by.environment,
        role=role,
    )


async def known_beyond(act: Act) -> list[Row]:
    """Return the addresses of who has a password or a link to set one, or is known outside of the environment."""
    return await act.tx.all(
        """
        SELECT p.email
        FROM people p
        WHERE EXISTS (SELECT 1 FROM passwords w WHERE w.person = p.key)
        OR EXISTS (SELECT 1 FROM password_links l WHERE l.person = p.key)
        OR EXISTS (SELECT 1 FROM users u WHERE u.person = p.key AND u.environment <> :environment)
        OR EXISTS (SELECT 1 FROM staff s WHERE s.person = p.key AND s.environment <> :environment)
        """,
        environment=act.by.environment,
    )
