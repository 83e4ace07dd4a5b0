"""A registration: somebody who asks to be let into an environment."""

from enum import StrEnum

import msgspec

from remotehandsd.act import Environment
from remotehandsd.kit.db import Row


class State(StrEnum):
    """Where a registration stands. An unconfirmed one is seen by administrators alone."""

    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Registration(msgspec.Struct, frozen=True):
    """Who asks, why, and what the answer was. Times are seconds since 1970, UTC."""

    key: int
    environment: Environment
    email: str
    name: str
    company: str
    reason: str
    state: State
    asked_at: int
    decided_at: int | None
    decided_by: str
    answer: str


def registration(row: Row) -> Registration:
    """Return the registration of a row with all its columns."""
    key, environment, email, name, company, reason, state, asked_at, decided_at, decided_by, answer = row
    return Registration(
        key,
        Environment(environment),
        email,
        name,
        company,
        reason,
        State(state),
        asked_at,
        decided_at,
        decided_by,
        answer,
    )
