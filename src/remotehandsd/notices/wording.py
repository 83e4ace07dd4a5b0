"""Every word of a notice, on one page."""

from collections.abc import Mapping
from typing import Any

from remotehandsd.act import Environment
from remotehandsd.events import Told
from remotehandsd.tickets import Status, Ticket, wire_number

FIRST_LINES = 12
"""How much of an instruction a notice quotes, in lines ..."""
FIRST_CHARACTERS = 1000
"""... and in characters."""

ENDING = (
    "You get this because you opened the ticket, or because your address is on its list of recipients.",
    "Do not answer this mail: write a comment on the ticket.",
)
DESK_ENDING = (
    "You get this because the server's settings name your address as the desk's.",
    "Do not answer this mail: write a comment on the ticket.",
)
FEES = "Fees might still apply if work has already started."
MORE = "And {count} more changes: see the ticket."

SAID = {
    "ticket.created": "{by} opened this ticket.",
    "ticket.started": "{by} has begun the work.",
    "ticket.commented": "{by} wrote:",
    "ticket.attachment_added": "{by} attached a file: {filename} ({size}).",
    "ticket.updated": "{by} put you on this ticket's list of recipients.",
    "ticket.completed": "{by} has completed the work.",
    "ticket.cancellation_requested": "{by} asked to cancel this ticket: {cancel_reason}. " + FEES,
    "ticket.cancellation_refused": "{by} did not grant the cancellation. The ticket is {status} again.",
    "ticket.cancelled": "{by} cancelled this ticket.",
}
GRANTED = "{by} granted the cancellation. " + FEES


def subject(ticket: Ticket, environment: Environment) -> str:
    """Return the subject, the same for all that is told of a ticket, so that its mails stay together."""
    trial = "" if environment is Environment.PRODUCTION else f", {environment}"
    return f"[{wire_number(ticket.number)}{trial}] {ticket.title}"


def greeting(ticket: Ticket) -> str:
    """Return the first line: where the ticket stands."""
    return f"{wire_number(ticket.number)} is {ticket.status}."


def said(event: Told) -> str:
    """Return what happened, in one sentence."""
    was_asked = event.before.get("status") == Status.CANCELLATION_REQUESTED
    text = GRANTED if event.type == "ticket.cancelled" and was_asked else SAID[event.type]
    return text.format_map(_values(event))


def _values(event: Told) -> Mapping[str, Any]:
    values = {"by": event.by or "Somebody", **event.after}
    if isinstance(values.get("size"), int):
        values["size"] = size(values["size"])
    return values


def quoted(event: Told, ticket: Ticket) -> str:
    """Return the words of who did it: a comment, why a cancellation is not granted, or what is to be done."""
    if event.type in {"ticket.created", "ticket.updated"}:
        return beginning(ticket.instruction)
    return str(event.after.get("comment", ""))


def beginning(text: str) -> str:
    """Return the first lines of a text; `[...]` says that there is more."""
    text = text.strip()
    first = "\n".join(text.splitlines()[:FIRST_LINES])[:FIRST_CHARACTERS].rstrip()
    return first if len(first) == len(text) else f"{first}\n[...]"


def size(number: int) -> str:
    """Return so many bytes in words."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000  # type: ignore[assignment]
    return f"{number:.1f} GB"


def facts(ticket: Ticket, city: str, environment: Environment) -> tuple[tuple[str, str], ...]:
    """Return what a reader needs to know which ticket it is."""
    told = (
        ("Title", ticket.title),
        ("Site", f"{ticket.site}, {city}" if city else ticket.site),
        ("Location", ticket.location),
        ("Work", f"{ticket.request_type}: {ticket.category}" if ticket.category else ticket.request_type),
        ("Reference", ticket.customer_reference),
        ("Environment", "" if environment is Environment.PRODUCTION else str(environment)),
    )
    return tuple((name, value) for name, value in told if value.strip())
