"""A real server on a PostgreSQL that is killed, full, read-only or not there: clear answers, nothing lost, no restart."""

import asyncio
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from benchmarks.postgres import Cluster

from cast import OPENING, Server
from conftest import MASTER_KEY, load_worlds
from remotehandsd.app import opened_house
from remotehandsd.settings import read_settings

pytestmark = pytest.mark.engine("postgres")

SECRET = "secret-of-ada-0123456789abcdef-0123"
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
PATH = "/v1/remotehands-tickets"

Command = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., Server]


@pytest.fixture
def own() -> Iterator[Cluster]:
    """A cluster of the test's own that syncs what it is told to keep."""
    cluster = Cluster()
    cluster.sql("CREATE DATABASE hands")
    yield cluster
    cluster.remove()


@pytest.fixture
def environment(tmp_path: Path, own: Cluster, engine: str) -> dict[str, str]:
    return _furnished(tmp_path, own)


def _furnished(tmp_path: Path, cluster: Cluster) -> dict[str, str]:
    settings = {
        "REMOTEHANDS_DATA": str(tmp_path / "data"),
        "REMOTEHANDS_MIN_FREE": "1000",
        "REMOTEHANDS_DATABASE_URL": cluster.url("hands"),
        "REMOTEHANDS_MASTER_KEY": MASTER_KEY,
    }

    async def furnish() -> None:
        async with opened_house(read_settings(settings)) as house:
            await house.db.migrate()
            await load_worlds(house)

    asyncio.run(furnish())
    return settings


class Customer:
    """Ada, who orders without a pause and writes down what was acknowledged."""

    def __init__(self, server: Server) -> None:
        form = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": SECRET}
        token = httpx.post(f"{server.url}/v2/auth/token", data=form).json()["access_token"]
        self.web = httpx.AsyncClient(
            base_url=server.url, headers={"Authorization": f"Bearer {token}", **PAIR}, timeout=60
        )
        self.acknowledged: dict[str, str] = {}
        self.refused: list[httpx.Response] = []
        self.number = 0

    async def orders(self, **more: str) -> int:
        self.number += 1
        title = f"order {self.number}"
        answer = await self.web.post(PATH, json=OPENING | {"title": title} | more)
        if answer.status_code == 201:
            self.acknowledged[answer.json()["id"]] = title
        else:
            self.refused.append(answer)
        return answer.status_code

    async def orders_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if await self.orders() != 201:
                await asyncio.sleep(0.02)

    async def orders_until_it_works(self) -> None:
        for _ in range(600):
            with suppress(httpx.TransportError):
                if await self.orders() == 201:
                    return
            await asyncio.sleep(0.05)
        raise AssertionError(self.refused[-1].text)

    async def finds(self) -> dict[str, str]:
        found: dict[str, str] = {}
        page = 0
        while True:
            body = (await self.web.get(f"{PATH}?size=1000&page={page}")).json()
            found |= {item["id"]: item["title"] for item in body["content"]}
            page += 1
            if body["pageable"]["last"]:
                assert len(found) == body["pageable"]["totalElements"]
                return found


def _said_so(refused: list[httpx.Response]) -> None:
    for answer in refused:
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["error"]["type"] == "server"


async def test_a_killed_postgresql_under_load(serve: Serve, own: Cluster) -> None:
    server = serve("--no-worker")
    ada = Customer(server)
    for round_ in range(4):
        stop = asyncio.Event()
        orders = [asyncio.create_task(ada.orders_until(stop)) for _ in range(8)]
        await asyncio.sleep(0.5)
        await asyncio.to_thread(own.kill if round_ % 2 else lambda: own.stop("immediate"))
        assert (await ada.web.get("/readyz")).status_code == 503
        assert (await ada.web.get("/healthz")).status_code == 200
        assert "remotehands_requests_total" in (await ada.web.get("/metrics")).text
        await asyncio.sleep(0.2)
        await asyncio.to_thread(own.start)
        await asyncio.sleep(0.3)
        stop.set()
        await asyncio.gather(*orders)
        await ada.orders_until_it_works()
    assert (await ada.web.get("/readyz")).status_code == 200
    found = await ada.finds()
    assert len(ada.acknowledged) > 100
    assert ada.acknowledged.items() <= found.items(), "nothing that was acknowledged is lost"
    assert len(set(found.values())) == len(found), "and nothing is there twice"
    assert own.sql("SELECT COUNT(*) FROM tickets", "hands") == own.sql(
        "SELECT COUNT(DISTINCT ticket) FROM events WHERE type = 'ticket.created'", "hands"
    )
    assert ada.refused
    _said_so(ada.refused)
    await ada.web.aclose()
    assert server.process.poll() is None, "and it was never started again"


