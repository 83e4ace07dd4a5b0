"""`remotehandsd load`: make an environment be what a world file says."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from remotehandsd import world
from remotehandsd.act import Act, By
from remotehandsd.cli.faults import Exit, fail, number_of, say
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, is_embedded, shown
from remotehandsd.world import Change, Kind, MadeUp, Plan, WrongWorld


async def load_world(house: House, file: Path, *, dry_run: bool) -> None:
    """Read, compare, and unless it is a dry run, apply; say what changed."""
    try:
        made_up, plan = await _load(house, file, dry_run=dry_run)
    except WrongWorld as error:
        raise fail(Exit.FAILED, *error.faults, "Nothing was written.") from None
    say(*map(_line, plan.changes))
    place = house.settings.data if is_embedded(house.settings.database_url) else shown(house.settings.database_url)
    if dry_run:
        say(*(f"  {kind} {id_}: exists and is not in the file" for kind, id_ in plan.beside))
        say(f"{number_of(len(plan.changes), 'change')} to make in {place}; nothing was written.")
        return
    for app in made_up:
        say(f"{app.name}: client id {app.client_id}, client secret {app.client_secret} (shown only now)")
    done = f"{number_of(len(plan.changes), 'change')} made" if plan.changes else "Nothing to change"
    say(f"{done} in {place}.")


async def _load(house: House, file: Path, *, dry_run: bool) -> tuple[list[MadeUp], Plan]:
    wanted = world.read_world(file)
    by = By(name="remotehandsd load", environment=wanted.environment)
    async with house.db.read(EVERY_TENANT) if dry_run else house.db.write(EVERY_TENANT) as tx:
        act = Act(tx, by, house.now())
        plan = await world.plan(act, wanted)
        return ([] if dry_run else await world.apply(act, plan)), plan


def _line(change: Change) -> str:
    before, after = change.differences()
    if change.before is None:
        name = f" {change.after.name}" if change.kind is Kind.APP else ""
        return f"+ {change.kind}{name} {change.id}"
    told = ", ".join(f"{name}: {_said(before.get(name))} -> {_said(value)}" for name, value in after.items())
    return f"~ {change.kind} {change.id}: {told}"


def _said(value: Any) -> str:
    """Return a value as the world file writes it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_said, value))}]"
    return repr(str(value) if isinstance(value, StrEnum) else value)
