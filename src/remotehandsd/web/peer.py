"""Where a request comes from: the connection's other end, or what a proxy of ours says."""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.types import Scope

from remotehandsd.web.call import Call

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")


def peer(call: Call) -> str:
    """Return the address that a request comes from, `""` where there is none."""
    return str(address_of(call.scope, call.house.settings.trusted_proxies) or "")


def address_of(scope: Scope, trusted: Sequence[Network]) -> Address | None:
    """Return the address of who asks.

    X-Forwarded-For is read from the right, as long as the hop that wrote it is one of the trusted proxies. Each of them
    appends whom it heard from, so that what a client made up stands to the left of the truth. A value that is no
    address ends the reading: what stands to the left of it was written by nobody whom we know.
    """
    address = _read(scope["client"][0]) if scope["client"] else None
    hops = [hop for name, value in scope["headers"] if name == b"x-forwarded-for" for hop in value.split(b",")]
    while hops and address is not None and any(address in network for network in trusted):
        hop = _read(hops.pop().decode("latin-1").strip())
        if hop is None:
            break
        address = hop
    return address


def _read(text: str) -> Address | None:
    """Read an address, also with a port; one of IPv4 that came in IPv6's clothes is one of IPv4."""
    if found := _WITH_PORT.fullmatch(text):
        text = found[1] or found[2]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
