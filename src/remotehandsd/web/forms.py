"""Forms of our own pages: sent from here, read once, shown again with what was typed."""

import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import msgspec

from remotehandsd.errors import Fault, NotAllowed
from remotehandsd.web.address import is_loopback
from remotehandsd.web.call import Call
from remotehandsd.web.texts import text

SMALL_BYTES = 8192
"""Most bytes of a form that anybody may send: an address, a password."""
FORM_BYTES = 1024 * 1024
"""Most bytes of a page's form: an instruction of 32,768 characters takes up to twelve times as many when it is sent."""


class Filled(msgspec.Struct, frozen=True):
    """What stands in a form, and what is wrong with it: a text for each field, and sentences by field."""

    values: Mapping[str, str] = {}
    faults: Mapping[str, str] = {}

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def fault(self, name: str) -> str:
        """Return what is wrong with a field, or `""`."""
        return self.faults.get(name, "")

    def refused(self, faults: Iterable[Fault]) -> "Filled":
        """Return the same form with the faults that a noun has found."""
        return Filled(self.values, {fault.field: fault.sentence for fault in faults})


def once_key() -> str:
    """Return a key for one sending of a form: a second click, or a repeat after a lost answer, orders nothing twice."""
    return secrets.token_urlsafe(18)


def must_be_ours(call: Call) -> None:
    """Refuse a form that another site's page sends in somebody's name.

    Browsers say where a request comes from: in Sec-Fetch-Site, older ones in Origin.
    """
    site = call.header("sec-fetch-site")
    if site:
        is_ours = site == "same-origin"
    else:
        origin, public = call.header("origin"), call.house.settings.public_url
        ours = {f"{call.scope['scheme']}://{call.header('host')}"} if is_loopback(public) else set()
        is_ours = bool(origin) and origin in ours | {"{0.scheme}://{0.netloc}".format(urlsplit(public))}
    if not is_ours:
        raise NotAllowed(text("refused.foreign"))


async def filled(call: Call, most: int = FORM_BYTES) -> Filled:
    """Read a form of ours; of a repeated field the last counts. NotAllowed when another site has sent it."""
    must_be_ours(call)
    fields = await call.form(most)
    return Filled({name: values[-1].replace("\r\n", "\n") for name, values in fields.items()})
