"""Comparing a world file with what there is: what would be added, what changed, and what makes no sense."""

import secrets
from collections import Counter
from typing import Any

import msgspec

from remotehandsd import accounts
from remotehandsd.accounts import KeptAccount, KeptApp, KeptMaster, KeptStaff, KeptUser
from remotehandsd.act import Act, Role
from remotehandsd.sites import KeptLocation, Site
from remotehandsd.world.entry import Entry, Kind, WrongWorld
from remotehandsd.world.read import World
from remotehandsd.world.sense import nonsense
from remotehandsd.world.standing import Standing, standing

KEPT: dict[Kind, type[msgspec.Struct]] = {
    Kind.SITE: Site,
    Kind.LOCATION: KeptLocation,
    Kind.MASTER: KeptMaster,
    Kind.ACCOUNT: KeptAccount,
    Kind.USER: KeptUser,
    Kind.STAFF: KeptStaff,
    Kind.APP: KeptApp,
}
KEYS = {Kind.SITE: "code", Kind.USER: "email", Kind.STAFF: "email", Kind.APP: "client_id"}
UNORDERED = {"sites", "permissions", "roles"}
"""Lists whose order says nothing."""


class Change(msgspec.Struct, frozen=True):
    """One thing to add (`before` is None) or to change, as it stands and as it shall."""

    kind: Kind
    id: str
    before: Any
    after: Any
    made_up_secret: str = ""

    def differences(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the differing fields before and after, in words that may be shown: never a secret."""
        after = _shown(self.after)
        before = _shown(self.before) if self.before is not None else {}
        names = [name for name in after if after[name] != before.get(name)]
        return {name: before.get(name) for name in names if name in before}, {name: after[name] for name in names}


class Plan(msgspec.Struct, frozen=True):
    """What `load` would do, and what exists beside it."""

    changes: list[Change]
    beside: list[tuple[Kind, str]]


def _shown(kept: msgspec.Struct) -> dict[str, Any]:
    shown = msgspec.structs.asdict(kept)
    if "secret_hash" in shown:
        shown["client_secret"] = f"(SHA-256 {shown.pop('secret_hash').hex()[:8]}...)"
    return shown


async def plan(act: Act, world: World) -> Plan:
    """Compare; WrongWorld names everything in the file that makes no sense beside what there is."""
    # Two who load at once would each find missing what the other is about to add.
    await act.tx.hold("world")
    now = await standing(act)
    faults = _repeated(world.entries)
    changes = []
    wanted: Standing = {kind: dict(things) for kind, things in now.items()}
    named = set()
    for entry in world.entries:
        change = _change(entry, now, faults)
        if change is None:
            continue
        wanted[entry.kind][change.id] = change.after
        named.add((entry.kind, change.id))
        if change.after != change.before:
            changes.append(change)
        if entry.kind is Kind.APP and change.before is None and "client_id" in entry.given:
            taken = await accounts.environment_of_client_id(act, change.id)
            if taken is not None:
                faults.append(f"{entry.place}.client_id: is taken in the {taken} environment.")
    faults += nonsense(world.entries, wanted)
    if faults:
        raise WrongWorld(faults)
    beside = [
        (kind, id_)
        for kind, things in now.items()
        for id_, thing in things.items()
        if (kind, id_) not in named and not thing.retired
    ]
    return Plan(sorted(changes, key=lambda change: list(Kind).index(change.kind)), beside)


def _repeated(entries: list[Entry]) -> list[str]:
    # An app without a client id is known by its user and name.
    names = [(entry.kind, entry.id or (entry.given.get("user"), entry.given.get("name"))) for entry in entries]
    counts = Counter(names)
    return [
        f"{entry.place}: is named twice."
        for number, (entry, name) in enumerate(zip(entries, names, strict=True))
        if counts[name] > 1 and names.index(name) != number
    ]


def _change(entry: Entry, now: Standing, faults: list[str]) -> Change | None:
    given = dict(entry.given)
    id_ = entry.id
    made_up = ""
    if entry.kind is Kind.APP:
        id_, made_up = _credential(entry, given, now)
    before = now[entry.kind].get(id_)
    if entry.kind is Kind.STAFF:
        # Absent means all sites, whatever it was: interfaces.md section 3.
        given.setdefault("sites", None)
        if "roles" in given:
            given["roles"] = tuple(map(Role, given["roles"]))
    for name in UNORDERED & given.keys():
        given[name] = tuple(sorted(given[name])) if given[name] is not None else None
    if before is not None:
        return Change(entry.kind, id_, before, msgspec.structs.replace(before, **given), made_up)
    if entry.kind in KEYS:
        given[KEYS[entry.kind]] = id_
    elif entry.kind is not Kind.LOCATION:
        given["id"] = id_
    kept = KEPT[entry.kind]
    missing = [field.name for field in msgspec.structs.fields(kept) if field.required and field.name not in given]
    if entry.kind is Kind.STAFF and "roles" not in given:
        missing.append("roles")
    if missing:
        faults.extend(f"{entry.place}: {name} is missing." for name in missing)
        return None
    return Change(entry.kind, id_, None, kept(**given), made_up)


def _credential(entry: Entry, given: dict[str, Any], now: Standing) -> tuple[str, str]:
    """Find an app by its client id, or by user and name; make up what a new one lacks. Return id and new secret."""
    id_ = given.pop("client_id", "")
    if not id_:
        same = [
            app.client_id for app in now[Kind.APP].values() if (app.user, app.name) == (given["user"], given["name"])
        ]
        id_ = same[0] if same else secrets.token_hex(12)
    secret = given.pop("client_secret", None)
    made_up = ""
    if secret is None and id_ not in now[Kind.APP]:
        secret = made_up = secrets.token_hex(32)
    if secret is not None:
        given["secret_hash"] = accounts.secret_hash(secret)
    return id_, made_up
