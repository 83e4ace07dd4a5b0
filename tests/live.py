"""A server with the cast in it, and the published client on it, as every customer would use them."""

import secrets
import shutil
from collections.abc import Callable, Iterator

import httpx
import pytest

from cast import Server
from remotehands import Client

SECRET = "secret-of-{}-0123456789abcdef-0123"
Connect = Callable[..., Client]

NEW = {
    "title": "Reboot the firewall in rack 7",
    "site": "PHX015",
    "request_type": "Urgent Work",
    "category": "Power cycle or reboot",
}
"""The least that a ticket needs, in the client's words."""


@pytest.fixture(scope="session")
def live_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Server]]:
    """One server for each engine, started when it is first asked for; tests keep to tickets of their own."""
    started: dict[str, Server] = {}

    def server(engine: str) -> Server:
        if engine not in started:
            data = tmp_path_factory.mktemp(f"live-{engine}") / "data"
            settings = {"REMOTEHANDS_DATA": str(data), "REMOTEHANDS_MIN_FREE": "1000"}
            if engine == "sqlite":
                shutil.copytree(request.getfixturevalue("furnished"), data)
            else:
                settings |= request.getfixturevalue("furnished_elsewhere")
            started[engine] = Server(settings)
            started[engine].wait_until_ready()
        return started[engine]

    yield server
    for each in started.values():
        each.kill()


@pytest.fixture(scope="session")
def furnished_elsewhere(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The settings of a server on a PostgreSQL database of its own, with the cast in it."""
    cluster = request.getfixturevalue("cluster")
    name = f"live_{secrets.token_hex(6)}"
    cluster.sql(f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('furnished_database')}")
    key = request.getfixturevalue("master_key")
    yield {"REMOTEHANDS_DATABASE_URL": cluster.url(name), "REMOTEHANDS_MASTER_KEY": key}
    cluster.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def live(live_servers: Callable[[str], Server], engine: str) -> Server:
    """The server on the engine under test."""
    return live_servers(engine)


@pytest.fixture
def connect(live: Server) -> Iterator[Connect]:
    """Give somebody of the cast a client of the server under test."""
    opened: list[Client] = []

    def client(name: str, account: str | None = None, **more: object) -> Client:
        opened.append(Client(live.url, name, SECRET.format(name), account, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield client
    for each in opened:
        each.close()


@pytest.fixture
def raw(live: Server) -> Iterator[Callable[..., httpx.Client]]:
    """Give somebody a plain HTTP client with a token and account headers."""
    opened: list[httpx.Client] = []

    def signed_in(name: str, pair: tuple[str, str] = ("100123", "0011A00001AaAB1ABC")) -> httpx.Client:
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": SECRET.format(name)}
        token = httpx.post(f"{live.url}/v2/auth/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Master-Account-Id": pair[0], "Account-Id": pair[1]}
        opened.append(httpx.Client(base_url=live.url, headers=headers, timeout=30))
        return opened[-1]

    yield signed_in
    for each in opened:
        each.close()


@pytest.fixture
def dora_does(raw: Callable[..., httpx.Client]) -> Callable[[str, str], None]:
    """Let the dispatcher make a move such as `start` on a ticket."""

    def does(move: str, id_: str) -> None:
        answer = raw("dora").post(f"/operator/v1/tickets/{id_}/{move}")
        assert answer.status_code == 200, answer.text

    return does


@pytest.fixture
def customer(connect: Connect) -> Client:
    """Ada: a customer of Example Ltd with the permission."""
    return connect("ada")


@pytest.fixture
def stranger(connect: Connect) -> Client:
    """Max: a customer of another master account."""
    return connect("max")
