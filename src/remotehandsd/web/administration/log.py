"""`/desk/administration/log`: what was done about anything but tickets, by whom."""

from typing import Any

import msgspec
from starlette.responses import Response

from remotehandsd import administration
from remotehandsd.events import Logged
from remotehandsd.web.administration.administrator import administrator
from remotehandsd.web.borrowed import hidden_from
from remotehandsd.web.call import Call
from remotehandsd.web.pages import page, utc_time
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor

AT_ONCE = 50
NOT_TOLD = {"client_secret"}
"""Not even the beginning of a hash is of use to who reads here."""
LARGEST = 18
"""Digits of an event's id."""


class Line(msgspec.Struct, frozen=True):
    """What was done, and what became of each field: before and after, as text."""

    done: Logged
    fields: list[tuple[str, str, str]]


async def show(call: Call) -> Response:
    """Show a page of it, newest first."""
    found = await administrator(call)
    given = call.asked("before") or ""
    before = int(given) if given.isascii() and given.isdigit() and len(given) <= LARGEST else None
    done = await call.look_long(administration.log, before=before, most=AT_ONCE + 1)
    return page(
        "administration/log.html",
        visitor=found,
        here="administration",
        at="log",
        lines=lines(done[:AT_ONCE], await hidden_from(call, found), found),
        older=done[AT_ONCE - 1].id if len(done) > AT_ONCE else None,
        is_later=before is not None,
        now=call.house.now(),
    )


def lines(done: list[Logged], hidden: frozenset[str], found: Visitor) -> list[Line]:
    """Return what may be shown: to who borrowed the session nothing of real people, nor of who asked or signs in."""
    shown = [one for one in done if not found.session.is_bound or not _is_about_people(one, hidden)]
    return [Line(one, _fields(one)) for one in shown]


def _fields(one: Logged) -> list[tuple[str, str, str]]:
    names = dict.fromkeys([*one.before, *one.after])
    fields = [
        (name, _words(name, one.before.get(name)), _words(name, one.after.get(name)))
        for name in names.keys() - NOT_TOLD
    ]
    return sorted(field for field in fields if field[1] != field[2] and field[2] != one.about)


def _is_about_people(one: Logged, hidden: frozenset[str]) -> bool:
    named = {value for value in (*one.before.values(), *one.after.values()) if isinstance(value, str)}
    return not hidden.isdisjoint({one.about, *named}) or one.type.startswith(("registration.", "person."))


def _words(name: str, value: Any) -> str:
    if name.endswith("_at") and isinstance(value, int):
        return text("time.utc", time=utc_time(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return text("administration.yes") if value is True else str(value or "")
