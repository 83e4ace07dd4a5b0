"""One thing that a world file names, and what can be wrong with a file."""

from enum import StrEnum
from typing import Any

import msgspec


class WrongWorld(Exception):  # noqa: N818
    """A world file with faults: every one of them, each with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Kind(StrEnum):
    """What there is, in the order in which it must come to be."""

    SITE = "site"
    LOCATION = "location"
    MASTER = "master account"
    ACCOUNT = "account"
    USER = "user"
    STAFF = "staff"
    APP = "app"


class Entry(msgspec.Struct, frozen=True):
    """One thing named: its kind, its id within the environment, the fields that the file gives, and its place."""

    kind: Kind
    id: str
    given: dict[str, Any]
    place: str
