"""Limits on guessing passwords. They are counted in each server process, in bounded memory.

Three rates at once: one address that tries one person's passwords; many addresses that try one person's, more
slowly; one address that tries many people's.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager

from remotehandsd.errors import Limited
from remotehandsd.house import House
from remotehandsd.kit.limits import Rate

OF_ADDRESS_AND_EMAIL = Rate(10, 60)
OF_EMAIL = Rate(40, 120)
OF_ADDRESS = Rate(60, 10)


class Guess:
    """One attempt that was counted beforehand, so that many at once are counted, too."""

    def __init__(self) -> None:
        self.was_right = False


@contextmanager
def guess(house: House, email: str, address: str) -> Iterator[Guess]:
    """Count an attempt; Limited when there were too many. One that was right is not counted."""
    here = network(address)
    rates = {
        f"guess {here} {email}": OF_ADDRESS_AND_EMAIL,
        f"guess of {email}": OF_EMAIL,
        f"guess by {here}": OF_ADDRESS,
    }
    taken: list[str] = []
    for key, rate in rates.items():
        wait = house.limits.take(key, rate)
        if wait:
            _give_back(house, rates, taken)
            raise Limited(wait, "There were too many attempts to sign in. Try again later.")
        taken.append(key)
    attempt = Guess()
    try:
        yield attempt
    finally:
        if attempt.was_right:
            _give_back(house, rates, taken)


def _give_back(house: House, rates: dict[str, Rate], taken: list[str]) -> None:
    for key in taken:
        house.limits.give_back(key, rates[key])


def network(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)
