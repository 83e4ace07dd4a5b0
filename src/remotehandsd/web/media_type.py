"""Media types that strangers give: valid ones as they are, anything else as plain bytes."""

import re

OCTETS = "application/octet-stream"

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf'[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|"[ !#-\[\]-~]*")'
_MEDIA_TYPE = re.compile(rf"{_WORD}/{_WORD}(?:{_PARAMETER})*", re.ASCII)


def valid_media_type(given: str) -> str:
    """Return it as given, or `application/octet-stream` when it is none (RFC 9110 section 8.3.1)."""
    return given if len(given) <= 255 and _MEDIA_TYPE.fullmatch(given) else OCTETS
