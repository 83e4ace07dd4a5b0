"""SQL that adds and changes accounts, people and apps of one environment."""

from collections.abc import Iterable

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


def _key(row: Row | None) -> int:
    assert row is not None
    return int(row[0])


async def put_master(act: Act, id: str, name: str, retired: bool) -> None:  # noqa: A002
    """Add a master account or give it these values."""
    await act.tx.run(
        """
        INSERT INTO master_accounts (environment, id, name, retired)
        VALUES (:environment, :id, :name, :retired)
        ON CONFLICT (environment, id) DO UPDATE SET name = excluded.name, retired = excluded.retired
        """,
        environment=act.by.environment,
        id=id,
        name=name,
        retired=int(retired),
    )


async def put_account(act: Act, id: str, master: str, *, name: str, retired: bool) -> None:  # noqa: A002
    """Add an account or give it these values."""
    await act.tx.run(
        """
        INSERT INTO accounts (environment, master, id, name, retired)
        SELECT m.environment, m.key, :id, :name, :retired
        FROM master_accounts m
        WHERE m.environment = :environment
        AND m.id = :master
        ON CONFLICT (environment, id) DO UPDATE SET
            master = excluded.master,
            name = excluded.name,
            retired = excluded.retired
        """,
        environment=act.by.environment,
        id=id,
        master=master,
        name=name,
        retired=int(retired),
    )


async def put_account_sites(act: Act, id: str, codes: Iterable[str]) -> None:  # noqa: A002
    """Replace the sites of an account."""
    key = _key(
        await act.tx.one(
            "SELECT key FROM accounts WHERE environment = :environment AND id = :id",
            environment=act.by.environment,
            id=id,
        )
    )
    await act.tx.run("DELETE FROM account_sites WHERE account = :account", account=key)
    await act.tx.run_many(
        """
        INSERT INTO account_sites (account, site)
        SELECT :account, key
        FROM sites
        WHERE environment = :environment
        AND code = :code
        """,
        [{"account": key, "environment": act.by.environment, "code": code} for code in codes],
    )


async def put_user(act: Act, person: int, name: str, *, administrator: bool, retired: bool) -> int:
    """Add a user or give him these values; return his key."""
    return _key(
        await act.tx.one(
            """
            INSERT INTO users (environment, person, name, administrator, retired)
            VALUES (:environment, :person, :name, :administrator, :retired)
            ON CONFLICT (environment, person) DO UPDATE SET
                name = excluded.name,
                administrator = excluded.administrator,
                retired = excluded.retired
            RETURNING key
            """,
            environment=act.by.environment,
            person=person,
            name=name,
            administrator=int(administrator),
            retired=int(retired),
        )
    )


async def put_user_accounts(act: Act, user: int, ids: Iterable[str]) -> None:
    """Replace the accounts that a user may act for; the first is the default."""
    await act.tx.run('DELETE FROM user_accounts WHERE "user" = :user', user=user)
    await act.tx.run_many(
        """
        INSERT INTO user_accounts ("user", account, position)
        SELECT :user, key, :position
        FROM accounts
        WHERE environment = :environment
        AND id = :id
        """,
        [
            {"user": user, "environment": act.by.environment, "id": id_, "position": position}
            for position, id_ in enumerate(ids)
        ],
    )


async def put_user_permissions(act: Act, user: int, permissions: Iterable[str]) -> None:
    """Replace a user's permissions."""
    await act.tx.run('DELETE FROM user_permissions WHERE "user" = :user', user=user)
    await act.tx.run_many(
        'INSERT INTO user_permissions ("user", permission) VALUES (:user, :permission)',
        [{"user": user, "permission": permission} for permission in permissions],
    )


async def put_staff(act: Act, person: int, name: str, *, everywhere: bool, retired: bool) -> int:
    """Add a staff member or give him these values; return his key."""
    return _key(
        await act.tx.one(
            """
            INSERT INTO staff (environment, person, name, everywhere, retired)
            VALUES (:environment, :person, :name, :everywhere, :retired)
            ON CONFLICT (environment, person) DO UPDATE SET
                name = excluded.name,
                everywhere = excluded.everywhere,
                retired = excluded.retired
            RETURNING key
            """,
            environment=act.by.environment,
            person=person,
            name=name,
            everywhere=int(everywhere),
            retired=int(retired),
        )
    )


async def put_staff_roles(act: Act, staff: int, roles: Iterable[str]) -> None:
    """Replace a staff member's roles."""
    await act.tx.run("DELETE FROM staff_roles WHERE staff = :staff", staff=staff)
    await act.tx.run_many(
        "INSERT INTO staff_roles (staff, role) VALUES (:staff, :role)",
        [{"staff": staff, "role": role} for role in roles],
    )


async def put_staff_sites(act: Act, staff: int, codes: Iterable[str]) -> None:
    """Replace the sites that a staff member is bound to."""
    await act.tx.run("DELETE FROM staff_sites WHERE staff = :staff", staff=staff)
    await act.tx.run_many(
        """
        INSERT INTO staff_sites (staff, site)
        SELECT :staff, key
        FROM sites
        WHERE environment = :environment
        AND code = :code
        """,
        [{"staff": staff, "environment": act.by.environment, "code": code} for code in codes],
    )


async def put_app(act: Act, client_id: str, email: str, *, name: str, secret_hash: bytes, retired: bool) -> None:
    """Add an app or give it these values; it acts as the user or staff member with this address."""
    await act.tx.run(
        """
        INSERT INTO apps (environment, "user", staff, name, client_id, secret_hash, retired)
        SELECT :environment, u.key, s.key, :name, :client_id, :secret_hash, :retired
        FROM people p
        LEFT JOIN users u ON u.person = p.key AND u.environment = :environment
        LEFT JOIN staff s ON s.person = p.key AND s.environment = :environment
        WHERE p.email = :email
        ON CONFLICT (client_id) DO UPDATE SET
            "user" = excluded."user",
            staff = excluded.staff,
            name = excluded.name,
            next_hash = CASE WHEN apps.secret_hash = excluded.secret_hash THEN apps.next_hash END,
            rotated_at = CASE WHEN apps.secret_hash = excluded.secret_hash THEN apps.rotated_at END,
            secret_hash = excluded.secret_hash,
            retired = excluded.retired
        """,
        environment=act.by.environment,
        email=email,
        name=name,
        client_id=client_id,
        secret_hash=secret_hash,
        retired=int(retired),
    )
