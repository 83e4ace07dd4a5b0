"""A page's address as a code that a phone's camera reads: from the desk's screen, or from paper, to the rack."""

import re
from functools import lru_cache

import segno
from markupsafe import Markup

from remotehandsd.web.address import is_loopback, reached_at
from remotehandsd.web.call import Call

REACHABLE = re.compile(r"https?://(\[[0-9A-Fa-f:.]{2,60}\]|[\w.-]{1,253})(:[0-9]{1,5})?", re.ASCII)
"""An address of a name or a number, and of no more: a code has room for it."""
QUIET_ZONE = 4
"""Light modules around the code, as its standard wants them."""


def phone_code(call: Call, path: str) -> Markup | None:
    """Return the code as an SVG; None where the address leads a phone to itself, as on a developer's machine."""
    reached = reached_at(call)
    # A Host header can say anything.
    can_be = REACHABLE.fullmatch(reached) is not None and not is_loopback(reached)
    return _drawn(f"{reached}{path}") if can_be else None


@lru_cache(256)
def _drawn(address: str) -> Markup:
    code = segno.make(address, error="m", micro=False)
    # Dark on light in dark mode, too: not every camera reads the opposite.
    return Markup(code.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True))  # noqa: S704 - escaped
