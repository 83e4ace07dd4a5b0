"""SQL about the apps of the person who acts, and about their use."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Row, Tx


async def add(act: Act, client_id: str, name: str, secret_hash: bytes) -> None:
    """Add an app that acts as who acts."""
    await act.tx.run(
        """
        INSERT INTO apps (environment, "user", staff, name, client_id, secret_hash, retired, made_at)
        VALUES (:environment, :user, :staff, :name, :client_id, :secret_hash, 0, :at)
        """,
        environment=act.by.environment,
        user=act.by.user,
        staff=act.by.staff,
        name=name,
        client_id=client_id,
        secret_hash=secret_hash,
        at=act.at,
    )


async def of_person(act: Act) -> list[Row]:
    """Return client id, name, times made, used and rotated, retired."""
    return await act.tx.all(
        """
        SELECT client_id, name, made_at, used_at, rotated_at, retired
        FROM apps
        WHERE environment = :environment
        AND ("user" = :user OR staff = :staff)
        ORDER BY retired, name, client_id
        """,
        environment=act.by.environment,
        user=act.by.user,
        staff=act.by.staff,
    )


async def begin_rotation(act: Act, client_id: str, next_hash: bytes) -> bool:
    """Add a second secret; tell whether there was only one."""
    touched = await act.tx.run(
        """
        UPDATE apps
        SET next_hash = :next_hash, rotated_at = :at
        WHERE client_id = :client_id
        AND ("user" = :user OR staff = :staff)
        AND next_hash IS NULL
        """,
        client_id=client_id,
        user=act.by.user,
        staff=act.by.staff,
        next_hash=next_hash,
        at=act.at,
    )
    return touched == 1


async def settle(act: Act, client_id: str) -> bool:
    """Put the second secret in the place of the first; tell whether there were two."""
    touched = await act.tx.run(
        """
        UPDATE apps
        SET secret_hash = next_hash, next_hash = NULL, rotated_at = NULL
        WHERE client_id = :client_id
        AND ("user" = :user OR staff = :staff)
        AND next_hash IS NOT NULL
        """,
        client_id=client_id,
        user=act.by.user,
        staff=act.by.staff,
    )
    return touched == 1


async def settle_over(tx: Tx, *, rotated_before: int) -> int:
    """The same for every app whose rotation is over by its time; return how many."""
    return await tx.run(
        """
        UPDATE apps
        SET secret_hash = next_hash, next_hash = NULL, rotated_at = NULL
        WHERE next_hash IS NOT NULL
        AND rotated_at <= :rotated_before
        """,
        rotated_before=rotated_before,
    )


async def take_back_rotation(act: Act, client_id: str) -> bool:
    """Remove the second secret; tell whether there were two."""
    touched = await act.tx.run(
        """
        UPDATE apps
        SET next_hash = NULL, rotated_at = NULL
        WHERE client_id = :client_id
        AND ("user" = :user OR staff = :staff)
        AND next_hash IS NOT NULL
        """,
        client_id=client_id,
        user=act.by.user,
        staff=act.by.staff,
    )
    return touched == 1


async def revoke(act: Act, client_id: str) -> None:
    """Turn an app off."""
    await act.tx.run(
        """
        UPDATE apps
        SET retired = 1, next_hash = NULL, rotated_at = NULL
        WHERE client_id = :client_id
        AND ("user" = :user OR staff = :staff)
        """,
        client_id=client_id,
        user=act.by.user,
        staff=act.by.staff,
    )


async def calls(act: Act, client_id: str, *, since: int) -> list[Row]:
    """Return day (since 1970) and calls of an app, from a day on."""
    return await act.tx.all(
        """
        SELECT c.day, c.calls
        FROM app_calls c
        JOIN apps a ON a.key = c.app
        WHERE a.client_id = :client_id
        AND (a.user = :user OR a.staff = :staff)
        AND c.day >= :since
        """,
        client_id=client_id,
        user=act.by.user,
        staff=act.by.staff,
        since=since,
    )


async def add_calls(tx: Tx, calls: dict[str, int], *, day: int, at: int) -> None:
    """Add the calls of one day to those of their apps, and note the use; always in the same order of apps."""
    in_order = sorted(calls.items())
    await tx.run_many(
        """
        INSERT INTO app_calls (app, day, calls)
        SELECT key, :day, :calls
        FROM apps
        WHERE client_id = :client_id
        ON CONFLICT (app, day) DO UPDATE SET calls = app_calls.calls + excluded.calls
        """,
        [{"client_id": client_id, "day": day, "calls": count} for client_id, count in in_order],
    )
    await tx.run_many(
        "UPDATE apps SET used_at = :at WHERE client_id = :client_id AND (used_at IS NULL OR used_at < :at)",
        [{"client_id": client_id, "at": at} for client_id, _ in in_order],
    )
