"""The refusals: what the house says when it will not do what was asked.

Each carries a sentence for the person who asked. Doors give them their status codes; nothing here knows HTTP.
"""

import math
from enum import StrEnum

import msgspec


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Something that was asked for and is not done."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotSignedIn(Refusal):
    """Nobody we know: the token is missing, made up, or over."""


class NotAllowed(Refusal):
    """Somebody we know, without the right to do this here."""


class NotFound(Refusal):
    """No such thing, or not one of yours: the two are never told apart."""


class WrongMoment(Refusal):
    """The ticket's status does not allow this now."""

    def __init__(self, status: str, sentence: str = "") -> None:
        super().__init__(sentence or f"This is not possible while the ticket is {status}.")
        self.status = status


class StillRunning(Refusal):
    """The same request, under the same key, is being done just now."""


class AlreadyUsed(Refusal):
    """The key stands for another request."""


class HasChanged(Refusal):
    """The ticket is no longer the one that the change was meant for."""


class Rule(StrEnum):
    """What a field can do wrong."""

    MISSING = "missing"
    WRONG_VALUE = "wrong value"
    TOO_LONG = "too long"
    TOO_MANY = "too many"
    BAD_EMAIL = "bad e-mail"
    MISMATCH = "does not go together"


class Fault(msgspec.Struct, frozen=True):
    """One field, the rule that it broke, and a sentence about it."""

    field: str
    rule: Rule
    sentence: str
    limit: int = 0


class Invalid(Refusal):
    """What was sent breaks rules about its fields; all of them are named, in the order of the fields."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.sentence for fault in faults))
        self.faults = faults


class TooLarge(Refusal):
    """More bytes than the operator allows for a file, a ticket or a body."""


class Limited(Refusal):
    """Asked too often; `seconds` says after how many it may be asked again."""

    def __init__(self, seconds: float, sentence: str = "") -> None:
        super().__init__(sentence or "That was asked too often. Try again later.")
        self.seconds = math.ceil(seconds)


class LostRace(Exception):  # noqa: N818
    """Somebody changed the row between load and save. The door loads and decides once more, then gives up."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status
