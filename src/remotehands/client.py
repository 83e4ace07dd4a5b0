"""The two clients: one for ordinary programs, one for asyncio, with the same calls."""

from types import TracebackType
from typing import Self

from remotehands.caller import Caller
from remotehands.places import Places
from remotehands.settings import Settings, read_settings
from remotehands.tickets import Tickets
from remotehands.ways import Awaiting, Blocking

TIMEOUT_SECONDS = 60.0
ATTEMPTS = 4
PATIENCE_SECONDS = 60.0


class Client(Places[Blocking]):
    """A customer of one server, for one account. Threads may share it.

    What is not given is taken from the environment (`REMOTEHANDS_URL`, `REMOTEHANDS_CLIENT_ID`,
    `REMOTEHANDS_CLIENT_SECRET`, `REMOTEHANDS_ACCOUNT`), then from the profile that is named here or by
    `REMOTEHANDS_PROFILE`, else from the one that `remotehands login` keeps. Nothing is sent before the first call.

    `timeout` is how many seconds the server may be silent; a request is sent at most `attempts` times, with pauses of
    at most `patience` seconds together. Raises `WrongSetting`.
    """

    def __init__(  # noqa: PLR0913 - where, who, and how patiently
        self,
        base_url: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        account: str | None = None,
        *,
        profile: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        attempts: int = ATTEMPTS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        settings = _settings(base_url, client_id, client_secret, account, profile)
        way = Blocking(settings.base_url, timeout)
        super().__init__(Caller(settings, way, attempts=attempts, patience=patience), way)
        self.tickets = Tickets[Blocking](self._caller, way)

    def close(self) -> None:
        """Close the connections."""
        self._way.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(Places[Awaiting]):
    """The same as `Client` for asyncio: every call is awaited, every list gone through with `async for`.

    Uploads are read from the disk on the event loop, a piece of 64 KiB at a time.
    """

    def __init__(  # noqa: PLR0913 - where, who, and how patiently
        self,
        base_url: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        account: str | None = None,
        *,
        profile: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        attempts: int = ATTEMPTS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        settings = _settings(base_url, client_id, client_secret, account, profile)
        way = Awaiting(settings.base_url, timeout)
        super().__init__(Caller(settings, way, attempts=attempts, patience=patience), way)
        self.tickets = Tickets[Awaiting](self._caller, way)

    async def close(self) -> None:
        """Close the connections."""
        await self._way.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _settings(*given: str | None) -> Settings:
    *values, profile = given
    names = ("base_url", "client_id", "client_secret", "account")
    return read_settings(dict(zip(names, values, strict=True)), profile)
