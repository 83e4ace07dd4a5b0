"""The two ways to wait: blocking, for programs that do one thing at a time, and awaiting, under asyncio.

The core is written once, as coroutines. The blocking way hands it parts that never suspend, and so runs a coroutine
from its beginning to its end in one step.
"""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Protocol, TypeVar

import httpx2

from remotehands import travel
from remotehands.exchange import Answer, Request

R = TypeVar("R")
Alone = AbstractAsyncContextManager[Any]


class Way(Protocol):
    """How the core's coroutines send, pause, and take turns."""

    def turn(self) -> Alone:
        """Return something that one at a time can be in."""

    async def pause(self, seconds: float) -> None:
        """Wait."""

    async def send(self, request: Request) -> Answer:
        """Send a request once."""


class Blocking:
    """The way of `Client`; threads may share it."""

    def __init__(self, base_url: str, timeout: float) -> None:
        self._base_url = base_url
        self._http = httpx2.Client(**travel.options(base_url, timeout))

    def turn(self) -> Alone:
        """Return something that one thread at a time can be in."""
        return _Turn()

    async def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)  # noqa: ASYNC251 - nothing else waits here

    async def send(self, request: Request) -> Answer:
        """Send a request once."""
        with (
            travel.faults(self._base_url),
            travel.packed(request) as packed,
            self._http.stream(**packed) as response,
        ):
            if request.sink and travel.begins(request, response):
                for piece in response.iter_bytes(travel.PIECE):
                    request.sink.write(piece)
                    request.sink.tell()
                return travel.unpacked(response, with_body=False)
            response.read()
            return travel.unpacked(response, with_body=True)

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Return what a coroutine of the core comes to."""
        try:
            coroutine.send(None)
        except StopIteration as end:
            result: R = end.value
            return result
        raise RuntimeError("The blocking way was suspended.")

    def iterate(self, items: AsyncGenerator[R, None]) -> Iterator[R]:
        """Give one after the other what a generator of the core gives."""
        try:
            while True:
                try:
                    yield self.run(_step(items))
                except StopAsyncIteration:
                    return
        finally:
            self.run(_end(items))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class Awaiting:
    """The way of `AsyncClient`, under asyncio."""

    def __init__(self, base_url: str, timeout: float) -> None:
        self._base_url = base_url
        self._http = httpx2.AsyncClient(**travel.options(base_url, timeout))

    def turn(self) -> Alone:
        """Return something that one task at a time can be in."""
        return asyncio.Lock()

    async def pause(self, seconds: float) -> None:
        """Sleep, and let others go on."""
        await asyncio.sleep(seconds)

    async def send(self, request: Request) -> Answer:
        """Send a request once. A download is written by a thread, so that a slow disk holds nobody up."""
        with travel.faults(self._base_url), travel.packed(request) as packed:
            async with self._http.stream(**packed) as response:
                if request.sink and travel.begins(request, response):
                    async for piece in response.aiter_bytes(travel.PIECE):
                        await asyncio.to_thread(request.sink.write, piece)
                        request.sink.tell()
                    return travel.unpacked(response, with_body=False)
                await response.aread()
                return travel.unpacked(response, with_body=True)

    def run(self, coroutine: Coroutine[Any, Any, R]) -> Coroutine[Any, Any, R]:
        """Return the coroutine, for its caller to await."""
        return coroutine

    def iterate(self, items: AsyncGenerator[R, None]) -> AsyncGenerator[R, None]:
        """Return the generator, for its caller to go through."""
        return items

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class _Turn:
    """A thread's lock, in the form that coroutines use."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    async def __aenter__(self) -> None:
        self._lock.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


async def _step(items: AsyncGenerator[R, None]) -> R:
    return await anext(items)


async def _end(items: AsyncGenerator[Any, None]) -> None:
    await items.aclose()
