"""What PostgreSQL and its driver say when something goes wrong, sorted: another try, wrong settings, or our bug."""

import asyncpg

from remotehandsd.kit.db.face import Unavailable, WrongDatabase

PASSING = (
    "08",  # the connection
    "25006",  # a read-only database: a standby, or one that was set so
    "40",  # a deadlock, a serialization that failed
    "53",  # disk, memory or connections are used up
    "55P03",  # a lock that was not to be had
    "57",  # it is told to stop, or starts, or a statement took too long
    "58",  # the disk fails
)
"""Beginnings of SQLSTATE: faults of the machine or of the moment. Another try may succeed."""
SETTINGS = ("28", "3D", "42501")
"""It refuses this user, or has no such database: while serving, somebody may be about to mend it."""

GONE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
)
"""The server cannot be reached, or was not heard any more. An InternalClientError is what the driver makes of a
connection that was told to end while it rested."""
FAULTS = (*GONE, asyncpg.PostgresError)
"""All that the driver raises because of the other side."""


def sorted_fault(error: Exception) -> Exception:
    """Return Unavailable for a fault of machine, network or settings; a bug of ours as it is."""
    state = _state(error)
    if state is not None and not state.startswith(PASSING + SETTINGS):
        return error
    return unavailable(error)


def unavailable(error: Exception) -> Unavailable:
    """Return the passing fault. Its text is for the log; the driver puts no password into it."""
    if isinstance(error, TimeoutError):
        return Unavailable("PostgreSQL did not answer in time.")
    return Unavailable(f"PostgreSQL: {_words(error)}.")


def starting_fault(error: Exception, setting: str) -> Exception:
    """Return what a program that begins says: here what the server refuses is no passing fault."""
    state = _state(error)
    if isinstance(error, asyncpg.ClientConfigurationError) or (state and not state.startswith(PASSING)):
        advice = ADVICE if state == "42501" else ""
        return WrongDatabase(f"{setting}: PostgreSQL refuses it: {_words(error)}.{advice}")
    return unavailable(error)


ADVICE = (
    " If the role may not see the tables yet, run `remotehandsd migrate` with REMOTEHANDS_MIGRATION_URL, the owner's."
)


def _words(error: Exception) -> str:
    return str(error).rstrip(".")


def _state(error: Exception) -> str | None:
    """Return the SQLSTATE of what the server said; None when it was the driver who spoke."""
    return str(error.sqlstate) if isinstance(error, asyncpg.PostgresError) else None
