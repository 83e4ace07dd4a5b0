"""SQL about the kept answers of one account."""

from remotehandsd.act import Act
from remotehandsd.kit.db import Row


async def find(act: Act, app: str, key: str) -> Row | None:
    """Return what was asked and sent under a key of the app, the sealed answer, and when it was kept."""
    return await act.tx.one(
        """
        SELECT asked, body, sealed, kept_at
        FROM repeats
        WHERE app = :app
        AND key = :key
        AND account = :account
        """,
        app=app,
        key=key,
        account=act.account,
    )


async def add(act: Act, app: str, key: str, *, asked: bytes, body: bytes) -> bool:
    """Take a key of the app for a request that is not answered yet; tell whether it was free, on every account."""
    touched = await act.tx.run(
        """
        INSERT INTO repeats (app, key, account, asked, body, sealed, kept_at)
        VALUES (:app, :key, :account, :asked, :body, :sealed, :at)
        ON CONFLICT DO NOTHING
        """,
        app=app,
        key=key,
        account=act.account,
        asked=asked,
        body=body,
        sealed=b"",
        at=act.at,
    )
    return touched == 1


async def set_answer(act: Act, app: str, key: str, sealed: bytes) -> None:
    """Put the answer to a key that was taken."""
    await act.tx.run(
        """
        UPDATE repeats
        SET sealed = :sealed
        WHERE app = :app
        AND key = :key
        AND account = :account
        """,
        app=app,
        key=key,
        account=act.account,
        sealed=sealed,
    )


async def remove(act: Act, app: str, key: str) -> None:
    """Free a key."""
    await act.tx.run(
        "DELETE FROM repeats WHERE app = :app AND key = :key AND account = :account",
        app=app,
        key=key,
        account=act.account,
    )
