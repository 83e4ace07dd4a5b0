"""Who may be mailed: the operator's policy (REMOTEHANDS_MAIL_DOMAINS, _LIMIT, _PLAYGROUND, _DESK)."""

from collections.abc import Collection, Sequence

import msgspec

from remotehandsd.act import Environment
from remotehandsd.house import House
from remotehandsd.kit.mail import deliverable
from remotehandsd.settings import Settings

MOST = 50
"""Addresses that one notice goes to; a ticket's list can name thousands."""
LOOKED_UP = 500
"""Addresses of one notice among which the playground looks for people that it knows."""


class Policy(msgspec.Struct, frozen=True):
    """Domains (`*`, `example.com`, `*.example.com`), mails an account may cause in so many seconds, and strangers.

    `desk` are the operator's own addresses. They are nobody's recipients: neither domains nor limit hold for them.
    """

    domains: tuple[str, ...]
    limit: tuple[int, int] | None
    is_playground_open: bool
    desk: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> "Policy":
        """Return the policy that the settings name."""
        return cls(settings.mail_domains, settings.mail_limit, settings.mail_playground, settings.mail_desk)

    def is_desk(self, address: str) -> bool:
        """Tell whether an address is one of the operator's own, whatever its case."""
        return address.lower() in {own.lower() for own in self.desk}

    def desk_of(self, environment: Environment) -> list[str]:
        """Return the operator's addresses that hear of this environment; the playground's robot would bury them."""
        is_told = environment is not Environment.PLAYGROUND or self.is_playground_open
        return list(self.desk) if is_told else []

    def allows_domain(self, address: str) -> bool:
        """Tell whether the address's domain is one of those; `*.example.com` does not mean example.com itself."""
        domain = address.rpartition("@")[2].lower()
        return any(
            allowed in {"*", domain} or (allowed.startswith("*.") and domain.endswith(allowed[1:]))
            for allowed in self.domains
        )


class Choice(msgspec.Struct, frozen=True):
    """Which addresses are mailed, and which are refused, by the reason why."""

    mailed: list[str]
    refused: dict[str, list[str]]


def choose(
    wanted: Sequence[str],
    policy: Policy,
    *,
    environment: Environment,
    registered: Collection[str],
    room: int | None,
) -> Choice:
    """Decide about each address, in the order given.

    `registered` holds, in small letters, whom a ticket of the playground may mail; `room` is how many more mails the
    account may cause just now, None for any number.
    """
    chosen = Choice([], {})
    for address in wanted:
        reason = why_not(address, policy, environment, registered)
        if not reason and len(chosen.mailed) >= MOST:
            reason = f"a notice goes to {MOST} addresses at most"
        if not reason and room is not None and len(chosen.mailed) >= room:
            reason = "the account's limit of mails is reached"
        if reason:
            chosen.refused.setdefault(reason, []).append(address)
        else:
            chosen.mailed.append(address)
    return chosen


def why_not(address: str, policy: Policy, environment: Environment, registered: Collection[str]) -> str:
    """Return why an address is never mailed, `""` when it may be; `registered` as for choose."""
    written = deliverable(address)
    if written is None:
        return "not every mail server takes such an address"
    if not policy.allows_domain(written):
        return "the operator does not mail this domain"
    is_stranger = address.lower() not in registered
    if environment is Environment.PLAYGROUND and is_stranger and not policy.is_playground_open:
        return "tickets of the playground mail its registered people only"
    return ""


def is_mailed(house: House, address: str) -> bool:
    """Tell whether a letter about no ticket goes out: there is a mail server, and the operator mails the domain."""
    written = deliverable(address)
    return bool(house.settings.smtp_url) and written is not None and Policy.of(house.settings).allows_domain(written)
