"""Rules for what a customer says of a webhook: all faults at once."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from remotehandsd.errors import Fault, Invalid, Rule
from remotehandsd.events import TOLD
from remotehandsd.kit.db import can_be_kept
from remotehandsd.kit.outbound import BadAddress, read_url
from remotehandsd.webhooks.webhook import LONGEST_DESCRIPTION

FIELDS = ("url", "events", "description", "active")


class Wanted(msgspec.Struct, frozen=True):
    """What was said of a webhook and can be; None for what was not said."""

    url: str | None
    types: tuple[str, ...] | None
    description: str | None
    is_active: bool | None


def wanted(fields: Mapping[str, Any], *, may_be_private: bool, is_new: bool) -> Wanted:
    """Return what the fields say; Invalid names every fault. A null is as if nothing was said."""
    given = {name: fields.get(name) for name in FIELDS}
    faults = [
        *_url(given["url"], may_be_private=may_be_private, is_new=is_new),
        *_events(given["events"]),
        *_description(given["description"]),
        *_active(given["active"]),
    ]
    if faults:
        raise Invalid(*faults)
    types = given["events"]
    return Wanted(
        given["url"],
        None if types is None else tuple(type_ for type_ in TOLD if type_ in types),
        given["description"],
        given["active"],
    )


def _wrong(field: str, sentence: str) -> Fault:
    return Fault(field, Rule.WRONG_VALUE, sentence)


def _url(value: object, *, may_be_private: bool, is_new: bool) -> Iterator[Fault]:
    if value is None:
        if is_new:
            yield Fault("url", Rule.MISSING, "This is needed.")
    elif not isinstance(value, str):
        yield _wrong("url", "This must be a text.")
    else:
        try:
            read_url(value, may_be_private=may_be_private)
        except BadAddress as error:
            yield _wrong("url", error.sentence)


def _events(value: object) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, list) or not value:
        yield _wrong("events", "This must be a list with at least one event type; without it all are told.")
    elif not all(isinstance(type_, str) and type_ in TOLD for type_ in value):
        yield _wrong("events", f"The event types are {', '.join(TOLD)}.")


def _description(value: object) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, str) or not can_be_kept(value):
        yield _wrong("description", "This must be a text.")
    elif len(value) > LONGEST_DESCRIPTION:
        sentence = f"At most {LONGEST_DESCRIPTION} characters are possible."
        yield Fault("description", Rule.TOO_LONG, sentence, LONGEST_DESCRIPTION)


def _active(value: object) -> Iterator[Fault]:
    if value is not None and not isinstance(value, bool):
        yield _wrong("active", "This must be true or false.")
