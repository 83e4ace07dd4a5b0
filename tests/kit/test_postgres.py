"""PostgreSQL: what was acknowledged is kept, what was not is said to be unknown, and service comes back by itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest
from benchmarks.postgres import Cluster

from remotehandsd.kit.db import Unavailable, WrongDatabase, open_database
from remotehandsd.kit.db.named import numbered
from remotehandsd.kit.db.postgres import Postgres

STEP = "CREATE TABLE marks (number BIGINT PRIMARY KEY, word TEXT NOT NULL);\n"
NO_WALL = """
CREATE FUNCTION wall_faults(role NAME) RETURNS TABLE (fault TEXT) LANGUAGE sql AS $$ SELECT '' WHERE false $$;
CREATE FUNCTION count_transactions_on() RETURNS BOOLEAN LANGUAGE sql AS $$ SELECT FALSE $$;
CREATE FUNCTION wall_holds(role NAME) RETURNS BOOLEAN LANGUAGE sql AS $$ SELECT false $$;
"""
ADD = "INSERT INTO marks (number, word) VALUES (:number, :word)"

Made = Callable[..., Postgres]


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations" / "postgres"
    folder.mkdir(parents=True)
    (folder / "0001_marks.sql").write_text(STEP + NO_WALL)
    return folder


@pytest.fixture
def name(cluster: Cluster) -> str:
    name = f"kit_{time.monotonic_ns()}"
    cluster.sql(f"CREATE DATABASE {name}")
    return name


@pytest.fixture
async def db(cluster: Cluster, name: str, migrations: Path) -> AsyncIterator[Postgres]:
    db = Postgres(cluster.url(name, more="&pool_size=4"), migrations)
    await db.migrate()
    yield db
    await db.close()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> float:
    """A deadline that a test can wait for."""
    monkeypatch.setattr("remotehandsd.kit.db.postgres.CALL_SECONDS", 1.0)
    return 1.0


async def _all(db: Postgres) -> list[int]:
    async with db.read() as tx:
        return [row[0] for row in await tx.all("SELECT number FROM marks ORDER BY number")]


async def _add(db: Postgres, number: int, word: str = "x") -> None:
    async with db.write() as tx:
        await tx.run(ADD, number=number, word=word)


@pytest.mark.parametrize(
    ("sql", "text", "names"),
    [
        ("SELECT :a, :b, :a", "SELECT $1, $2, $1", ("a", "b")),
        ("SELECT ':a', \":a\", x::text, :a -- :b", "SELECT ':a', \":a\", x::text, $1 -- :b", ("a",)),
        ("SELECT 'it''s :a' || :a_1", "SELECT 'it''s :a' || $1", ("a_1",)),
        ("SELECT 1", "SELECT 1", ()),
    ],
)
def test_named_values(sql: str, text: str, names: tuple[str, ...]) -> None:
    assert numbered(sql).text == text
    assert numbered(sql).names == names


async def test_rows_and_counts(db: Postgres) -> None:
    async with db.write() as tx:
        assert await tx.run(ADD, number=1, word="one") == 1
        await tx.run_many(ADD, [{"number": number, "word": "many"} for number in (2, 3)])
        await tx.add_rows("marks", ["number", "word"], [(4, "row"), (5, "row")])
        assert await tx.run("UPDATE marks SET word = :word WHERE number > :least", word="late", least=3) == 2
        assert await tx.run("DELETE FROM marks WHERE number = :number", number=99) == 0
        assert await tx.one("SELECT word FROM marks WHERE number = :number", number=99) is None
        assert await tx.one("SELECT word FROM marks WHERE number = :number", number=4) == ("late",)
    async with db.glance() as tx:
        assert await tx.all("SELECT number, word FROM marks WHERE number < :most ORDER BY number", most=3) == [
            (1, "one"),
            (2, "many"),
        ]


async def test_a_failed_change_is_taken_back_and_the_connection_goes_on(db: Postgres) -> None:
    for error in (ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            async with db.write() as tx:
                await tx.run(ADD, number=1, word="x")
                raise error
    with pytest.raises(asyncpg.PostgresSyntaxError):
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")
            await tx.run("this is no SQL")
    await _add(db, 2)
    assert await _all(db) == [2]
    assert len(db._lines._free) == 1, "one connection served all"


async def test_one_read_sees_one_moment(db: Postgres) -> None:
    async with db.read() as tx:
        assert await tx.all("SELECT number FROM marks") == []
        await _add(db, 1)
        assert await tx.all("SELECT number FROM marks") == []
    assert await _all(db) == [1]


async def test_a_look_changes_nothing(db: Postgres) -> None:
    with pytest.raises(Unavailable, match="read-only"):
        async with db.read() as tx:
            await tx.run(ADD, number=1, word="x")
    assert await _all(db) == []


async def test_few_connections_serve_many(db: Postgres, cluster: Cluster, name: str) -> None:
    await asyncio.gather(*(_add(db, number) for number in range(100)), *(_all(db) for _ in range(100)))
    assert await _all(db) == list(range(100))
    count = cluster.sql(
        f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{name}' AND backend_type = 'client backend'"
    )
    assert int(count) <= 4


async def test_writers_leave_a_connection_for_readers(db: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    async with db.write(), db.write(), db.write():
        monkeypatch.setattr("remotehandsd.kit.db.postgres.CALL_SECONDS", 0.5)
        began = time.monotonic()
        with pytest.raises(Unavailable, match="in use"):
            async with db.write():
                pass
        assert time.monotonic() - began < 2
        assert await _all(db) == []
    await _add(db, 1)
    assert await _all(db) == [1]


async def test_a_slow_statement_ends_at_the_deadline(db: Postgres, short: float) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match="in time"):
        async with db.read() as tx:
            await tx.one("SELECT pg_sleep(30)")
    assert time.monotonic() - began < short + 2
    assert await _all(db) == []


async def test_somebody_who_waits_for_a_row_is_told_in_time(db: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    await _add(db, 1)
    async with db.write() as tx:
        await tx.run("UPDATE marks SET word = :word WHERE number = 1", word="first")
        monkeypatch.setattr("remotehandsd.kit.db.postgres.CALL_SECONDS", 1.0)
        with pytest.raises(Unavailable):
            async with db.write() as other:
                await other.run("UPDATE marks SET word = :word WHERE number = 1", word="second")
    async with db.read() as tx:
        assert await tx.one("SELECT word FROM marks") == ("first",)


async def test_a_change_that_is_late_is_taken_back(db: Postgres, short: float) -> None:
    with pytest.raises(Unavailable, match="taken back"):
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")
            await asyncio.sleep(short)
    assert await _all(db) == []


async def test_a_name_is_held_by_one_at_a_time(db: Postgres) -> None:
    order = []

    async def hold(who: str) -> None:
        async with db.write() as tx:
            await tx.hold("name")
            order.append(f"{who} in")
            await asyncio.sleep(0.05)
            order.append(f"{who} out")

    await asyncio.gather(hold("a"), hold("b"))
    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])


async def test_connections_that_were_cut_off_in_their_rest(db: Postgres, cluster: Cluster, name: str) -> None:
    await asyncio.gather(*(_all(db) for _ in range(4)))
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    cluster.sql(cut)
    await _add(db, 1)
    assert await _all(db) == [1]
    cluster.sql(cut)
    async with db.glance() as tx:
        assert await tx.one("SELECT number FROM marks") == (1,)
        assert await tx.all("SELECT number FROM marks") == [(1,)]


async def test_a_connection_lost_in_a_transaction(db: Postgres, cluster: Cluster, name: str) -> None:
    with pytest.raises(Unavailable):
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")
            [[pid]] = await tx.all("SELECT pg_backend_pid()")
            cluster.sql(f"SELECT pg_terminate_backend({pid})")
            await tx.run(ADD, number=2, word="x")
    assert await _all(db) == []


async def test_a_connection_lost_before_commit(db: Postgres, cluster: Cluster, name: str) -> None:
    """Whether it was kept is not known then; here it was not."""
    with pytest.raises(Unavailable):
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")
            [[pid]] = await tx.all("SELECT pg_backend_pid()")
            cluster.sql(f"SELECT pg_terminate_backend({pid})")
    assert await _all(db) == []
    await _add(db, 2)
    assert await _all(db) == [2]


async def test_a_read_only_database(cluster: Cluster, name: str, migrations: Path, db: Postgres) -> None:
    await _add(db, 1)
    cluster.sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    standby = Postgres(cluster.url(name), migrations)
    with pytest.raises(Unavailable, match="read-only"):
        await _add(standby, 2)
    assert await _all(standby) == [1]
    await standby.close()


async def test_the_servers_end_and_return(migrations: Path, short: float) -> None:
    cluster = Cluster()
    try:
        cluster.sql("CREATE DATABASE own")
        db = Postgres(cluster.url("own"), migrations)
        await db.migrate()
        await _add(db, 1)
        for end in (cluster.stop, cluster.kill):
            end()
            for _ in range(2):
                began = time.monotonic()
                with pytest.raises(Unavailable):
                    await _add(db, 2)
                with pytest.raises(Unavailable):
                    await _all(db)
                assert time.monotonic() - began < 2 * short + 1
            cluster.start()
            assert await _all(db) == [1]
        await _add(db, 2)
        assert await _all(db) == [1, 2]
        await db.close()
    finally:
        cluster.remove()


async def test_a_commit_that_waits_for_a_standby_is_never_a_success(migrations: Path, short: float) -> None:
    """design.md section 3.4: the server would answer a cancelled COMMIT with success and a warning."""
    cluster = Cluster()
    try:
        cluster.sql("CREATE DATABASE own")
        db = Postgres(cluster.url("own", more="&pool_size=4"), migrations)
        await db.migrate()
        cluster.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        cluster.sql("SELECT pg_reload_conf()")
        while cluster.sql("SHOW synchronous_standby_names") != "nobody":
            await asyncio.sleep(0.02)
        began = time.monotonic()
        answers = await asyncio.gather(*(_add(db, number) for number in range(5)), return_exceptions=True)
        assert [type(answer) for answer in answers] == [Unavailable] * 5
        assert time.monotonic() - began < 2 * short + 2
        assert await _all(db) == [], "who reads is served, and sees nothing of it"
        # An administrator cancels the wait: kept here, on no standby, with a warning.
        waiting = asyncio.create_task(_wait_for_commits(db))
        cluster.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        await waiting
        changing = asyncio.create_task(_add(db, 100))
        while not cluster.sql("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"):
            await asyncio.sleep(0.02)
        cluster.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        with pytest.raises(Unavailable, match="warned"):
            await changing
        cluster.sql("ALTER SYSTEM RESET synchronous_standby_names")
        cluster.sql("SELECT pg_reload_conf()")
        await asyncio.sleep(0.2)
        await _add(db, 101)
        assert 101 in await _all(db)
        await db.close()
    finally:
        cluster.remove()


async def _wait_for_commits(db: Postgres) -> None:
    while db._commits:
        await asyncio.sleep(0.02)


async def test_a_client_that_leaves_does_not_undo_a_commit(db: Postgres, cluster: Cluster, name: str) -> None:
    cluster.sql(
        "CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER rest AFTER INSERT ON marks DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION rest()",
        name,
    )
    changing = asyncio.create_task(_add(db, 1))
    while not cluster.sql(
        f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}' AND query = 'COMMIT' AND state = 'active'"
    ):
        await asyncio.sleep(0.01)
    changing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await changing
    await _wait_for_commits(db)
    assert await _all(db) == [1]


async def test_migrations_run_once_and_in_order(cluster: Cluster, name: str, migrations: Path) -> None:
    one, two = Postgres(cluster.url(name), migrations), Postgres(cluster.url(name), migrations)
    assert await one.version() == (0, 1)
    done = await asyncio.gather(one.migrate(), two.migrate())
    assert sorted(done) == [[], ["0001_marks"]], "two servers may start at once"
    (migrations / "0002_more.sql").write_text("CREATE TABLE more (x BIGINT);\nDROP TABLE nowhere;\n")
    with pytest.raises(WrongDatabase, match="could not be migrated"):
        await one.migrate()
    assert await one.version() == (1, 2), "a step is taken whole or not at all"
    (migrations / "0002_more.sql").write_text("CREATE TABLE more (x BIGINT);\n")
    assert await one.migrate() == ["0002_more"]
    (migrations / "0002_more.sql").unlink()
    with pytest.raises(WrongDatabase, match="newer than this program"):
        await two.migrate()
    await one.close()
    await two.close()


async def test_wrong_addresses(cluster: Cluster, name: str, migrations: Path) -> None:
    good = cluster.url_with_password(name)
    db = Postgres(good, migrations)
    assert await db.migrate() == ["0001_marks"]
    await db.close()
    for url, words in (
        (cluster.url_with_password(name, password="wrong-secret"), "password authentication failed"),
        (cluster.url_with_password("nowhere"), 'database "nowhere" does not exist'),
        (cluster.url_with_password(name, user="nobody"), "password authentication failed"),
    ):
        with pytest.raises(WrongDatabase, match=words) as wrong:
            await Postgres(url, migrations).migrate()
        assert cluster.password not in str(wrong.value)
        assert "wrong-secret" not in str(wrong.value)
        with pytest.raises(Unavailable):
            await _all(Postgres(url, migrations))
    with pytest.raises(Unavailable):
        await Postgres("postgresql://u:secret-word@127.0.0.1:1/x", migrations).migrate()
    with pytest.raises(WrongDatabase, match="poolsize"):
        await Postgres(f"{good}?poolsize=4", migrations).migrate()
    for size in ("0", "x", "1"):
        with pytest.raises(WrongDatabase, match="pool_size"):
            open_database(f"{good}?pool_size={size}", migrations.parent)


@pytest.mark.parametrize(
    "rest",
    [
        "s3cr/et@127.0.0.1/db",
        "s3cr?et@127.0.0.1/db",
        "s3cr#et@127.0.0.1/db",
        "s3cr[et@127.0.0.1/db",
        "12345/s3cr@127.0.0.1/db",
        "12345?s3cr@127.0.0.1/db",
        "s3cr@127.0.0.1:65536/db",
        "s3cr@127.0.0.1:x/db",
        "s3cr@127.0.0.1/db?s3cr",
        "s3cr@127.0.0.1/db?pool_size=s3cr",
    ],
)
def test_pieces_of_a_password_are_never_repeated(rest: str, migrations: Path) -> None:
    for own in ({}, {"owner_url": f"postgresql://u:{rest}"}):
        url = "postgresql://u:s3cr@127.0.0.1/db" if own else f"postgresql://u:{rest}"
        setting = "REMOTEHANDS_MIGRATION_URL" if own else "REMOTEHANDS_DATABASE_URL"
        with pytest.raises(WrongDatabase, match=setting) as wrong:
            open_database(url, migrations.parent, **own)
        assert "s3cr" not in str(wrong.value)
        assert "12345" not in str(wrong.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///db?host=/run/postgresql&user=u",
        "postgres://u:%2F%3F%23%5B@h1:5432,h2:6543/db?target_session_attrs=read-write",
        "postgresql://u:p@rt@[::1]:5432/db?sslmode=verify-full&sslrootcert=/etc/ca.pem&pool_size=20",
        "postgresql://%2Frun%2Fpostgresql/db",
        "postgresql://localhost",
    ],
)
def test_addresses_that_the_driver_understands(url: str, migrations: Path) -> None:
    assert isinstance(open_database(url, migrations.parent), Postgres)


async def test_the_one_of_two_hosts_that_leads(cluster: Cluster, name: str, migrations: Path) -> None:
    url = cluster.url_with_password(name).replace("@", "@127.0.0.1:1,")
    db = Postgres(f"{url}?target_session_attrs=read-write&pool_size=4", migrations)
    await db.migrate()
    await _add(db, 1)
    assert await _all(db) == [1]
    await db.close()


async def test_a_plan_made_while_a_table_is_small_goes_by_its_index(db: Postgres, cluster: Cluster, name: str) -> None:
    async with db.write() as tx:
        await tx.run(ADD, number=1, word="one")
    cluster.sql("VACUUM ANALYZE", name)
    look = "EXPLAIN SELECT word FROM marks WHERE number = :number"
    async with db.read() as tx:
        assert any("Index Scan" in row[0] for row in await tx.all(look, number=1))
    async with db.read(long=True) as tx:
        assert any("Seq Scan" in row[0] for row in await tx.all(f"{look} + 0", number=1)), "what takes long may"
