"""Addresses of mail: where a letter can go, who sends it, and which server takes it."""

import ipaddress
import re
from urllib.parse import unquote, urlsplit

import msgspec

from remotehandsd.kit.mail.letter import one_line

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(
    r"(?=.{1,253}\Z)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_NAMED = re.compile(r"(?P<name>[^<>,;@]*)<(?P<named>[^<>]+)>|(?P<bare>[^<>]+)")
LONGEST_LOCAL_PART = 64
PORTS = {"smtp": 25, "smtps": 465}
SUBMISSION = 587
"""Where `smtp://` with a user goes when no port is named."""


class Relay(msgspec.Struct, frozen=True):
    """The server that takes our mail. Nothing of it is printed but the host."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Relay({self.host})"

    @property
    def is_loopback(self) -> bool:
        """Tell whether it is this machine, by its name or its number."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class Sender(msgspec.Struct, frozen=True):
    """Who letters come from: an address, and a name or `""`."""

    name: str
    address: str


def read_smtp_url(url: str) -> Relay:
    """Read `smtp[s]://user:password@host:port`; ValueError, with a sentence that repeats nothing of it."""
    try:
        parts = urlsplit(url)
        port = parts.port
        is_whole = bool(parts.hostname) and parts.path in {"", "/"} and not parts.query and not parts.fragment
    except ValueError:
        parts, port, is_whole = urlsplit(""), None, False
    if parts.scheme not in PORTS or not is_whole or port == 0:
        raise ValueError(
            "must be smtp[s]://user:password@host:port; in user and password / ? # @ : [ ] % are written as "
            "%2F %3F %23 %40 %3A %5B %5D %25"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("must have a user and a password, or neither")
    if not (user + password).isprintable():
        raise ValueError("has a control character in user or password")
    assert parts.hostname
    port = port or (SUBMISSION if user and parts.scheme == "smtp" else PORTS[parts.scheme])
    return Relay(parts.hostname, port, parts.scheme == "smtps", user, password)


def smtp_url(text: str) -> str:
    """Return a setting's text that names a mail server, or none; ValueError, with a sentence that repeats nothing."""
    if text:
        read_smtp_url(text)
    return text


def read_sender(text: str) -> Sender:
    """Read `hands@example.com` or `Remote hands <hands@example.com>`; ValueError with a sentence."""
    parts = _NAMED.fullmatch(text.strip())
    name = parts["name"].strip().strip('"') if parts and parts["name"] else ""
    found = deliverable((parts["named"] or parts["bare"]).strip()) if parts else None
    if found is None or name != one_line(name):
        raise ValueError("must be an address like hands@example.com, or Remote hands <hands@example.com>")
    return Sender(name, found)


def sender(text: str) -> str:
    """Return a setting's text that names somebody who can send mail, or nobody; ValueError with a sentence."""
    if text:
        read_sender(text)
    return text


def deliverable(address: str) -> str | None:
    """Return an address in the form that every mail server takes, or None when it has none.

    Stricter than the wire's rule. Before the `@` stand plain ASCII atoms, at most 64 characters: quoted parts,
    comments and letters of other scripts (a full-width comma is one) are not for every server. A domain of other
    scripts is written in its ASCII form, unless that would stand for another domain than the one that was written.
    """
    local, at, domain = address.rpartition("@")
    if not at or len(local) > LONGEST_LOCAL_PART or _ATOMS.fullmatch(local) is None:
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        is_same = ascii_domain.encode("ascii").decode("idna") == domain.lower() or ascii_domain == domain
    except UnicodeError:
        return None
    if not is_same or _HOST.fullmatch(ascii_domain) is None:
        return None
    return f"{local}@{ascii_domain}"


def plain_host(url: str) -> str:
    """Return a URL's host as it may stand behind the `@` of a Message-ID: a name, or a number in brackets."""
    host = urlsplit(url).hostname or "localhost"
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        try:
            named = host.encode("idna").decode("ascii")
        except UnicodeError:
            named = "localhost"
        return named if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", named) else "localhost"
    return f"[IPv6:{number}]" if number.version == 6 else f"[{number}]"
