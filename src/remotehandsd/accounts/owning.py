"""Apps that people make for themselves: made, given another secret, revoked; and how much they are used."""

import secrets

import msgspec

from remotehandsd import events
from remotehandsd.accounts.calling import ROTATION_SECONDS, secret_hash
from remotehandsd.accounts.store import apps as store
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, NotFound, Rule, WrongMoment

LONGEST_NAME = 100
MOST_APPS = 25
"""Apps in use that one person may have in an environment."""
DAY = 86_400


class NewApp(msgspec.Struct, frozen=True):
    """A credential just made; the secret is told here and never again."""

    client_id: str
    client_secret: str


class OwnApp(msgspec.Struct, frozen=True):
    """An app of the person who looks. Times are seconds since 1970, UTC; None where it was not, or is not known.

    `rotation_ends_at`: two secrets are good until then.
    """

    client_id: str
    name: str
    made_at: int | None
    used_at: int | None
    rotation_ends_at: int | None
    is_revoked: bool


async def make_app(act: Act, name: str) -> NewApp:
    """Make an app that acts as who asks, in the act's environment.

    Invalid for a name that is blank, longer than 100 characters, or that of another app of the person's in use;
    WrongMoment when the person has 25 apps in use.
    """
    name = name.strip()
    # Two at once may not have one name: the world file knows apps by person and name.
    await act.tx.hold(f"apps of {act.by.user}/{act.by.staff}")
    in_use = [app for app in await apps_of(act) if not app.is_revoked]
    if fault := _name_fault(name, in_use):
        raise Invalid(Fault("name", Rule.WRONG_VALUE, fault))
    if len(in_use) >= MOST_APPS:
        raise WrongMoment("full", f"You have {MOST_APPS} apps already. Revoke one that you no longer need.")
    made = NewApp(secrets.token_hex(12), secrets.token_hex(32))
    await store.add(act, made.client_id, name, secret_hash(made.client_secret))
    await events.record(act, "app.added", about=made.client_id, after={"name": name})
    return made


def _name_fault(name: str, in_use: list[OwnApp]) -> str:
    if not name or len(name) > LONGEST_NAME:
        return f"The name must have 1 to {LONGEST_NAME} characters."
    if not name.isprintable():
        return "The name must not hold control characters."
    return "You have an app of this name already." if any(app.name == name for app in in_use) else ""


async def apps_of(act: Act) -> list[OwnApp]:
    """Return the apps of who asks in the act's environment, revoked ones included, by their names."""
    found = []
    for client_id, name, made_at, used_at, rotated_at, retired in await store.of_person(act):
        ends_at = rotated_at + ROTATION_SECONDS if rotated_at is not None else None
        is_rotating = ends_at is not None and ends_at > act.at
        found.append(OwnApp(client_id, name, made_at, used_at, ends_at if is_rotating else None, bool(retired)))
    return found


async def _own(act: Act, client_id: str) -> OwnApp:
    for app in await apps_of(act):
        if app.client_id == client_id and not app.is_revoked:
            return app
    raise NotFound("You have no such app.")


async def begin_rotation(act: Act, client_id: str) -> str:
    """Give an app a second secret and return it; the first is good for 7 days more, or until the rotation is finished.

    NotFound for an app that is not the person's; WrongMoment while it has two secrets already.
    """
    if (await _own(act, client_id)).rotation_ends_at is not None:
        raise WrongMoment("rotating", "The app has two secrets already. Finish or take back that rotation first.")
    secret = secrets.token_hex(32)
    await _settle(act, client_id)
    if not await store.begin_rotation(act, client_id, secret_hash(secret)):
        raise WrongMoment("rotating", "The app has two secrets already. Finish or take back that rotation first.")
    await events.record(act, "app.changed", about=client_id, after={"rotated_at": act.at})
    return secret


async def finish_rotation(act: Act, client_id: str) -> None:
    """End an app's first secret: only the second is good from now on. WrongMoment where it has only one."""
    app = await _own(act, client_id)
    if app.rotation_ends_at is None or not await _settle(act, client_id):
        raise WrongMoment("settled", "The app has only one secret.")
    await events.record(act, "app.changed", about=client_id, before={"rotated_at": _begun(app)})


async def take_back_rotation(act: Act, client_id: str) -> None:
    """End an app's second secret, such as one that was lost: only the first is good from now on."""
    app = await _own(act, client_id)
    if app.rotation_ends_at is None or not await store.take_back_rotation(act, client_id):
        raise WrongMoment("settled", "The app has only one secret.")
    await events.record(act, "app.changed", about=client_id, before={"rotated_at": _begun(app)})


def _begun(app: OwnApp) -> int:
    assert app.rotation_ends_at is not None
    return app.rotation_ends_at - ROTATION_SECONDS


async def _settle(act: Act, client_id: str) -> bool:
    return await store.settle(act, client_id)


async def revoke_app(act: Act, client_id: str) -> None:
    """Turn an app off for good; its tokens are refused within 5 seconds. NotFound for one that is not the person's."""
    await _own(act, client_id)
    await store.revoke(act, client_id)
    await events.record(act, "app.changed", about=client_id, before={"retired": False}, after={"retired": True})


async def calls_per_day(act: Act, client_id: str, *, days: int = 30) -> list[tuple[int, int]]:
    """Return the starts of the last days (seconds since 1970, UTC), oldest first, each with the calls let in.

    Today is the last. Calls are written down once a minute. NotFound for an app that is not the person's.
    """
    if all(app.client_id != client_id for app in await apps_of(act)):
        raise NotFound("You have no such app.")
    today = act.at // DAY
    counted: dict[int, int] = dict(await store.calls(act, client_id, since=today - days + 1))
    return [(day * DAY, counted.get(day, 0)) for day in range(today - days + 1, today + 1)]
