"""Reading a world file: from TOML to entries, with every fault of form and its place."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from remotehandsd.act import Environment
from remotehandsd.world import fields
from remotehandsd.world.entry import Entry, Kind, WrongWorld
from remotehandsd.world.fields import Check

LEAST_SECRET = 32
"""Characters that a secret given in the file must have outside of the playground."""


class World(msgspec.Struct, frozen=True):
    """A world file whose form is right: the environment and what it names, in the file's order."""

    environment: Environment
    entries: list[Entry]


def read_world(path: Path) -> World:
    """Read a world file; WrongWorld names everything that is wrong with its form."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongWorld([f"{path}: {error}."]) from None
    try:
        return world_of(table)
    except WrongWorld as error:
        raise WrongWorld([f"{path}: {fault}" for fault in error.faults]) from None


def world_of(table: dict[str, Any]) -> World:
    """Return what a table in the form of a world file names; WrongWorld names everything that is wrong with it."""
    reader = _Reader()
    environment = reader.environment(table)
    entries = list(reader.entries(table, environment))
    if reader.faults:
        raise WrongWorld(reader.faults)
    return World(environment, entries)


class _Reader:
    def __init__(self) -> None:
        self.faults: list[str] = []

    def environment(self, table: dict[str, Any]) -> Environment:
        given = table.get("environment")
        if given not in set(Environment):
            self.faults.append("environment: must be playground, sandbox or production.")
            return Environment.PLAYGROUND
        return Environment(given)

    def entries(self, table: dict[str, Any], environment: Environment) -> Iterator[Entry]:
        for key in table:
            if key not in {"environment", "sites", "master_accounts", "users", "staff", "apps"}:
                self.faults.append(f"{key}: unknown key.")
        for place, site in self._tables(table, "sites", ""):
            yield from self._site(place, site)
        for place, master in self._tables(table, "master_accounts", ""):
            yield from self._master(place, master)
        for place, user in self._tables(table, "users", ""):
            yield from self._entry(Kind.USER, place, user, fields.USER, "email")
        for place, member in self._tables(table, "staff", ""):
            yield from self._entry(Kind.STAFF, place, member, fields.STAFF, "email")
        for place, app in self._tables(table, "apps", ""):
            self._secret(place, app, environment)
            yield from self._app(place, app)

    def _tables(self, table: dict[str, Any], key: str, above: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give each table of an array with its place, such as `sites[2].locations[1]`."""
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.faults.append(f"{above}{key}: must be tables, [[{key}]].")
            return
        for number, item in enumerate(found, start=1):
            yield f"{above}{key}[{number}]", item

    def _checked(
        self, place: str, table: dict[str, Any], checks: dict[str, Check], also: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        good = {}
        for key, value in table.items():
            if key in also:
                continue
            if key not in checks:
                self.faults.append(f"{place}.{key}: unknown key.")
            elif (wrong := checks[key](value)) is not None:
                self.faults.append(f"{place}.{key}: {wrong}.")
            else:
                good[key] = tuple(value) if isinstance(value, list) else value
        return good

    def _entry(
        self, kind: Kind, place: str, table: dict[str, Any], checks: dict[str, Check], key: str, **more: Any
    ) -> Iterator[Entry]:
        also = frozenset({"locations", "accounts"}) if kind in {Kind.SITE, Kind.MASTER} else frozenset[str]()
        given = self._checked(place, table, checks, also)
        if key not in table:
            self.faults.append(f"{place}: {key} is missing.")
        if key in given:
            id_ = given.pop(key)
            id_ = id_.lower() if key == "email" else id_
            yield Entry(kind, id_, given | more, f"{place} ({id_})")

    def _site(self, place: str, table: dict[str, Any]) -> Iterator[Entry]:
        code = table.get("code")
        yield from self._entry(Kind.SITE, place, table, fields.SITE, "code")
        for inner, location in self._tables(table, "locations", f"{place}."):
            for entry in self._entry(Kind.LOCATION, inner, location, fields.LOCATION, "name", site=code):
                yield msgspec.structs.replace(entry, id=f"{code}/{entry.id}", given=entry.given | {"name": entry.id})

    def _master(self, place: str, table: dict[str, Any]) -> Iterator[Entry]:
        yield from self._entry(Kind.MASTER, place, table, fields.MASTER, "id")
        for inner, account in self._tables(table, "accounts", f"{place}."):
            yield from self._entry(Kind.ACCOUNT, inner, account, fields.ACCOUNT, "id", master=table.get("id"))

    def _secret(self, place: str, app: dict[str, Any], environment: Environment) -> None:
        secret = app.get("client_secret")
        if environment is not Environment.PLAYGROUND and isinstance(secret, str) and len(secret) < LEAST_SECRET:
            self.faults.append(f"{place}.client_secret: must have at least {LEAST_SECRET} characters.")

    def _app(self, place: str, table: dict[str, Any]) -> Iterator[Entry]:
        given = self._checked(place, table, fields.APP)
        for key in ("name", "user"):
            if key not in table:
                self.faults.append(f"{place}: {key} is missing.")
        if {"name", "user"} <= given.keys():
            given["user"] = given["user"].lower()
            yield Entry(Kind.APP, given.get("client_id", ""), given, f"{place} ({given['name']})")
