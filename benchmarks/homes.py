"""Homes of the servers that are measured: on the embedded engine, or on PostgreSQL with ordinary settings."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.postgres import Cluster
from benchmarks.servers import Home

ORDINARY = {"shared_buffers": "2GB", "max_wal_size": "4GB"}
"""What an operator sets first. Everything else is as PostgreSQL comes: fsync and synchronous_commit are on."""
PROCESSES = 2
"""Server processes on PostgreSQL."""
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
ROLE = "runtime"
"""Who serves behind the wall: he owns nothing."""


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Run the cluster of a folder."""
    cluster = Cluster(ORDINARY, folder=folder)
    try:
        yield cluster
    finally:
        cluster.stop()


def embedded(folder: Path) -> Home:
    """Return the home of a server on the embedded engine."""
    folder.mkdir(parents=True, exist_ok=True)
    return Home(folder)


def on_postgres(folder: Path, cluster: Cluster, database: str) -> Home:
    """Return the home of a server on this database, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    if database not in databases(cluster):
        cluster.sql(f"CREATE DATABASE {database}")
    settings = {"REMOTEHANDS_DATABASE_URL": cluster.url(database), "REMOTEHANDS_MASTER_KEY": MASTER_KEY}
    return Home(folder, settings, PROCESSES)


def behind_the_wall(home: Home, folder: Path, cluster: Cluster, database: str) -> Home:
    """Return the home of a server on a copy of a database, with the second wall between tenants."""
    folder.mkdir(parents=True)
    source = home.settings["REMOTEHANDS_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
    cluster.sql(f"CREATE ROLE {ROLE} LOGIN")
    cluster.sql(f"CREATE DATABASE {database} TEMPLATE {source}")
    walled = {
        "REMOTEHANDS_DATABASE_URL": cluster.url(database, user=ROLE),
        "REMOTEHANDS_MIGRATION_URL": cluster.url(database),
        "REMOTEHANDS_TENANT_WALL": "yes",
    }
    return Home(folder, home.settings | walled, home.processes)


def databases(cluster: Cluster) -> list[str]:
    """Return the names of the databases that are there."""
    return cluster.sql("SELECT datname FROM pg_database").splitlines()
