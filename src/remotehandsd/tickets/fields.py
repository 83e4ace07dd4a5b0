"""Rules for the fields of a ticket, as a form would check them: all faults at once, in the table's order."""

from collections.abc import Iterator, Mapping
from typing import Any

from remotehandsd.errors import Fault, Invalid, Rule
from remotehandsd.kit.db import can_be_kept
from remotehandsd.people import is_email, split_recipients
from remotehandsd.tickets.catalogue import EVERY_CATEGORY, REQUEST_TYPES, go_together
from remotehandsd.tickets.ticket import LIMITS, SITE_LENGTH

OPENING = (
    "title",
    "site",
    "location",
    "request_type",
    "category",
    "instruction",
    "customer_reference",
    "reference_ticket",
    "recipients",
)
"""What a customer may say when he opens a ticket, in the order in which it is checked."""
SHOWN = 60
"""So much of what is no address is shown to who typed it."""


def is_text(value: object) -> bool:
    """Tell whether a value can be kept as text: a string without a NUL."""
    return isinstance(value, str) and can_be_kept(value)


def is_missing(value: object) -> bool:
    """Tell whether a mandatory value was not given: absent, null, empty or blank."""
    return value is None or (isinstance(value, str) and not value.strip() and "\0" not in value)


def missing(field: str) -> Fault:
    """Say that a mandatory field is not there."""
    return Fault(field, Rule.MISSING, "This is needed.")


def wrong(field: str, sentence: str = "This is not a value that is possible here.") -> Fault:
    """Say that a value is none that the field can have."""
    return Fault(field, Rule.WRONG_VALUE, sentence)


def optional_text(field: str, value: object) -> Iterator[Fault]:
    """Check a text that need not be there against its longest length."""
    if value is None:
        return
    if not isinstance(value, str) or not is_text(value):
        yield wrong(field, "This must be a text.")
    elif len(value) > LIMITS[field]:
        yield Fault(field, Rule.TOO_LONG, f"At most {LIMITS[field]} characters are possible.", LIMITS[field])


def mandatory_text(field: str, value: object) -> Iterator[Fault]:
    """Check a text that must be there and not blank."""
    if is_missing(value):
        yield missing(field)
    else:
        yield from optional_text(field, value)


def recipients(value: object) -> Iterator[Fault]:
    """Check a comma-separated list of addresses; `""` means none."""
    faults = list(optional_text("recipients", value))
    yield from faults
    if isinstance(value, str) and not faults:
        first = next((one for one in split_recipients(value) if not is_email(one)), None)
        if first is not None:
            yield Fault("recipients", Rule.BAD_EMAIL, _no_address(first))


def _no_address(text: str) -> str:
    if not text.strip():
        return "There is a comma without an address beside it."
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
    return f"'{shown}' is not an e-mail address."


def _site(value: object) -> Iterator[Fault]:
    if is_missing(value):
        yield missing("site")
    elif not isinstance(value, str) or not is_text(value) or len(value) != SITE_LENGTH:
        yield wrong("site", f"A site's code has {SITE_LENGTH} characters.")


def _request_type(value: object) -> Iterator[Fault]:
    if is_missing(value):
        yield missing("request_type")
    elif not isinstance(value, str) or value not in REQUEST_TYPES:
        yield wrong("request_type")


def _category(value: object, request_type: object) -> Iterator[Fault]:
    """Check a category by itself; next to a wrong request type only its absence is worth a word."""
    type_is_known = isinstance(request_type, str) and request_type in REQUEST_TYPES
    if type_is_known and not (isinstance(value, str) and value in EVERY_CATEGORY):
        yield wrong("category")
    if is_missing(value):
        yield missing("category")


def opening_faults(fields: Mapping[str, Any]) -> Iterator[Fault]:
    """Check what a ticket is opened with. The rule about two fields comes first, as recorded of the family."""
    request_type, category = fields.get("request_type"), fields.get("category")
    if isinstance(request_type, str) and request_type in REQUEST_TYPES and not go_together(request_type, category):
        yield Fault("category", Rule.MISMATCH, f"{request_type} does not have this category.")
    yield from mandatory_text("title", fields.get("title"))
    yield from _site(fields.get("site"))
    yield from optional_text("location", fields.get("location"))
    yield from _request_type(request_type)
    yield from _category(category, request_type)
    for field in ("instruction", "customer_reference", "reference_ticket"):
        yield from optional_text(field, fields.get(field))
    yield from recipients(fields.get("recipients"))


def editing_faults(fields: Mapping[str, Any]) -> Iterator[Fault]:
    """Check what a customer may change of an open ticket."""
    yield from optional_text("customer_reference", fields.get("customer_reference"))
    yield from recipients(fields.get("recipients"))


def refuse(faults: Iterator[Fault]) -> None:
    """Raise Invalid with every fault that there is."""
    found = tuple(faults)
    if found:
        raise Invalid(*found)
