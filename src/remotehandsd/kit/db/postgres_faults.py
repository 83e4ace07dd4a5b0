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
    """Return Unavailable for a fault of machine, network or settings; a bug of ours as it is.

    The text is for the log; the driver puts no password into it.
    """
    if isinstance(error, TimeoutError):
        return Unavailable("PostgreSQL did not answer in time.")
    state = _state(error)
    if state is not None and not state.startswith(PASSING + SETTINGS):
        return error
    return Unavailable(f"PostgreSQL: {error}.")


def starting_fault(error: Exception) -> Exception:
    """Return what a program that begins says: here settings that are wrong are no passing fault."""
    if (_state(error) or "").startswith(SETTINGS) or isinstance(error, asyncpg.ClientConfigurationError):
        return WrongDatabase(f"REMOTEHANDS_DATABASE_URL: PostgreSQL refuses it: {error}.")
    return sorted_fault(error)


def _state(error: Exception) -> str | None:
    """Return the SQLSTATE of what the server said; None when it was the driver who spoke."""
    return str(error.sqlstate) if isinstance(error, asyncpg.PostgresError) else None
