"""SQL that finds what the operator names."""

from remotehandsd.act import Act


async def account_keys(act: Act) -> dict[str, int]:
    """Return key by id of the accounts in use."""
    rows = await act.tx.all(
        "SELECT id, key FROM accounts WHERE environment = :environment AND retired = 0",
        environment=act.by.environment,
    )
    return dict(rows)
