"""Who is told of what: the ticket's recipients and its author, each what concerns him."""

from collections.abc import Mapping, Sequence

from remotehandsd.events import Told
from remotehandsd.people import split_recipients

CONFIRMED = frozenset({"ticket.created", "ticket.cancellation_requested"})
"""Orders are confirmed to who gave them, too: somebody else may have given them in his name."""


def audience(happened: Sequence[Told], author: str | None, recipients: str, addresses: Mapping[int, str]) -> list[str]:
    """Return the addresses that something of this concerns, the author's first, each once, whatever its case.

    `addresses` are those of the users who did it.
    """
    listed = ([author] if author else []) + split_recipients(recipients)
    once = {address.lower(): address for address in reversed(listed)}
    order = dict.fromkeys(address.lower() for address in listed)
    return [once[folded] for folded in order if any(concerns(event, folded, addresses) for event in happened)]


def concerns(event: Told, address: str, addresses: Mapping[int, str]) -> bool:
    """Tell whether somebody (his address in small letters) is to be mailed because of this.

    Nobody is told what he did himself, but for orders. A change of the fields concerns who is new on the list.
    """
    if event.type in CONFIRMED:
        return True
    if event.type == "ticket.updated":
        return address in newly_listed(event)
    return event.user is None or addresses.get(event.user, "").lower() != address


def concerns_the_desk(happened: Sequence[Told]) -> bool:
    """Tell whether the operator's own addresses are told: of everything but whom the customer tells."""
    return any(event.type != "ticket.updated" for event in happened)


def newly_listed(event: Told) -> set[str]:
    """Return the addresses, in small letters, that a change put on the ticket's list."""
    return _folded(event.after.get("recipients", "")) - _folded(event.before.get("recipients", ""))


def _folded(recipients: str) -> set[str]:
    return {address.lower() for address in split_recipients(recipients)}
