"""Structured log lines on stderr: JSON for machines, plain for a person at a terminal."""

import logging
import sys
from typing import Any

import msgspec
import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}

_encoder = msgspec.json.Encoder(enc_hook=str)


def _as_json(_logger: Any, _name: str, line: dict[str, Any]) -> bytes:
    return _encoder.encode(line)


def start(level: str) -> None:
    """Send every line of this process to stderr, those of libraries included."""
    person = sys.stderr.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: list[Any] = (
        [structlog.dev.ConsoleRenderer()] if person else [structlog.processors.format_exc_info, _as_json]
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


class _FromLibraries(logging.Handler):
    """Carries the standard library's log records into ours."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger(record.name).log(record.levelno, record.getMessage(), exc_info=record.exc_info)
