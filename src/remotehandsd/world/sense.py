"""Whether what a world file says makes sense beside everything else: names that lead nowhere, people twice."""

from collections.abc import Iterator
from typing import Any

from remotehandsd import accounts
from remotehandsd.world.entry import Entry, Kind

Wanted = dict[Kind, dict[str, Any]]

PERMISSIONS = {accounts.REMOTE_HANDS}


def nonsense(entries: list[Entry], wanted: Wanted) -> list[str]:
    """Return every fault; `wanted` is how everything would stand after the load."""
    faults: list[str] = []
    for entry in entries:
        faults += [f"{entry.place}{fault}" for fault in CHECKS.get(entry.kind, _nothing)(entry, wanted)]
    return faults


def _nothing(_entry: Entry, _wanted: Wanted) -> Iterator[str]:
    return iter(())


def _unknown(entry: Entry, field: str, kind: Kind, wanted: Wanted) -> Iterator[str]:
    for name in entry.given.get(field) or ():
        if name not in wanted[kind]:
            yield f".{field}: there is no {kind} {name}."


def _location(entry: Entry, wanted: Wanted) -> Iterator[str]:
    site, parent = entry.given["site"], entry.given.get("parent")
    if parent is None:
        return
    if f"{site}/{parent}" not in wanted[Kind.LOCATION]:
        yield f".parent: the site has no location {parent}."
        return
    seen = {entry.id}
    above: str | None = f"{site}/{parent}"
    while above is not None:
        if above in seen:
            yield ".parent: the locations go round in a circle."
            return
        seen.add(above)
        found = wanted[Kind.LOCATION].get(above)
        above = f"{site}/{found.parent}" if found and found.parent else None


def _account(entry: Entry, wanted: Wanted) -> Iterator[str]:
    yield from _unknown(entry, "sites", Kind.SITE, wanted)


def _user(entry: Entry, wanted: Wanted) -> Iterator[str]:
    yield from _unknown(entry, "accounts", Kind.ACCOUNT, wanted)
    for name in entry.given.get("permissions") or ():
        if name not in PERMISSIONS:
            yield f".permissions: there is no permission {name}."
    if entry.id in wanted[Kind.STAFF]:
        yield ": is a member of staff in this environment; a person is a user or staff, not both."


def _staff(entry: Entry, wanted: Wanted) -> Iterator[str]:
    yield from _unknown(entry, "sites", Kind.SITE, wanted)


def _app(entry: Entry, wanted: Wanted) -> Iterator[str]:
    user = entry.given["user"]
    if user not in wanted[Kind.USER] and user not in wanted[Kind.STAFF]:
        yield f".user: there is no user or member of staff {user}."


CHECKS = {
    Kind.LOCATION: _location,
    Kind.ACCOUNT: _account,
    Kind.USER: _user,
    Kind.STAFF: _staff,
    Kind.APP: _app,
}
