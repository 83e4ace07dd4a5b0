"""All SQL about jobs. They belong to the server, not to a tenant."""

from collections.abc import Sequence

from remotehandsd.jobs.job import Job
from remotehandsd.kit.db import Row, Tx


async def add(tx: Tx, kind: str, about: int, *, lane: int, now: int, due_at: int) -> None:
    """Add a job."""
    await tx.run(
        """
        INSERT INTO jobs (kind, about, lane, added_at, due_at, tries, holder, fault)
        VALUES (:kind, :about, :lane, :now, :due_at, 0, '', '')
        """,
        kind=kind,
        about=about,
        lane=lane,
        now=now,
        due_at=due_at,
    )


async def add_many(tx: Tx, kind: str, abouts: Sequence[tuple[int, int]], *, now: int) -> None:
    """Add jobs that are due now, each about a thing and in a lane."""
    await tx.add_rows(
        "jobs",
        ["kind", "about", "lane", "added_at", "due_at", "tries", "holder", "fault"],
        [(kind, about, lane, now, now, 0, "", "") for about, lane in abouts],
    )


async def make_due(tx: Tx, kind: str, about: int, *, now: int) -> bool:
    """Make a job due now unless it is in hand; tell whether there is one.

    What was set aside begins its schedule anew.
    """
    touched = await tx.run(
        """
        UPDATE jobs
        SET due_at = CASE WHEN holder = '' THEN :now ELSE due_at END,
            tries = CASE WHEN set_aside_at IS NULL THEN tries ELSE 0 END,
            set_aside_at = NULL
        WHERE kind = :kind
        AND about = :about
        """,
        kind=kind,
        about=about,
        now=now,
    )
    return touched == 1


async def drop(tx: Tx, kind: str, about: int) -> None:
    """Remove the job about a thing."""
    await tx.run("DELETE FROM jobs WHERE kind = :kind AND about = :about", kind=kind, about=about)


async def drop_lane(tx: Tx, kind: str, lane: int) -> None:
    """Remove the jobs of a lane."""
    await tx.run("DELETE FROM jobs WHERE kind = :kind AND lane = :lane", kind=kind, lane=lane)


async def due(tx: Tx, kind: str, *, now: int, full: Sequence[int], most: int) -> list[Row]:
    """Return key and lane of due jobs outside of full lanes, the longest due first."""
    # Filled up with the first, so that the statement has few texts: each is prepared for itself.
    lanes = {f"lane_{place}": lane for place, lane in enumerate((*full, *(full[0] for _ in range(-len(full) % 16))))}
    outside = f"AND lane NOT IN ({', '.join(':' + name for name in lanes)})" if lanes else ""
    return await tx.all(
        f"""
        SELECT key, lane
        FROM jobs
        WHERE kind = :kind
        AND set_aside_at IS NULL
        AND due_at <= :now
        {outside}
        ORDER BY due_at, key
        LIMIT :most
        """,  # noqa: S608 - names of values
        kind=kind,
        now=now,
        most=most,
        **lanes,
    )


async def take(tx: Tx, keys: Sequence[int], holder: str, *, now: int, until: int) -> list[Job]:
    """Take these jobs, if they are still due; they are due again at `until`."""
    names = {f"key_{place}": key for place, key in enumerate(keys)}
    rows = await tx.all(
        f"""
        UPDATE jobs
        SET due_at = :until, tries = tries + 1, holder = :holder
        WHERE key IN ({", ".join(":" + name for name in names)})
        AND set_aside_at IS NULL
        AND due_at <= :now
        RETURNING key, kind, about, lane, tries
        """,  # noqa: S608 - names of values
        holder=holder,
        now=now,
        until=until,
        **names,
    )
    return sorted((Job(*row) for row in rows), key=lambda job: job.key)


async def remove(tx: Tx, job: Job) -> None:
    """Remove a job that nobody has taken since."""
    await tx.run("DELETE FROM jobs WHERE key = :key AND tries = :tries", key=job.key, tries=job.tries)


async def put_off(tx: Tx, job: Job, fault: str, *, due_at: int) -> None:
    """Let go of a job that nobody has taken since, until a time."""
    await tx.run(
        """
        UPDATE jobs
        SET due_at = :due_at, holder = '', fault = :fault
        WHERE key = :key
        AND tries = :tries
        """,
        key=job.key,
        tries=job.tries,
        fault=fault,
        due_at=due_at,
    )


async def set_aside(tx: Tx, job: Job, fault: str, *, now: int) -> None:
    """Take a job that nobody has taken since out of the queue."""
    await tx.run(
        """
        UPDATE jobs
        SET set_aside_at = :now, holder = '', fault = :fault
        WHERE key = :key
        AND tries = :tries
        """,
        key=job.key,
        tries=job.tries,
        fault=fault,
        now=now,
    )


async def waiting(tx: Tx, *, most: int) -> list[Row]:
    """Return jobs: what was set aside first, then the next due."""
    return await tx.all(
        """
        SELECT key, kind, about, tries, added_at, due_at, holder, fault, set_aside_at
        FROM jobs
        ORDER BY CASE WHEN set_aside_at IS NULL THEN 1 ELSE 0 END, due_at, key
        LIMIT :most
        """,
        most=most,
    )


async def retry(tx: Tx, key: int, *, now: int) -> bool:
    """Make a job due now, unless it is in hand; tell whether there is one.

    What was set aside begins its schedule anew.
    """
    touched = await tx.run(
        """
        UPDATE jobs
        SET due_at = CASE WHEN holder = '' THEN :now ELSE due_at END,
            tries = CASE WHEN set_aside_at IS NULL THEN tries ELSE 0 END,
            set_aside_at = NULL
        WHERE key = :key
        """,
        key=key,
        now=now,
    )
    return touched == 1
