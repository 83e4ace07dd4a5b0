"""The embedded engine: one writer, groups that share a commit, readers that see no uncommitted work (design 3.1)."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from remotehandsd.kit.db import Unavailable, WrongDatabase, open_database
from remotehandsd.kit.db.sqlite import KEPT_READERS, READING_THREADS, Sqlite
from remotehandsd.kit.db.steps import statements, steps

STEP = "CREATE TABLE marks (number INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;\n"
ADD = "INSERT INTO marks (number, word) VALUES (:number, :word)"


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations" / "sqlite"
    folder.mkdir(parents=True)
    (folder / "0001_marks.sql").write_text(STEP)
    return folder


@pytest.fixture
async def db(tmp_path: Path, migrations: Path) -> AsyncIterator[Sqlite]:
    db = Sqlite(tmp_path / "test.db", migrations)
    await db.migrate()
    yield db
    await db.close()


async def _all(db: Sqlite) -> list[int]:
    async with db.read() as tx:
        return [row[0] for row in await tx.all("SELECT number FROM marks ORDER BY number")]


async def test_a_failed_change_takes_only_itself_back(db: Sqlite) -> None:
    """Savepoints are a stack: members of one group must not undo each other."""

    async def change(number: int) -> None:
        async with db.write() as tx:
            await tx.run(ADD, number=number, word="first")
            await asyncio.sleep(0)  # others want in here
            if number % 3 == 0:
                raise ValueError(number)
            await tx.run(ADD, number=number + 100, word="second")

    results = await asyncio.gather(*map(change, range(20)), return_exceptions=True)
    failed = [number for number, result in enumerate(results) if isinstance(result, ValueError)]
    assert failed == list(range(0, 20, 3))
    good = [number for number in range(20) if number % 3]
    assert await _all(db) == good + [number + 100 for number in good]


async def test_an_answer_waits_for_the_commit_and_readers_see_nothing_before(db: Sqlite) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="slow")
            inside.set()
            await go_on.wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    assert await _all(db) == []
    go_on.set()
    await task
    assert await _all(db) == [1]


async def test_many_changes_share_few_commits(db: Sqlite, tmp_path: Path) -> None:
    commits = 0
    original = db._commit

    async def counted() -> None:
        nonlocal commits
        commits += 1
        await original()

    db._commit = counted  # type: ignore[method-assign]

    async def change(number: int) -> None:
        async with db.write() as tx:
            await tx.run(ADD, number=number, word="x")

    await asyncio.gather(*map(change, range(200)))
    assert await _all(db) == list(range(200))
    assert commits <= 4


async def test_what_was_answered_is_on_the_disk(db: Sqlite, tmp_path: Path) -> None:
    """A copy of the files as they are, taken without closing anything, has it."""
    async with db.write() as tx:
        await tx.run(ADD, number=7, word="x")
    for name in ("test.db", "test.db-wal"):
        shutil.copyfile(tmp_path / name, tmp_path / f"copy-{name}")
    assert sqlite3.connect(tmp_path / "copy-test.db").execute("SELECT number FROM marks").fetchall() == [(7,)]
    async with db.read() as tx:
        assert await tx.one("PRAGMA synchronous") == (2,)
        assert await tx.one("PRAGMA journal_mode") == ("wal",)


async def test_when_the_groups_transaction_dies_every_member_hears_so(db: Sqlite) -> None:
    """SQLite ends a whole transaction by itself on some faults; a ROLLBACK inside stands for them here."""
    first_inside = asyncio.Event()

    async def first() -> None:
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")
            first_inside.set()

    async def second() -> None:
        await first_inside.wait()
        async with db.write() as tx:
            await tx.run(ADD, number=2, word="x")
            await tx.run("ROLLBACK")
            await tx.run("this is no SQL")

    results = await asyncio.gather(first(), second(), return_exceptions=True)
    assert isinstance(results[0], Unavailable)
    assert isinstance(results[1], sqlite3.OperationalError)
    assert await _all(db) == []
    async with db.write() as tx:
        await tx.run(ADD, number=3, word="x")
    assert await _all(db) == [3], "and the next change works"


async def test_a_full_disk(db: Sqlite) -> None:
    """A page limit makes SQLite say that the disk is full."""
    db._writer.execute("PRAGMA max_page_count = 5")
    with pytest.raises(Unavailable):
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x" * 1_000_000)
    assert await _all(db) == []
    async with db.write() as tx:
        await tx.run(ADD, number=2, word="small")
    assert await _all(db) == [2]


async def test_another_process_that_holds_the_lock_is_waited_for(db: Sqlite, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def change() -> None:
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")

    task = asyncio.create_task(change())
    await asyncio.sleep(0.1)
    assert not task.done()
    assert await _all(db) == [], "reads go on meanwhile"
    other.execute("COMMIT")
    other.close()
    await task
    assert await _all(db) == [1]


async def test_another_process_that_holds_the_lock_for_too_long(
    db: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remotehandsd.kit.db.sqlite.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with db.write() as tx:
            await tx.run(ADD, number=1, word="x")
    other.close()
    async with db.write() as tx:
        await tx.run(ADD, number=1, word="x")


async def test_a_bug_in_a_statement_is_no_passing_fault(db: Sqlite) -> None:
    with pytest.raises(sqlite3.OperationalError):
        async with db.read() as tx:
            await tx.one("SELECT nothing FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError):
        async with db.write() as tx:
            await tx.run("INSERT INTO marks (number, word) VALUES (1, NULL)")


async def test_one_read_sees_one_moment(db: Sqlite) -> None:
    async with db.read() as tx:
        assert await tx.all("SELECT number FROM marks") == []
        async with db.write() as writing:
            await writing.run(ADD, number=1, word="x")
        assert await tx.all("SELECT number FROM marks") == []
    assert await _all(db) == [1]


async def test_a_long_read_leaves_the_loop_free(db: Sqlite) -> None:
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT COUNT(*) FROM n"

    async def long() -> None:
        async with db.read(long=True) as tx:
            assert await tx.one(slow) == (3_000_000,)

    task = asyncio.create_task(long())
    turns = 0
    while not task.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 10


async def test_many_looks_at_once_open_few_connections(db: Sqlite) -> None:
    opened = 0
    original = db._connect

    def counted() -> sqlite3.Connection:
        nonlocal opened
        opened += 1
        return original()

    db._connect = counted  # type: ignore[method-assign]

    async def look(long: bool) -> None:
        async with db.read(long=long) as tx:
            await tx.all("SELECT number FROM marks")
            await asyncio.sleep(0.001)

    await asyncio.gather(*(look(True) for _ in range(100)))
    assert opened <= READING_THREADS
    await asyncio.gather(*(look(False) for _ in range(100)))
    assert len(db._readers) <= KEPT_READERS


async def test_no_room_for_another_connection_is_a_passing_fault(db: Sqlite, tmp_path: Path) -> None:
    db._readers.clear()
    (tmp_path / "test.db").rename(tmp_path / "away.db")
    (tmp_path / "test.db").mkdir()
    for long in (False, True, True, True):
        with pytest.raises(Unavailable):
            async with db.read(long=long):
                pass
    (tmp_path / "test.db").rmdir()
    (tmp_path / "away.db").rename(tmp_path / "test.db")
    assert await _all(db) == []


async def test_migrations_run_once_and_in_order(tmp_path: Path, migrations: Path) -> None:
    one, two = Sqlite(tmp_path / "m.db", migrations), Sqlite(tmp_path / "m.db", migrations)
    done = await asyncio.gather(one.migrate(), two.migrate())
    assert sorted(done) == [[], ["0001_marks"]], "two servers may start at once"
    (migrations / "0002_more.sql").write_text("CREATE TABLE more (x INTEGER) STRICT;\nDROP TABLE nowhere;\n")
    with pytest.raises(WrongDatabase, match="could not be migrated"):
        await one.migrate()
    assert await one.version() == (1, 2), "a step is taken whole or not at all"
    (migrations / "0002_more.sql").write_text("CREATE TABLE more (x INTEGER) STRICT;\n")
    assert await one.migrate() == ["0002_more"]
    (migrations / "0002_more.sql").unlink()
    with pytest.raises(WrongDatabase, match="newer than this program"):
        await two.migrate()
    await one.close()
    await two.close()


def test_gaps_and_halves_are_refused(tmp_path: Path) -> None:
    (tmp_path / "0002_x.sql").write_text("")
    with pytest.raises(WrongDatabase, match="gap"):
        steps(tmp_path)
    assert list(statements("SELECT 1;\nCREATE TRIGGER t AFTER INSERT ON x BEGIN\n SELECT 1;\nEND;\n")) == [
        "SELECT 1;",
        "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n SELECT 1;\nEND;",
    ]
    assert list(statements("-- Nothing to do here,\n-- the other engine has it.\n")) == []
    with pytest.raises(WrongDatabase, match="middle"):
        list(statements("SELECT 1"))


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense", "sqlite:///"])
def test_urls_that_this_version_does_not_serve(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongDatabase):
        open_database(url, tmp_path)


async def test_a_file_that_is_no_database(tmp_path: Path, migrations: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"this is not a database at all, by a long way, is it?" * 20)
    with pytest.raises(WrongDatabase):
        Sqlite(tmp_path / "no.db", migrations)
