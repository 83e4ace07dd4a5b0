"""What each table of a world file may hold, and how each value is checked."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from remotehandsd.act import Role
from remotehandsd.people import is_email

Check = Callable[[Any], str | None]
"""Returns what is wrong with a value, or None."""


def text(most: int) -> Check:
    """Check a text that is not blank and has at most so many characters."""

    def check(value: Any) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "must be a text that is not blank"
        if len(value) > most:
            return f"must have at most {most} characters"
        return "must not hold control characters" if re.search(r"[\x00-\x1f\x7f]", value) else None

    return check


def pattern(form: str, words: str) -> Check:
    """Check a text against a form that is described in words."""
    compiled = re.compile(form, re.ASCII)
    return lambda value: None if isinstance(value, str) and compiled.fullmatch(value) else f"must be {words}"


def flag(value: Any) -> str | None:
    """Check true or false."""
    return None if isinstance(value, bool) else "must be true or false"


def email(value: Any) -> str | None:
    """Check an e-mail address."""
    return None if isinstance(value, str) and is_email(value) else "must be an e-mail address"


def timezone(value: Any) -> str | None:
    """Check an IANA time zone."""
    known = isinstance(value, str) and value in available_timezones()
    return None if known else "must be an IANA time zone such as America/Phoenix"


def texts(value: Any) -> str | None:
    """Check a list of texts without repetition."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return "must be a list of texts"
    return "names something twice" if len(set(value)) != len(value) else None


def roles(value: Any) -> str | None:
    """Check a list of roles."""
    known = isinstance(value, list) and value and all(item in set(Role) for item in value)
    return None if known else "must be a list of technician, dispatcher, administrator"


_visible = pattern(r"[!-9;-~]{1,64}", "1 to 64 visible characters without a colon")

SITE: dict[str, Check] = {
    "code": pattern("[0-9A-Za-z]{6}", "6 letters and digits"),
    "address": text(255),
    "city": text(50),
    "metro": text(50),
    "country": text(50),
    "timezone": timezone,
    "retired": flag,
}
LOCATION: dict[str, Check] = {"name": text(40), "parent": text(40), "retired": flag}
MASTER: dict[str, Check] = {"id": text(64), "name": text(255), "retired": flag}
ACCOUNT: dict[str, Check] = {"id": text(64), "name": text(255), "sites": texts, "retired": flag}
USER: dict[str, Check] = {
    "email": email,
    "name": text(40),
    "accounts": texts,
    "permissions": texts,
    "administrator": flag,
    "retired": flag,
}
STAFF: dict[str, Check] = {"email": email, "name": text(40), "roles": roles, "sites": texts, "retired": flag}
APP: dict[str, Check] = {
    "name": text(100),
    "user": email,
    "client_id": _visible,
    "client_secret": pattern("[!-~]{1,64}", "1 to 64 visible characters"),
    "retired": flag,
}
