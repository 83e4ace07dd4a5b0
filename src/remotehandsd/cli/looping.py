"""The event loop of every command: the quick one where the system has it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress


def new_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return who makes the loop; None for Python's own."""
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415 - not on every system

        return uvloop.new_event_loop
    return None
