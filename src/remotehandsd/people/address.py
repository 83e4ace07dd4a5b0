"""What counts as an e-mail address."""

import re

_EXAMPLES = ("example.com", "example.net", "example.org")
_NOWHERE = ("example", "test", "invalid")
_PART = r"""[^@\s\x00-\x1f\x7f-\x9f,<>"]"""
_HALF = re.compile("[\\ud800-\\udfff]")
"""Half a character, as bytes that are no UTF-8 leave it: neither engine can keep it."""
_ADDRESS = re.compile(rf"{_PART}+@{_PART}*\.{_PART}*")


def is_email(address: str) -> bool:
    """Tell whether this is an address by the rule of contract.md section 11, which is laxer than most libraries.

    Exactly one `@`, something before it, a dot in the domain; no blank, control character, comma, `<`, `>` or
    `"`; at most 254 characters.
    """
    return len(address) <= 254 and not _HALF.search(address) and _ADDRESS.fullmatch(address) is not None


def split_recipients(text: str) -> list[str]:
    """Return the addresses of a comma-separated list, without the blanks around them; `""` has none."""
    return [part.strip(" ") for part in text.split(",")] if text else []


def kept_form(address: str) -> str:
    """Return an address as people are kept under it: without blanks around it, in lower case."""
    return address.strip().lower()


def is_made_up(address: str) -> bool:
    """Tell whether nobody can have this address: its domain is set aside for examples and tests (RFC 2606)."""
    domain = kept_form(address).rpartition("@")[2]
    return domain in _EXAMPLES or domain.endswith(tuple(f".{name}" for name in (*_EXAMPLES, *_NOWHERE)))
