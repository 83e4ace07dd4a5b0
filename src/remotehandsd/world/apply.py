"""Making an environment be what a world file says, in one transaction, with an event for each change."""

from typing import Any

import msgspec

from remotehandsd import accounts, events, people, sites
from remotehandsd.accounts import KeptUser
from remotehandsd.act import Act
from remotehandsd.world.entry import Kind
from remotehandsd.world.plan import Change, Plan


class MadeUp(msgspec.Struct, frozen=True):
    """A credential that was made up; the secret is told here and never again."""

    name: str
    client_id: str
    client_secret: str


async def apply(act: Act, plan: Plan) -> list[MadeUp]:
    """Carry the plan out and return the credentials that were made up."""
    made_up = []
    for change in _parents_first(plan.changes):
        await _keep(act, change.kind, change.after)
        before, after = change.differences()
        kind = change.kind.replace(" ", "_")
        done = "added" if change.before is None else "changed"
        await events.record(act, f"{kind}.{done}", about=change.id, before=before, after=after)
        if change.made_up_secret:
            made_up.append(MadeUp(change.after.name, change.id, change.made_up_secret))
    return made_up


async def change_user(act: Act, before: KeptUser | None, after: KeptUser) -> None:
    """Add one user, or change him to this; what makes sense is for the caller to know."""
    if before != after:
        await apply(act, Plan([Change(Kind.USER, after.email, before, after)], []))


async def _keep(act: Act, kind: Kind, thing: Any) -> None:
    match kind:
        case Kind.SITE:
            await sites.keep_site(act, thing)
        case Kind.LOCATION:
            await sites.keep_location(act, thing)
        case Kind.MASTER:
            await accounts.keep_master(act, thing)
        case Kind.ACCOUNT:
            await accounts.keep_account(act, thing)
        case Kind.USER:
            await accounts.keep_user(act, thing, await people.keep(act, thing.email))
        case Kind.STAFF:
            await accounts.keep_staff(act, thing, await people.keep(act, thing.email))
        case Kind.APP:
            await accounts.keep_app(act, thing)


def _parents_first(changes: list[Change]) -> list[Change]:
    """Order locations so that a parent is there before what stands in it; the rest stays as it is."""
    locations = {change.id: change for change in changes if change.kind is Kind.LOCATION}
    ordered: dict[str, Change] = {}

    def place(change: Change) -> None:
        parent = f"{change.after.site}/{change.after.parent}"
        if parent in locations and parent not in ordered:
            place(locations[parent])
        ordered.setdefault(change.id, change)

    for change in locations.values():
        place(change)
    before = [change for change in changes if change.kind is Kind.SITE]
    after = [change for change in changes if change.kind not in {Kind.SITE, Kind.LOCATION}]
    return [*before, *ordered.values(), *after]
