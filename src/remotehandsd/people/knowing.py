"""Browsers that somebody has signed in with before: whoever guesses elsewhere does not lock these out."""

import base64
import binascii
import secrets

from remotehandsd.house import House
from remotehandsd.kit.sealing import WrongKey
from remotehandsd.people.address import kept_form

KEPT_SECONDS = 180 * 86_400
"""So long a browser is known after it signed in."""
LONGEST = 2000
_ABOUT = "known browser"


def badge(house: House, email: str) -> str:
    """Return what a browser shows when it signs in again, the value of a cookie: whose browser, which one, when.

    It opens nothing: the password is asked for as ever. Nobody can make one without the master key.
    """
    said = f"{house.now()} {secrets.token_hex(8)} {kept_form(email)}"
    return base64.urlsafe_b64encode(house.seal.seal(said.encode(), _ABOUT)).decode().rstrip("=")


def known(house: House, shown: str, email: str) -> str | None:
    """Return which browser of this person's shows its badge; None for no badge, another's, and one that is too old."""
    if not shown or len(shown) > LONGEST:
        return None
    try:
        sealed = base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4))
        at, which, whose = house.seal.open(sealed, _ABOUT).decode().split(" ", 2)
    except (WrongKey, binascii.Error, ValueError):
        return None
    return which if whose == email and house.now() - int(at) < KEPT_SECONDS else None
