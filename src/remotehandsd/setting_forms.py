"""The forms that a setting's text can take; ValueError says what was expected."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit

from remotehandsd.kit.db import check_postgres_url
from remotehandsd.kit.files import check_files_url
from remotehandsd.kit.mail import deliverable
from remotehandsd.kit.windows import Limit


def whole(least: int) -> Callable[[str], int]:
    """Return what reads a whole number of at least so much."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) < least:
            raise ValueError(f"must be a whole number of at least {least}")
        return int(text)

    return read


def pace(text: str) -> float:
    """Read a number of seconds above 0."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text) or float(text) <= 0:
        raise ValueError("must be a number of seconds above 0")
    return float(text)


def yes_or_no(text: str) -> bool:
    """Read `yes` or `no`."""
    if text not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return text == "yes"


def pattern(text: str) -> re.Pattern[str]:
    """Read a regular expression."""
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise ValueError(f"must be a regular expression ({error})") from error


def reserve(text: str) -> float:
    """Read a share of the disk (5%) or a number of bytes."""
    if share := re.fullmatch(r"([0-9]{1,2}(?:\.[0-9]+)?)%", text):
        return float(share[1]) / 100
    if re.fullmatch(r"[0-9]{1,18}", text):
        return float(text)
    raise ValueError("must be a share of the disk like 5%, or a number of bytes")


def listed(text: str) -> tuple[str, ...]:
    """Read what is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def rate(text: str) -> Limit | None:
    """Read how many requests a second or a minute; None for `none`."""
    if text == "none":
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute)", text)
    if not found:
        raise ValueError("must be none, or a number a second or a minute, such as 50/second or 600/minute")
    return Limit(int(found[1]), {"second": 1, "minute": 60}[found[2]])


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks, separated by commas."""
    try:
        return tuple(ip_network(part) for part in listed(text))
    except ValueError as error:
        raise ValueError(f"must be addresses or networks such as 10.0.0.7 or 10.0.0.0/24 ({error})") from error


def public_url(text: str) -> str:
    """Read the server's own address, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be a URL like https://hands.example.com")
    return text.rstrip("/")


def files_url(text: str) -> str:
    """Read where the files lie; `""` stands for the default."""
    if text:
        check_files_url(text)
    return text


def domains(text: str) -> tuple[str, ...]:
    """Read domains that may be mailed."""
    found = tuple(domain.lower() for domain in listed(text))
    if not found or not all(re.fullmatch(r"\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in found):
        raise ValueError("must be *, or domains like example.com and *.example.com, separated by commas")
    return found


SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}


def mail_limit(text: str) -> tuple[int, int] | None:
    """Read how many mails in how many seconds; None for `none`."""
    if text == "none":
        return None
    parts = re.fullmatch(r"([0-9]{1,9})/(minute|hour|day)", text)
    if not parts:
        raise ValueError("must be none, or a number a minute, hour or day, like 500/hour")
    return int(parts[1]), SECONDS[parts[2]]


def mailboxes(text: str) -> tuple[str, ...]:
    """Read addresses that mail can go to."""
    found = tuple(deliverable(address) for address in listed(text))
    if None in found:
        raise ValueError("must be addresses like desk@example.com, separated by commas")
    return tuple(dict.fromkeys(address for address in found if address))


def database_url(text: str) -> str:
    """Read where the database is; `""` stands for the default."""
    if text and not re.match(r"(sqlite|postgresql|postgres)://", text):
        raise ValueError("must be sqlite:///path or postgresql://user:password@host/database")
    if text.startswith("postgres"):
        check_postgres_url(text)
    return text


def level(text: str) -> str:
    """Read a level of the log."""
    if text not in {"debug", "info", "warning", "error"}:
        raise ValueError("must be debug, info, warning or error")
    return text
