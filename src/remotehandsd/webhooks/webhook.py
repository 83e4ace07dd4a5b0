"""A webhook: an address of a customer's, and what is told there."""

import secrets

import msgspec

from remotehandsd.events import TOLD

MOST_WEBHOOKS = 20
"""Webhooks of one account."""
LONGEST_DESCRIPTION = 255
GONE = 410
TEST = "webhook.test"
"""The type of what is sent to try a webhook; it is no event, and no webhook need ask for it."""


class Webhook(msgspec.Struct, frozen=True):
    """An address and the event types that are told there; without any, all there are and will be.

    One that is not active is told nothing: its owner or the house has switched it off.
    """

    key: int
    id: str
    url: str
    types: tuple[str, ...]
    description: str
    is_active: bool
    made_at: int

    @property
    def events(self) -> tuple[str, ...]:
        """Return the event types that are told there."""
        return self.types or TOLD

    def wants(self, type: str) -> bool:  # noqa: A002 - the field's own word
        """Tell whether an event of this type is told there."""
        return not self.types or type in self.types


class Outcome(msgspec.Struct, frozen=True):
    """How an attempt went: when it began, the status (None without an answer), how long, and what was wrong."""

    at: int
    status: int | None
    milliseconds: int
    error: str = ""

    @property
    def is_gone(self) -> bool:
        """Tell whether the receiver said that it wants nothing any more."""
        return self.status == GONE


class Attempt(msgspec.Struct, frozen=True):
    """One attempt: of which event, when, the status (None without an answer), how long it took, what was wrong."""

    key: int
    name: str
    type: str
    at: int
    status: int | None
    milliseconds: int
    error: str

    @property
    def id(self) -> str:
        """Return the attempt's id as customers know it."""
        return f"att_{self.key:x}"


def new_id() -> str:
    """Return an id for a webhook, which nobody can guess."""
    return f"wh_{secrets.token_hex(12)}"
