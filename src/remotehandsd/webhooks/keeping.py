"""Making, changing and removing webhooks."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remotehandsd import events, jobs
from remotehandsd.act import Act
from remotehandsd.errors import WrongMoment
from remotehandsd.kit.outbound import read_url
from remotehandsd.kit.sealing import Seal
from remotehandsd.webhooks import store
from remotehandsd.webhooks.delivering import WEBHOOK, send
from remotehandsd.webhooks.fields import wanted
from remotehandsd.webhooks.signing import new_secret, opened, rotated, sealed
from remotehandsd.webhooks.webhook import MOST_WEBHOOKS, TEST, Webhook, new_id


class Made(msgspec.Struct, frozen=True):
    """A webhook and its newest secret, which is shown this once."""

    webhook: Webhook
    secret: str


async def list_all(act: Act) -> list[Webhook]:
    """Return the account's webhooks, oldest first."""
    return await store.webhooks_of_account(act)


async def get(act: Act, id_: str) -> Webhook:
    """Return one of the account's webhooks; NotFound for any other."""
    return await store.get_webhook(act, id_)


async def add(act: Act, seal: Seal, fields: Mapping[str, Any], *, may_be_private: bool) -> Made:
    """Make a webhook out of `url`, `events`, `description` and `active`, as they were sent.

    Invalid names every fault. An account has at most MOST_WEBHOOKS; then it is the wrong moment.
    """
    said = wanted(fields, may_be_private=may_be_private, is_new=True)
    await _hold(act)
    if len(await store.webhooks_of_account(act)) >= MOST_WEBHOOKS:
        raise WrongMoment("full", f"An account has at most {MOST_WEBHOOKS} webhooks.")
    assert said.url is not None
    webhook = Webhook(
        0, new_id(), said.url, said.types or (), said.description or "", said.is_active is not False, act.at
    )
    secret = new_secret()
    await store.add_webhook(act, webhook, sealed(seal, webhook.id, [secret]))
    await events.record(act, "webhook.added", about=webhook.id, after=_noted(webhook))
    return Made(webhook, secret.text)


async def change(act: Act, id_: str, fields: Mapping[str, Any], *, may_be_private: bool) -> Webhook:
    """Change what the fields name; what they do not name stays.

    One that is switched off tells nothing from then on, what waits included. One that is switched on begins with
    what happens from then on, and with a clean slate.
    """
    await _hold(act)
    was = await store.get_webhook(act, id_)
    said = wanted(fields, may_be_private=may_be_private, is_new=False)
    now = msgspec.structs.replace(
        was,
        url=was.url if said.url is None else said.url,
        types=was.types if said.types is None else said.types,
        description=was.description if said.description is None else said.description,
        is_active=was.is_active if said.is_active is None else said.is_active,
    )
    if now == was:
        return was
    await store.change_webhook(act, now, is_new_start=now.is_active and not was.is_active)
    if was.is_active and not now.is_active:
        await jobs.drop_lane(act.tx, WEBHOOK, was.key)
    before, after = _noted(was), _noted(now)
    changed = [name for name in after if before[name] != after[name]]
    if was.url != now.url and "origin" not in changed:
        changed.append("origin")
    await events.record(
        act,
        "webhook.changed",
        about=was.id,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return now


async def remove(act: Act, id_: str) -> None:
    """Remove a webhook; what waits for it is not sent any more."""
    await _hold(act)
    webhook = await store.get_webhook(act, id_)
    await store.remove_webhook(act, webhook)
    await jobs.drop_lane(act.tx, WEBHOOK, webhook.key)
    await events.record(act, "webhook.removed", about=webhook.id, before=_noted(webhook))


async def rotate(act: Act, seal: Seal, id_: str) -> Made:
    """Give a webhook a new secret; the one before it signs beside it for 24 hours."""
    await _hold(act)
    webhook = await store.get_webhook(act, id_)
    signing = rotated(opened(seal, webhook.id, await store.sealed(act, webhook), act.at), act.at)
    await store.set_sealed(act, webhook, sealed(seal, webhook.id, signing))
    await events.record(act, "webhook.rotated", about=webhook.id)
    return Made(webhook, signing[0].text)


async def send_test(act: Act, id_: str, body: Callable[[int], bytes]) -> str:
    """Send something that did not happen, to try a webhook; return the id that it carries.

    `body` makes the bytes from the time. A webhook that is switched off is sent nothing.
    """
    webhook = await store.get_webhook(act, id_)
    check_active(webhook)
    name = f"test_{secrets.token_hex(12)}"
    await send(act, webhook, name, TEST, body(act.at))
    return name


def check_active(webhook: Webhook) -> None:
    """Raise WrongMoment for a webhook that is switched off."""
    if not webhook.is_active:
        raise WrongMoment("off", "The webhook is not active.")


async def _hold(act: Act) -> None:
    await act.tx.hold(f"webhooks of {act.account}")


def _noted(webhook: Webhook) -> dict[str, Any]:
    """Return what an event says of a webhook. Of its URL only the host: what follows may be a secret."""
    return {
        "origin": read_url(webhook.url, may_be_private=True).origin,
        "events": list(webhook.types) or "all",
        "description": webhook.description,
        "active": webhook.is_active,
    }
