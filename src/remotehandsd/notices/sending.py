"""One mail of a notice: what it says to its recipient, and how it ended."""

from collections.abc import Sequence

import msgspec

from remotehandsd import events, sites, tickets
from remotehandsd.act import Act, Environment
from remotehandsd.events import Told
from remotehandsd.kit.db import Tx
from remotehandsd.kit.mail import Letter, Passage, deliverable
from remotehandsd.notices import queue, store, wording
from remotehandsd.notices.audience import listed_by
from remotehandsd.notices.composing import record_refused
from remotehandsd.notices.gathering import house_act
from remotehandsd.notices.policy import Policy
from remotehandsd.notices.times import moment
from remotehandsd.tickets import Ticket, wire_number

MOST_TOLD = 50
"""Changes that one mail tells; a burst can have thousands."""
KEPT_SECONDS = 30 * 86_400
"""How long it is kept who was mailed."""


class Mail(msgspec.Struct, frozen=True):
    """A notice on its way to one address: the ticket's events from `first` to `last`."""

    key: int
    address: str
    environment: str
    account: int
    ticket: int
    first: int
    last: int

    def act(self, tx: Tx, now: int) -> Act:
        """Return the house's own act on the account whose mail it is."""
        return house_act(tx, self.environment, self.account, now)


async def mail_of(tx: Tx, key: int) -> Mail | None:
    """Return the mail of this key, unless it was sent or refused."""
    found = await queue.waiting_mail(tx, key)
    if found is None:
        return None
    address, _, *rest = found
    return Mail(key, address, *rest)


async def letter(act: Act, mail: Mail, public_url: str, policy: Policy) -> Letter:
    """Write the letter: what happened in order, the ticket in short, and where it stands.

    The same mail is the same message, however often it is sent: its id is made of the ticket and the first event.
    One to the operator's own address leads to the desk.
    """
    to = deliverable(mail.address)
    assert to, "the policy has seen to that"
    happened = await events.told_between(act, mail.ticket, first=mail.first, last=mail.last)
    ticket = await tickets.show(act, mail.ticket)
    site = await sites.find(act, ticket.site)
    name = wire_number(ticket.number)
    is_desk = policy.is_desk(mail.address)
    is_first = happened[0].type == "ticket.created"
    environment = Environment(mail.environment)
    return Letter(
        to=to,
        subject=wording.subject(ticket, environment),
        id=name if is_first else f"{name}.{mail.first}",
        thread=name,
        greeting=wording.greeting(ticket),
        passages=_passages(happened, mail.address.lower(), ticket, site.timezone if site else "UTC"),
        facts=wording.facts(ticket, site.city if site else "", environment),
        link=f"{public_url}/{'desk' if is_desk else 'portal'}/tickets/{name}",
        ending=wording.DESK_ENDING if is_desk else wording.ENDING,
        labels=(("X-Remotehands-Ticket", name),),
    )


def _passages(happened: Sequence[Told], address: str, ticket: Ticket, zone: str) -> tuple[Passage, ...]:
    """Tell what happened; that somebody was put on the list, to him alone: the others need not know of him."""
    listed = listed_by(happened, address)
    shown = [event for event in happened if event.type != "ticket.updated" or event is listed]
    passages = [
        Passage(wording.said(event), moment(event.at, zone), wording.quoted(event, ticket))
        for event in shown[:MOST_TOLD]
    ]
    if len(shown) > MOST_TOLD:
        passages.append(Passage(wording.MORE.format(count=len(shown) - MOST_TOLD)))
    return tuple(passages)


async def sent(act: Act, mail: Mail) -> None:
    """Note that the mail server took it."""
    await store.end_mail(act, mail.key)


async def refuse(act: Act, mail: Mail, reason: str, *, for_good: bool = True) -> None:
    """Name the address on the ticket's history; `for_good` ends the mail, else somebody may still have it retried."""
    if not for_good or await store.end_mail(act, mail.key):
        await record_refused(act, mail.ticket, [mail.address], reason)


async def forget(tx: Tx, *, now: int) -> int:
    """Forget notices and mails that ended 30 days ago; return how many mails."""
    forgotten = await queue.forget_mails(tx, before=now - KEPT_SECONDS)
    await queue.forget_notices(tx, before=now - KEPT_SECONDS)
    return forgotten
