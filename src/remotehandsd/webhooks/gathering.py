"""From events to messages: each event is written down once for every webhook that asked for it."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from remotehandsd import events, jobs, tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.events import Told
from remotehandsd.kit.db import Tx
from remotehandsd.tickets import Retold
from remotehandsd.webhooks import queue, store
from remotehandsd.webhooks.delivering import WEBHOOK
from remotehandsd.webhooks.webhook import Webhook

READER = "webhooks"
MOST_EVENTS = 100
"""Events that are taken in one transaction, so that it ends soon."""


async def gather(tx: Tx, body: Callable[[Retold], bytes], *, now: int) -> bool:
    """Turn events that were not read yet into messages; tell whether there are more.

    `body` makes the bytes that are sent, from an event and its ticket as it stood after it.
    """
    told = await events.unread(tx, READER, most=MOST_EVENTS)
    if not told:
        return False
    of_accounts: dict[int, list[Told]] = defaultdict(list)
    for event in told:
        of_accounts[event.account].append(event)
    for account, webhooks in (await queue.listening(tx, list(of_accounts))).items():
        happened = of_accounts[account]
        by = By(name="", environment=Environment(happened[0].environment), account=account)
        await _write(Act(tx, by, now), webhooks, happened, body)
    await events.mark_read(tx, READER, told[-1])
    return len(told) == MOST_EVENTS


async def _write(
    act: Act, webhooks: Sequence[Webhook], happened: Sequence[Told], body: Callable[[Retold], bytes]
) -> None:
    wanted = [event for event in happened if any(webhook.wants(event.type) for webhook in webhooks)]
    if not wanted:
        return
    retold = await tickets.retell(act, wanted)
    messages = await store.add_messages(act, [(one.event.name, one.event.type, body(one)) for one in retold])
    pairs = [
        (webhook.key, message)
        for message, event in zip(messages, wanted, strict=True)
        for webhook in webhooks
        if webhook.wants(event.type)
    ]
    deliveries = await store.add_deliveries(act, pairs)
    await jobs.add_many(
        act.tx,
        WEBHOOK,
        [(delivery, webhook) for delivery, (webhook, _) in zip(deliveries, pairs, strict=True)],
        now=act.at,
    )
