"""A URL that a stranger gave, read in one way only, so that nobody else can read it in another."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import msgspec

from remotehandsd.kit.outbound.addresses import Address, is_of_the_house, is_public

LONGEST_URL = 2048
LONGEST_HOST = 253
ORDINARY = {"http": 80, "https": 443}

_URL = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]*\]|[A-Za-z0-9._-]*)"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@%/?\[\]-]*)?",
    re.ASCII,
)
_AUTHORITY = re.compile(r"[a-z]+://([^/?#\\]*)")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
"""A last part like this makes a host a number to a resolver: 127.1, 2130706433 and 0x7f.1 are loopback."""


class BadAddress(Exception):  # noqa: N818
    """A URL that cannot be called; a sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Target(msgspec.Struct, frozen=True):
    """Where to call: scheme, host (a name, or an address without brackets), port, and what follows them."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> Address | None:
        """Return the address that the host is, None when it is a name."""
        if ":" in self.host:
            return IPv6Address(self.host)
        try:
            return IPv4Address(self.host)
        except AddressValueError:
            return None

    @property
    def origin(self) -> str:
        """Return the URL without what follows the host, which may be a secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == ORDINARY[self.scheme] else f":{self.port}")


def read_url(text: str, *, may_be_private: bool) -> Target:
    """Return where a URL leads; BadAddress for one that could never be called.

    `https` only, without user, password and fragment, in ASCII, to a name or a public address. `may_be_private` lets
    private and loopback addresses through, and plain `http` then. What a name leads to is seen when it is called.
    """
    given = _whole(text)
    scheme = given["scheme"]
    port = int(given["port"] or ORDINARY[scheme])
    target = Target(scheme, _host(given["host"]), port, (given["path"] or "/") + given["query"])
    if target.scheme == "http" and not may_be_private:
        raise BadAddress("The URL must begin with https://.")
    if not is_possible(target):
        raise BadAddress("This port cannot be called.")
    literal = target.literal
    if literal is not None:
        check_address(literal, may_be_private=may_be_private)
    elif not may_be_private and (target.host == "localhost" or target.host.endswith(".localhost")):
        raise BadAddress("The host's address is not a public one.")
    return target


def _whole(text: str) -> dict[str, str]:
    if len(text) > LONGEST_URL:
        raise BadAddress(f"A URL has at most {LONGEST_URL} characters.")
    scheme, colon, rest = text.partition("://")
    text = scheme.lower() + colon + rest
    found = _URL.fullmatch(text)
    if found:
        return found.groupdict("")
    raise BadAddress(_fault(text))


def _fault(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        return "The URL must begin with https://."
    authority = _AUTHORITY.match(text)
    assert authority is not None
    if "@" in authority[1]:
        return "The URL must not hold a user name or a password."
    if not authority[1].isascii():
        return "The host's name must be written in ASCII: bücher.example is xn--bcher-kva.example."
    if "#" in text:
        return "The URL must not have a fragment."
    return "This is no URL; blanks and characters beyond ASCII are written as %20 and the like."


def _host(text: str) -> str:
    host = text.lower()
    if host.startswith("["):
        try:
            return str(IPv6Address(host[1:-1]))
        except AddressValueError:
            raise BadAddress("The address in brackets is no IPv6 address.") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except AddressValueError:
            raise BadAddress("An IPv4 address is written as four decimal numbers.") from None
    if len(host) > LONGEST_HOST or not all(_NAME.fullmatch(label) for label in labels):
        raise BadAddress("The host is no name that can be looked up.")
    return host


def is_possible(target: Target) -> bool:
    """Tell whether its port may be called.

    `https` may go to any: what it sends first is a greeting that no other protocol takes for a command. Plain `http`
    keeps away from the ports below 1024, where mail and the like would read what it says.
    """
    return 0 < target.port < 65_536 and (target.scheme == "https" or target.port == 80 or target.port >= 1024)


def check_address(address: Address, *, may_be_private: bool) -> None:
    """Raise BadAddress for an address that may not be called."""
    if not (is_public(address) or (may_be_private and is_of_the_house(address))):
        raise BadAddress("The host's address is not a public one.")
