"""Browsers that somebody has signed in with before: whoever guesses elsewhere does not lock these out."""

import base64
import binascii

from remotehandsd.house import House
from remotehandsd.kit.sealing import WrongKey
from remotehandsd.people.address import kept_form

KEPT_SECONDS = 180 * 86_400
"""So long a browser is known after it signed in."""
LONGEST = 2000
_ABOUT = "known browser"


def badge(house: House, email: str) -> str:
    """Return what a browser shows when it signs in again, the value of a cookie: whose browser, and since when.

    It opens nothing: the password is asked for as ever. Nobody can make one without the master key.
    """
    said = f"{house.now()} {kept_form(email)}"
    return base64.urlsafe_b64encode(house.seal.seal(said.encode(), _ABOUT)).decode().rstrip("=")


def is_known(house: House, shown: str, email: str) -> bool:
    """Tell whether a browser of this person's shows its badge; not for another's, and for one that is too old."""
    if not shown or len(shown) > LONGEST:
        return False
    try:
        sealed = base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4))
        at, whose = house.seal.open(sealed, _ABOUT).decode().split(" ", 1)
    except (WrongKey, binascii.Error, ValueError):
        return False
    return whose == email and house.now() - int(at) < KEPT_SECONDS
