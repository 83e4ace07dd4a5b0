"""`remotehands ticket watch`: what changes on a ticket, as it changes."""

from remotehands.cli.forms import Form
from remotehands.cli.given import Given
from remotehands.cli.printing import cell, show_line
from remotehands.cli.words import line
from remotehands.records import Ticket


def watch(given: Given, id_: str, every: float, output: Form | None) -> None:
    """Show a ticket and each change until it is closed."""
    before: Ticket | None = None
    with given.client() as client:
        for ticket in client.tickets.watch(id_, every=every):
            show_line(ticket, output, "\n".join(changes(before, ticket)))
            before = ticket


def changes(before: Ticket | None, now: Ticket) -> list[str]:
    """Return a line for each thing that is new."""
    when = cell(now.updated_on)
    if before is None:
        found = [f"{when}  {now.id}  {now.status}  {now.title}"]
    else:
        found = [f"{when}  {now.status}"] if now.status != before.status else []
        for name in ("customer_reference", "notification_recipients", "cancel_reason"):
            if getattr(now, name) != getattr(before, name):
                found.append(f"{when}  {name.replace('_', ' ')}: {getattr(now, name) or 'none'}")
    known = len(before.comments) if before else 0
    found += [f"{cell(one.commented_on)}  {one.commented_by}: {one.comment}" for one in now.comments[known:]]
    return [line(one) for one in found or [f"{when}  changed"]]