async def test_a_read_only_database(serve: Serve, own: Cluster) -> None:
    server = serve("--no-worker")
    ada = Customer(server)
    assert await ada.orders() == 201
    own.sql("ALTER DATABASE hands SET default_transaction_read_only = on")
    own.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'remotehandsd'")
    assert await ada.orders() == 503
    assert await ada.finds() == ada.acknowledged
    own.sql("ALTER DATABASE hands RESET default_transaction_read_only")
    own.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'remotehandsd'")
    assert await ada.orders() == 201
    _said_so(ada.refused)
    await ada.web.aclose()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 150 MB, where this user may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=150m", "none", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can be mounted by root only")
    # The test's own folder lets nobody else in; the database's owner must pass.
    for parent in (folder, *folder.parents):
        if parent.owner() == "root" and len(parent.parts) > 2:
            parent.chmod(parent.stat().st_mode | 0o711)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    cluster = Cluster(
        {"max_wal_size": "32MB", "min_wal_size": "32MB", "wal_level": "minimal", "max_wal_senders": "0"},
        folder=small_disk / "pg",
    )
    try:
        cluster.sql("CREATE DATABASE hands")
        server = Server(await asyncio.to_thread(_furnished, tmp_path, cluster), "--no-worker")
        try:
            server.wait_until_ready()
            await _fill(cluster, server, small_disk / "ballast")
        finally:
            server.kill()
    finally:
        cluster.remove()


async def _fill(cluster: Cluster, server: Server, ballast: Path) -> None:
    ada = Customer(server)
    assert await ada.orders() == 201
    disk = os.statvfs(ballast.parent)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, disk.f_bavail * disk.f_frsize - 4_000_000))
    for _ in range(2000):
        if await ada.orders(detailedInstruction=os.urandom(12_000).hex()) != 201:
            break
    assert ada.refused, "the disk was full"
    ballast.unlink()
    # A log that cannot be written ends PostgreSQL; whoever looks after it starts it again.
    await asyncio.sleep(1)
    if not cluster.runs:
        cluster.start()
    await ada.orders_until_it_works()
    found = await ada.finds()
    assert ada.acknowledged.items() <= found.items()
    assert len(set(found.values())) == len(found)
    _said_so(ada.refused)
    await ada.web.aclose()


def test_a_start_without_a_database_is_a_clear_line(command: Command, own: Cluster) -> None:
    own.stop()
    done = command("serve", "--port", "0")
    assert done.returncode == 6
    assert "PostgreSQL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("hands", "nowhere"), 'database "nowhere" does not exist'),
        (("postgres:", "nobody:"), "password authentication failed"),
        (("password", "wrong"), "password authentication failed"),
    ],
)
def test_a_wrong_address_is_a_clear_line(command: Command, own: Cluster, change: tuple[str, str], words: str) -> None:
    before, after = (own.password if change[0] == "password" else change[0]), change[1]
    url = own.url_with_password("hands").replace(before, after)
    for arguments in (("serve", "--port", "0"), ("check",), ("migrate",)):
        done = command(*arguments, REMOTEHANDS_DATABASE_URL=url)
        assert done.returncode == 1
        assert re.search(words, done.stderr)
        assert own.password not in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("password", ["hunter#two", "hunter/two", "hunter?two", "hunt[er", "p@ss/w#rd"])
def test_a_password_that_is_not_written_as_urls_want_it(command: Command, own: Cluster, password: str) -> None:
    url = f"postgresql://hands:{password}@127.0.0.1:5432/hands"
    done = command("check", REMOTEHANDS_DATABASE_URL=url)
    assert done.returncode == 1
    assert "are written as %2F" in done.stderr
    assert "Traceback" not in done.stderr
    assert not any(part in done.stderr for part in ("hunter", "two", "hunt", "p@ss", "w#rd"))


def test_a_master_key_must_be_given(command: Command, own: Cluster) -> None:
    done = command("check", REMOTEHANDS_MASTER_KEY="")
    assert done.returncode == 1
    assert "must be given with PostgreSQL" in done.stderr


def test_backup_is_postgresqls_own(command: Command, own: Cluster, tmp_path: Path) -> None:
    done = command("backup", str(tmp_path / "copy"))
    assert done.returncode != 0
    assert "pg_dump" in done.stderr
    assert not (tmp_path / "copy").exists()
