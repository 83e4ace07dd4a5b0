"""One cast of people for all tests, on a real database, real files and, where a test asks, a real server."""

import asyncio
import base64
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from pathlib import Path

import httpx
import pytest
from benchmarks.postgres import QUICK, Cluster, NoPostgres

from cast import WORLDS, Desk, Person, Server
from live import (  # noqa: F401 - fixtures
    connect,
    customer,
    dora_does,
    furnished_elsewhere,
    live,
    live_servers,
    raw,
    stranger,
)
from mailing import mailing, office, told  # noqa: F401 - fixtures
from odd import address, async_client, client, family, no_settings, patient  # noqa: F401 - fixtures
from pasting import data, run  # noqa: F401 - fixtures
from remotehandsd import access, world
from remotehandsd.act import Act, By
from remotehandsd.app import Health, front_door, opened_house
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.settings import read_settings
from signing import cheap, dear  # noqa: F401 - fixtures
from swift import bucket, line, swift  # noqa: F401 - fixtures
from terminal import ada_there, hands, terminal, user  # noqa: F401 - fixtures
from windows import browser, orderer, playground, window  # noqa: F401 - fixtures


class SettableClock:
    """Real time, moved by as much as a test says."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


ENGINES = ("sqlite", "postgres")
MASTER_KEY = base64.b64encode(bytes(range(32))).decode()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the tests with a browser run in one loop: it lives in it."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def master_key() -> str:
    """What decrypts the furnished database."""
    return MASTER_KEY


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs a database on both engines, unless it is about one of them."""
    if "engine" in metafunc.fixturenames:
        only = [mark.args[0] for mark in metafunc.definition.iter_markers("engine")]
        metafunc.parametrize("engine", only or ENGINES, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where nothing may be skipped, a skip is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("TESTS_MAY_NOT_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine under test."""
    return str(request.param)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of the tests' own; nothing in it needs to survive."""
    try:
        cluster = Cluster(QUICK)
    except NoPostgres as error:
        pytest.skip(str(error))
    yield cluster
    cluster.remove()


@pytest.fixture
def environment(tmp_path: Path, engine: str, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings of the server under test; a test may add to them before it asks for the house."""
    settings = {"REMOTEHANDS_DATA": str(tmp_path / "data"), "REMOTEHANDS_MIN_FREE": "1000"}
    is_furnished = "house" in request.fixturenames
    if engine == "sqlite":
        if is_furnished:
            shutil.copytree(request.getfixturevalue("furnished"), settings["REMOTEHANDS_DATA"])
        yield settings
        return
    cluster = request.getfixturevalue("cluster")
    template = request.getfixturevalue("furnished_database") if is_furnished else "template1"
    name = f"test_{secrets.token_hex(6)}"
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield settings | {"REMOTEHANDS_DATABASE_URL": cluster.url(name), "REMOTEHANDS_MASTER_KEY": MASTER_KEY}
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")


async def _furnish(settings: dict[str, str]) -> None:
    async with opened_house(read_settings(settings)) as house:
        await house.db.migrate()
        await load_worlds(house)
        await access.Keys(house).signing()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the cast in it, made once and copied for each test."""
    data = tmp_path_factory.mktemp("furnished") / "data"
    asyncio.run(_furnish({"REMOTEHANDS_DATA": str(data)}))
    return data


@pytest.fixture(scope="session")
def furnished_database(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the cast in it, made once and copied for each test."""
    cluster.sql("CREATE DATABASE furnished")
    data = tmp_path_factory.mktemp("furnished-postgres")
    settings = {"REMOTEHANDS_DATA": str(data), "REMOTEHANDS_MASTER_KEY": MASTER_KEY}
    asyncio.run(_furnish(settings | {"REMOTEHANDS_DATABASE_URL": cluster.url("furnished")}))
    return "furnished"


@pytest.fixture
async def house(environment: dict[str, str], clock: SettableClock) -> AsyncIterator[House]:
    """A house with the cast in the playground and in production."""
    async with opened_house(read_settings(environment), clock) as house:
        yield house


async def load_worlds(house: House) -> None:
    for file in WORLDS:
        await load_file(house, file)


async def load_file(house: House, file: Path) -> None:
    wanted = world.read_world(file)
    async with house.db.write(EVERY_TENANT) as tx:
        act = Act(tx, By(name="tests", environment=wanted.environment), house.now())
        await world.apply(act, await world.plan(act, wanted))


async def load_text(house: House, text: str) -> None:
    """Load a world file that a test writes down."""
    file = house.settings.data / "more.toml"
    file.write_text(text)
    await load_file(house, file)


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def web(house: House, health: Health) -> AsyncIterator[httpx.AsyncClient]:
    """The web application without a socket; nothing is signed in."""
    transport = httpx.ASGITransport(front_door(house, health), client=("127.0.0.1", 12345))
    async with httpx.AsyncClient(transport=transport, base_url="http://hands.test") as web:
        yield web


async def _person(web: httpx.AsyncClient, client_id: str, pair: tuple[str, str] | None = None) -> Person:
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": f"secret-of-{client_id}-0123456789abcdef-0123",
    }
    answer = await web.post("/v2/auth/token", data=form)
    assert answer.status_code == 200, answer.text
    return Person(web, answer.json()["access_token"], pair)


EXAMPLE = ("100123", "0011A00001AaAB1ABC")
LABS = ("100123", "0011A00001BbCD2DEF")
SAMPLE = ("200456", "0022B00002CcEF3GHI")


@pytest.fixture
async def ada(web: httpx.AsyncClient) -> Person:
    """A customer of Example Ltd with the permission."""
    return await _person(web, "ada", EXAMPLE)


@pytest.fixture
async def ada_at_labs(web: httpx.AsyncClient) -> Person:
    """The same person on her other account, under the same master account."""
    return await _person(web, "ada", LABS)


@pytest.fixture
async def bob(web: httpx.AsyncClient) -> Person:
    """Ada's colleague on the same account."""
    return await _person(web, "bob", EXAMPLE)


@pytest.fixture
async def eve(web: httpx.AsyncClient) -> Person:
    """Ada's colleague without the permission."""
    return await _person(web, "eve", EXAMPLE)


@pytest.fixture
async def max(web: httpx.AsyncClient) -> Person:  # noqa: A001 - his name
    """A customer of another master account."""
    return await _person(web, "max", SAMPLE)


@pytest.fixture
async def pia(web: httpx.AsyncClient) -> Person:
    """A customer in production, whose account has the ids of Ada's in the playground."""
    return await _person(web, "pia", EXAMPLE)


@pytest.fixture
async def tom(web: httpx.AsyncClient) -> Desk:
    """A technician at PHX015 only."""
    return Desk(await _person(web, "tom"))


@pytest.fixture
async def tess(web: httpx.AsyncClient) -> Desk:
    """A technician everywhere."""
    return Desk(await _person(web, "tess"))


@pytest.fixture
async def dora(web: httpx.AsyncClient) -> Desk:
    """A dispatcher."""
    return Desk(await _person(web, "dora"))


@pytest.fixture
async def rita(web: httpx.AsyncClient) -> Desk:
    """An administrator of the operator's."""
    return Desk(await _person(web, "rita"))


@pytest.fixture
async def otto(web: httpx.AsyncClient) -> Desk:
    """A dispatcher in production."""
    return Desk(await _person(web, "otto"))


@pytest.fixture
def serve(environment: dict[str, str]) -> Iterator[Callable[..., Server]]:
    """Start `remotehandsd serve` as a user would, on a free port; what was started is ended."""
    started: list[Server] = []

    def start(*options: str, wait: bool = True) -> Server:
        server = Server(environment, *options)
        started.append(server)
        if wait:
            server.wait_until_ready()
        return server

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def command(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `remotehandsd` with arguments and return what it said."""

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "remotehandsd", *map(str, arguments)],
            env={"PATH": os.environ["PATH"], **environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
