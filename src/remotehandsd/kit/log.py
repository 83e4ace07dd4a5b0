"""Structured log lines on stderr: JSON for machines, plain for a person at a terminal."""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from select import PIPE_BUF
from typing import Any

import msgspec
import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

_encoder = msgspec.json.Encoder(enc_hook=str)


def _as_json(_logger: Any, _name: str, line: dict[str, Any]) -> bytes:
    return _encoder.encode(line)


def _with_pid(_logger: Any, _name: str, line: Any) -> Any:
    return {**_state.pid, **line}


def say_pid() -> None:
    """Put this process's number into every line from now on: for one of several that write to one place."""
    _state.pid = {"pid": os.getpid()}


def start(level: str) -> None:
    """Send every line of this process to stderr, those of libraries included."""
    person = sys.stderr.isatty()
    _state.is_quick, _state.is_wanted = not person, LEVELS[level] <= LEVELS["info"]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _with_pid,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if person
        else [structlog.processors.format_exc_info, _as_json]
    )
    structlog.configure(
        processors=[*shared, *ending],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if person
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[_FromLibraries()], level=max(LEVELS[level], logging.WARNING), force=True)


@lru_cache(4)
def _second(at: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))


def request(about: dict[str, Any]) -> None:
    """Write the line about one request: of the same shape as every other, without the processors' detours.

    Measured, those took a tenth of a small request's time, and there is such a line for every one.
    """
    if not _state.is_quick:
        structlog.get_logger("web").info("request", **about)
        return
    at = time.time()
    stamp = f"{_second(int(at))}.{int(at % 1 * 1_000_000):06}Z"
    line = {**_state.pid, **about, "event": "request", "level": "info", "timestamp": stamp}
    if not _state.waiting:
        # What ends in one turn of the loop goes out together.
        asyncio.get_running_loop().call_soon(_write_waiting)
    _state.waiting.append(_encoder.encode(line) + b"\n")


def _write_waiting() -> None:
    lines, _state.waiting = _state.waiting, []
    for piece in _pieces(lines):
        sys.stderr.buffer.write(piece)
        sys.stderr.buffer.flush()


def _pieces(lines: list[bytes]) -> Iterator[bytes]:
    """Join lines to no more than a pipe takes at once: another process must not write into the middle of one."""
    piece = b""
    for line in lines:
        if piece and len(piece) + len(line) > PIPE_BUF:
            yield piece
            piece = b""
        piece += line
    yield piece


class _State:
    """Whether lines of requests go out as JSON, past the processors; whether at all; whose they are; which wait."""

    is_quick = False
    is_wanted = True

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.pid: dict[str, int] = {}


_state = _State()


def wants_requests() -> bool:
    """Tell whether the level lets lines of requests out."""
    return _state.is_wanted


class _FromLibraries(logging.Handler):
    """Carries the standard library's log records into ours."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), exc_info=record.exc_info)
