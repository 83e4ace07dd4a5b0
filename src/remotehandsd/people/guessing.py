"""Limits on guessing passwords. They are counted in each server process, in bounded memory.

Three rates at once: one address that tries one person's passwords; many addresses that try one person's, more
slowly; one address that tries many people's. A browser that the person has signed in with has a rate of its own
instead, so that nobody who guesses keeps the person out.
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
OF_KNOWN = Rate(10, 60)


class Guess:
    """One attempt that was counted beforehand, so that many at once are counted, too."""

    def __init__(self) -> None:
        self.was_right = False


@contextmanager
def guess(house: House, email: str, address: str, known: str = "") -> Iterator[Guess]:
    """Count an attempt; Limited when there were too many. One that was right is not counted.

    `known` names what has a rate of its own: the browsers that the person has signed in with, all together, or a
    session.
    """
    rates = {f"guess by {known}": OF_KNOWN} if known else _from_anywhere(email, network(address))
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


def _from_anywhere(email: str, here: str) -> dict[str, Rate]:
    return {
        f"guess {here} {email}": OF_ADDRESS_AND_EMAIL,
        f"guess of {email}": OF_EMAIL,
        f"guess by {here}": OF_ADDRESS,
    }


def forgive(house: House, email: str) -> None:
    """Forget the guesses at a person's password, since the person has proved the mailbox and set another."""
    house.limits.forget(f"guess of {email}")


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
