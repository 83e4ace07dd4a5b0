"""Deciding who is told: the audience of a notice, within the operator's policy."""

from collections.abc import Collection, Mapping, Sequence

from remotehandsd import accounts, events, jobs, people, tickets
from remotehandsd.act import Act, Environment
from remotehandsd.events import Told
from remotehandsd.kit.db import Tx
from remotehandsd.notices import queue, store
from remotehandsd.notices.audience import audience, concerns_the_desk
from remotehandsd.notices.gathering import house_act
from remotehandsd.notices.policy import LOOKED_UP, Policy, choose, why_not

MAIL = "mail"
"""The kind of job that sends one mail to one address."""
NAMED = 50
"""Refused addresses that one event names; behind them stands how many there were."""


async def compose(tx: Tx, key: int, policy: Policy, *, now: int) -> None:
    """Close a notice and have one mail sent to each address that it concerns, the operator's own first.

    One mail an address: the people on one ticket may be of several companies, and none learns of the others. An
    address that the policy refuses is named on the ticket's history. Once done, doing it again does nothing.
    """
    found = await queue.whose_notice(tx, key)
    if found is None:
        return
    environment, account = found
    act = house_act(tx, environment, account, now)
    closed = await store.close_notice(act, key)
    if closed is None:
        return
    ticket, first, last = closed
    happened = await events.told_between(act, ticket, first=first, last=last)
    desk = policy.desk_of(act.by.environment) if concerns_the_desk(happened) else []
    addresses = await accounts.addresses(act)
    author = addresses.get(await events.opened_by(act, ticket) or 0)
    wanted = audience(happened, author, (await tickets.show(act, ticket)).recipients, addresses)
    if desk:
        wanted = [address for address in wanted if not policy.is_desk(address)]
    choice = choose(
        wanted,
        policy,
        environment=act.by.environment,
        registered=await _registered(act, author, wanted, policy, addresses, happened),
        room=await _room(act, policy),
    )
    for address in [*desk, *choice.mailed]:
        mail = await store.add_mail(act, ticket, key, address)
        await jobs.add(tx, MAIL, mail, lane=act.account, now=now, due_at=now)
    for reason, refused in choice.refused.items():
        await record_refused(act, ticket, refused, reason)


async def _registered(
    act: Act,
    author: str | None,
    wanted: Sequence[str],
    policy: Policy,
    addresses: Mapping[int, str],
    happened: Sequence[Told] = (),
) -> set[str]:
    """Return whom a ticket of the playground mails, where the operator has not opened it to everybody.

    Anybody can be one of its made-up people. What these write reaches no real person, and the history must not tell
    who is one: real people are strangers to it, but for those of the account whose ticket a real person opened.
    """
    if act.by.environment is not Environment.PLAYGROUND or policy.is_playground_open:
        return set()
    registered = await accounts.registered(act, wanted[:LOOKED_UP])
    real = await people.of_flesh_and_blood(act)
    if author not in real or await _has_words_of_the_made_up(act, happened, addresses, real):
        return registered - real
    return registered - (real - set(addresses.values()))


async def _has_words_of_the_made_up(
    act: Act, happened: Sequence[Told], addresses: Mapping[int, str], real: Collection[str]
) -> bool:
    """Tell whether somebody wrote or attached something who is neither a real customer nor the robot."""
    robot = await accounts.staff_member(act, people.ROBOT)
    return any(
        not (event.user and addresses.get(event.user) in real) and not (robot and event.staff == robot.staff)
        for event in happened
        if "comment" in event.after or event.type == "ticket.attachment_added"
    )


async def not_mailed(act: Act, addresses: Sequence[str], policy: Policy) -> dict[str, str]:
    """Return which of these addresses a ticket of the user who acts would not mail, each with the reason."""
    author, of_account = await accounts.address_of_user(act), await accounts.addresses(act)
    registered = await _registered(act, author, addresses, policy, of_account)
    found = {address: why_not(address, policy, act.by.environment, registered) for address in addresses}
    return {address: reason for address, reason in found.items() if reason}


async def _room(act: Act, policy: Policy) -> int | None:
    """Return how many more mails the account may cause just now; who asks beside waits until these are counted."""
    if policy.limit is None:
        return None
    most, seconds = policy.limit
    await act.tx.hold(f"mails of account {act.account}")
    since = act.at - seconds
    to_desk = sum([await store.mails_since_to(act, since, address) for address in policy.desk])
    return max(0, most - (await store.mails_since(act, since) - to_desk))


async def record_refused(act: Act, ticket: int, addresses: Sequence[str], reason: str) -> None:
    """Name addresses that are not told on the ticket's history, for the operator; the customer's view stays.

    The same is said once, however often something happens on the ticket.
    """
    named = list(addresses[:NAMED])
    if not set(named) <= await _named(act, ticket, reason):
        after = {"addresses": named, "count": len(addresses), "reason": reason}
        await events.record(act, "ticket.notice_refused", ticket=ticket, after=after)


async def _named(act: Act, ticket: int, reason: str) -> set[str]:
    past = [event.after for event in await events.history(act, ticket) if event.type == "ticket.notice_refused"]
    return {address for after in past if after["reason"] == reason for address in after["addresses"]}
