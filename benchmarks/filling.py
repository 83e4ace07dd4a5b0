"""Databases full of made-up tickets, as an operator has them: filled, folded, vacuumed."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks import servers
from benchmarks.calls import add_people
from benchmarks.driving import verdict
from benchmarks.homes import databases, embedded, on_postgres
from benchmarks.postgres import Cluster
from benchmarks.servers import Home

ACCOUNTS = 200
FAST_ENOUGH = 20_000
"""Made-up tickets a second, on PostgreSQL."""
KEPT_FROM = 1_000_000
"""Tickets of a database that is used again: what was created in it since is little."""

NOTES = "SELECT COUNT(*) FROM total_changes"
ON_DISK = """
    SELECT relname || ' ' || pg_size_pretty(pg_total_relation_size(oid) - pg_indexes_size(oid))
        || ' + indexes ' || pg_size_pretty(pg_indexes_size(oid))
    FROM pg_class
    WHERE relname IN ('tickets', 'events', 'folded_totals', 'folded_slices')
    AND relkind = 'r'
    ORDER BY relname DESC
"""
INDEXES = """
    SELECT relname || ' ' || pg_size_pretty(pg_relation_size(oid))
    FROM pg_class
    WHERE relkind = 'i'
    AND relname LIKE 'tickets%'
    ORDER BY pg_relation_size(oid) DESC
"""


class Filled(msgspec.Struct, frozen=True):
    """A home with so many tickets. `settle` is done while the server runs, before it is asked."""

    size: int
    home: Home
    settle: Callable[[], None]


def filled_embedded(folder: Path, size: int) -> Filled:
    """Return a home on the embedded engine, filled unless it was kept."""
    home = embedded(folder / f"sqlite-{size}")
    file = home.folder / "data" / "remotehands.db"
    if not file.exists() or size < KEPT_FROM:
        servers.remove_data(home)
        fill(home, size)
    print(f"{size:12,} tickets: {file.stat().st_size / 2**20:,.0f} MB on disk")
    return Filled(size, home, lambda: None)


def filled_on_postgres(folder: Path, cluster: Cluster, size: int) -> Filled:
    """Return a home on PostgreSQL, filled unless it was kept."""
    name = f"tickets_{size}"
    is_kept = size >= KEPT_FROM and name in databases(cluster)
    if not is_kept:
        cluster.sql(f"DROP DATABASE IF EXISTS {name}")
    home = on_postgres(folder / f"postgres-{size}", cluster, name)
    if not is_kept:
        speed = fill(home, size)
        print(f"{size:12,} tickets: {verdict(speed >= FAST_ENOUGH, f'>= {FAST_ENOUGH:,} made up a second')}")
    return Filled(size, home, lambda: settle(cluster, name, size))


def fill(home: Home, size: int) -> float:
    """Fabricate and return the tickets a second; add those who ask."""
    said = servers.run(home, "fabricate", "--tickets", str(size), "--accounts", str(ACCOUNTS))
    add_people(home)
    print(f"{size:12,} tickets: `remotehandsd fabricate`: {said}")
    found = re.search(r"([\d,]+) a second", said)
    assert found is not None
    return float(found[1].replace(",", ""))


def settle(cluster: Cluster, database: str, size: int) -> None:
    """Wait until the server's worker has folded the totals, then do what an operator does after a bulk load."""
    began = time.perf_counter()
    while int(cluster.sql(NOTES, database)):
        time.sleep(0.2)
    folded = time.perf_counter() - began
    cluster.sql("VACUUM ANALYZE", database)
    vacuumed = time.perf_counter() - began - folded
    sizes = ", ".join(cluster.sql(ON_DISK, database).splitlines())
    print(f"{size:12,} tickets: totals folded after {folded:.1f} s, VACUUM ANALYZE {vacuumed:.1f} s")
    print(f"{size:12,} tickets: {sizes}")
    print(f"{size:12,} tickets: {', '.join(cluster.sql(INDEXES, database).splitlines())}")
