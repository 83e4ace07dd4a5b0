"""A server that knows only the contract, and clients of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from odd import Family, serving
from remotehands import AsyncClient, Client


@pytest.fixture(autouse=True)
def _no_settings_of_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "ACCOUNT", "PROFILE"):
        monkeypatch.delenv(f"REMOTEHANDS_{name}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.fixture
def address(family: Family) -> Iterator[str]:
    with serving(family) as url:
        yield url


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, "id", "secret") as client:
        yield client


@pytest.fixture
def async_client(address: str) -> AsyncClient:
    return AsyncClient(address, "id", "secret")


@pytest.fixture
def patient(address: str) -> Iterator[Callable[..., Client]]:
    """A client with a patience of the test's own."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(Client(address, "id", "secret", **more))
