"""All SQL about leases. They belong to the server, not to a tenant."""

from remotehandsd.kit.db import Tx


async def add_unheld(tx: Tx, name: str) -> None:
    """Add a lease that nobody holds, unless it is there."""
    await tx.run(
        "INSERT INTO leases (name, holder, held_until) VALUES (:name, '', 0) ON CONFLICT (name) DO NOTHING", name=name
    )


async def take(tx: Tx, name: str, holder: str, *, until: int, now: int) -> bool:
    """Hold a lease that is ours, or that is over; tell whether it was to be had."""
    touched = await tx.run(
        """
        UPDATE leases
        SET holder = :holder, held_until = :until
        WHERE name = :name
        AND (holder = :holder OR held_until <= :now)
        """,
        name=name,
        holder=holder,
        until=until,
        now=now,
    )
    return touched == 1


async def give_up(tx: Tx, name: str, holder: str) -> None:
    """End a lease of ours."""
    await tx.run(
        "UPDATE leases SET holder = '', held_until = 0 WHERE name = :name AND holder = :holder",
        name=name,
        holder=holder,
    )
