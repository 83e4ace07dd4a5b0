"""Pages: templates filled in, texts from the catalogue, and the headers that keep a page to what is ours."""

import time
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

from remotehandsd.errors import Invalid, NotAllowed, NotFound, NotSignedIn, WrongMoment
from remotehandsd.tickets import wire_number
from remotehandsd.web.refused import BadQuery, Refused, as_refused
from remotehandsd.web.texts import text

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_templates = Environment(
    loader=ChoiceLoader([PackageLoader("remotehandsd.web", "layout"), PackageLoader("remotehandsd", "web")]),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, /, code: int = 200, **values: Any) -> Response:
    """Return a page from its template."""
    return Response(_templates.get_template(template).render(values), code, HEADERS, "text/html")


def see(address: str) -> Response:
    """Send the browser on to a page of ours, with GET: what was posted is not posted again by a reload."""
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})


def local_time(at: int, zone: str) -> str:
    """Return a time as the site's people read it: `2030-05-26 14:07`."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def utc_time(at: int) -> str:
    """Return a time in UTC, to the minute."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def machine_time(at: int) -> str:
    """Return a time for the attribute `datetime`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def ago(at: int, now: int) -> str:
    """Return how long something is past, in one word or two."""
    minutes = max(0, now - at) // 60
    if minutes < 1:
        return text("time.ago.now")
    if minutes < 60:
        return text("time.ago.minutes", count=minutes)
    if minutes < 48 * 60:
        return text("time.ago.hours", count=minutes // 60)
    return text("time.ago.days", count=minutes // 1440)


def file_size(size: int) -> str:
    """Return a file's size as people say it."""
    for unit, bytes_ in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)):
        if size >= bytes_:
            return text(f"file.{unit}", count=f"{size / bytes_:.1f}".removesuffix(".0"))
    return text("file.bytes", count=size)


def segment(value: str) -> str:
    """Return a value as a part of an address, whatever it holds."""
    return quote(value, safe="")


class SignInFirst(NotSignedIn):
    """Somebody opened a page that is not for everybody; the address leads to where one signs in, and back."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


def answer(error: Exception, correlation_id: str) -> Response:
    """Translate a refusal into a page; who is not signed in is sent to where he can be."""
    if isinstance(error, SignInFirst):
        return see(error.address)
    if isinstance(error, NotSignedIn):
        error = Refused(401)
    error = as_refused(error)
    status, sentence = _said(error)
    key = f"refused.{status}"
    response = page(
        "refused.html",
        status,
        status=status,
        title=text(key if status in KNOWN else "refused.other"),
        sentence=sentence,
        correlation_id=correlation_id,
    )
    response.headers.update(error.headers if isinstance(error, Refused) else {})
    return response


KNOWN = frozenset({401, 403, 404, 405, 409, 412, 413, 422, 429, 503})


def _said(error: Exception) -> tuple[int, str]:
    match error:
        case NotAllowed():
            return 403, error.sentence
        case NotFound():
            return 404, ""
        case WrongMoment():
            return 409, error.sentence
        case Invalid():
            return 422, error.sentence
        case BadQuery():
            return 422, " ".join(message for _, message in error.faults)
        case Refused():
            return error.status, ""
        case _:
            return 500, ""


SETS_DIRECTION = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI", "PDF", "PDI"})


def isolated(value: str) -> str:
    """Return a text that turns nothing around it: what is written from right to left stays by itself in a sentence."""
    if not any(unicodedata.bidirectional(letter) in SETS_DIRECTION for letter in value):
        return value
    opened = sum((letter in "\u2066\u2067\u2068") - (letter == "\u2069") for letter in value)
    return f"\u2068{value}{chr(0x2069) * max(0, opened)}\u2069"


def as_choices(values: Iterable[str], key: str = "") -> list[tuple[str, str]]:
    """Return values as choices of a form, each in its own words or in those that stand under a key of the catalogue."""
    return [(str(value), text(f"{key}{value}") if key else str(value)) for value in values]


_templates.filters["as_choices"] = as_choices
_templates.globals |= {
    "t": text,
    "local_time": local_time,
    "utc_time": utc_time,
    "machine_time": machine_time,
    "ago": ago,
    "file_size": file_size,
    "isolated": isolated,
    "wire_number": wire_number,
    "segment": segment,
}
