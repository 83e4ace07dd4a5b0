"""Who is told of what: the ticket's recipients and its author, each what concerns him."""

from collections.abc import Callable, Mapping, Sequence

from remotehandsd.events import Told
from remotehandsd.people import split_recipients

CONFIRMED = frozenset({"ticket.created", "ticket.cancellation_requested"})
"""Orders are confirmed to who gave them, too: somebody else may have given them in his name."""
LOOKED_AT = 20
"""Changes of the list among which it is looked for who put an address there."""


def audience(happened: Sequence[Told], author: str | None, recipients: str, addresses: Mapping[int, str]) -> list[str]:
    """Return the addresses that something of this concerns, the author's first, each once, whatever its case.

    `addresses` are those of the users who did it.
    """
    listed = ([author] if author else []) + split_recipients(recipients)
    once = {address.lower(): address for address in reversed(listed)}
    order = dict.fromkeys(address.lower() for address in listed)
    is_concerned = _concerned(happened, addresses)
    return [once[folded] for folded in order if is_concerned(folded)]


def _concerned(happened: Sequence[Told], addresses: Mapping[int, str]) -> Callable[[str], bool]:
    """Return what tells whether somebody (his address in small letters) is to be mailed because of this.

    Nobody is told what he did himself, but for orders. A change of the fields concerns who is new on the list. A list
    can have thousands of addresses, and a minute hundreds of changes: each is looked at once.
    """
    if any(event.type in CONFIRMED for event in happened):
        return lambda address: True
    new = newly_listed(happened)
    others = [event for event in happened if event.type != "ticket.updated"]
    doers = {addresses.get(event.user, "").lower() if event.user is not None else "" for event in others}
    return lambda address: address in new or bool(doers - {address})


def concerns_the_desk(happened: Sequence[Told]) -> bool:
    """Tell whether the operator's own addresses are told: of everything but whom the customer tells."""
    return any(event.type != "ticket.updated" for event in happened)


def newly_listed(happened: Sequence[Told]) -> set[str]:
    """Return the addresses, in small letters, that are on the ticket's list after all this and were not before."""
    changes = [event for event in happened if event.type == "ticket.updated" and "recipients" in event.after]
    if not changes:
        return set()
    return _folded(changes[-1].after["recipients"]) - _folded(changes[0].before.get("recipients", ""))


def listed_by(happened: Sequence[Told], address: str) -> Told | None:
    """Return the change that put an address on the list, if one of these did and it is still there."""
    if address not in newly_listed(happened):
        return None
    changes = [event for event in happened if event.type == "ticket.updated" and "recipients" in event.after]
    newest = changes[-LOOKED_AT:]
    return next((event for event in reversed(newest) if address in newly_listed([event])), newest[0])


def _folded(recipients: str) -> set[str]:
    return {address.lower() for address in split_recipients(recipients)}
