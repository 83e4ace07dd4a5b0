"""A database that the version before wrote goes on with everything in it."""

import shutil
from pathlib import Path

from benchmarks.postgres import Cluster

from remotehandsd.act import Act, By, Environment
from remotehandsd.app import MIGRATIONS
from remotehandsd.kit.db import EVERY_TENANT, open_database
from remotehandsd.tickets import Filters, list_tickets, wrong_totals

NEW = """
    INSERT INTO tickets (environment, account, title, status, site, location, request_type, category, instruction,
        customer_reference, reference_ticket, recipients, created_by, created_at, updated_at)
    VALUES ('playground', 1, :title, :status, 'PHX015', '', 'Planned Work', :category, '', '', '', '', 'Ada', :at, :at)
"""


async def test_from_the_first_version(tmp_path: Path) -> None:
    folder = tmp_path / "old" / "sqlite"
    folder.mkdir(parents=True)
    shutil.copy(MIGRATIONS / "sqlite" / "0001_start.sql", folder)
    url = f"sqlite:///{tmp_path}/hands.db"
    old = open_database(url, tmp_path / "old")
    assert await old.migrate() == ["0001_start"]
    async with old.write() as tx:
        await tx.run("INSERT INTO master_accounts VALUES (1, 'playground', 'M', 'Master', 0)")
        await tx.run("INSERT INTO accounts VALUES (1, 'playground', 1, 'A', 'Account', 0)")
        for at, (status, category) in enumerate([("New", "Other"), ("Completed", None), ("New", "Tape swaps")]):
            await tx.run(NEW, title=f"ticket {at}", status=status, category=category, at=at)
    await old.close()

    new = open_database(url, MIGRATIONS)
    assert await new.migrate() == [path.stem for path in sorted((MIGRATIONS / "sqlite").glob("*.sql"))][1:]
    by = By(name="Ada", environment=Environment.PLAYGROUND, account=1, user=1)
    async with new.write(EVERY_TENANT) as tx:
        act = Act(tx, by, 0)
        assert await wrong_totals(act) == []
        await tx.run(NEW, title="ticket 3", status="New", category="Other", at=3)
        page = await list_tickets(act, Filters(), size=10, number=0)
        assert [ticket.title for ticket in page.items] == [f"ticket {at}" for at in (3, 2, 1, 0)]
        assert [ticket.category for ticket in page.items] == ["Other", "Tape swaps", "", "Other"]
        assert (await list_tickets(act, Filters(status="New", category="Other"), size=10, number=0)).total == 2
        assert await wrong_totals(act) == []
    await new.close()


async def test_notes_that_were_not_folded_yet(tmp_path: Path, cluster: Cluster) -> None:
    folder = tmp_path / "old" / "postgres"
    folder.mkdir(parents=True)
    for step in sorted((MIGRATIONS / "postgres").glob("000[123]_*.sql")):
        shutil.copy(step, folder)
    cluster.sql("CREATE DATABASE notes")
    old = open_database(cluster.url("notes"), tmp_path / "old")
    assert len(await old.migrate()) == 3
    async with old.write(EVERY_TENANT) as tx:
        for at in range(3):
            await tx.run(NEW, title=f"ticket {at}", status="New", category="Other", at=at)
    await old.close()

    new = open_database(cluster.url("notes"), MIGRATIONS)
    assert any(step.endswith("_lighter_notes") for step in await new.migrate())
    by = By(name="Ada", environment=Environment.PLAYGROUND, account=1, user=1)
    async with new.write(EVERY_TENANT) as tx:
        await tx.run(NEW, title="ticket 3", status="New", category="Other", at=3)
        await tx.run("UPDATE tickets SET status = 'Completed' WHERE title = 'ticket 0'")
        assert await wrong_totals(Act(tx, by, 0)) == []
    assert await new.tidy() == 6
    async with new.read(EVERY_TENANT) as tx:
        act = Act(tx, by, 0)
        assert await wrong_totals(act) == []
        assert (await list_tickets(act, Filters(status="New"), size=10, number=0)).total == 3
        assert (await list_tickets(act, Filters(), size=10, number=0)).total == 4
    await new.close()
