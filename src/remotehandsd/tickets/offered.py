"""What a member of staff may do to a ticket just now: what is not among it is not offered to him."""

from remotehandsd.act import By
from remotehandsd.tickets.rights import ANY, DISPATCHING, WORKING
from remotehandsd.tickets.ticket import Ticket

ROLES = {
    "take": WORKING,
    "hand_over": DISPATCHING,
    "start": WORKING,
    "complete": WORKING,
    "start_time": WORKING,
    "book_time": WORKING,
    "grant_cancellation": DISPATCHING,
    "refuse_cancellation": DISPATCHING,
    "cancel": DISPATCHING,
    "comment": ANY,
    "note": ANY,
    "attach": ANY,
}
"""Who may do it, as the verbs themselves see to."""
AS = {"take": "assign", "hand_over": "assign"}
"""What stands under another name in the table of moves."""


def offered(ticket: Ticket, by: By) -> frozenset[str]:
    """Return what the staff member may do to the ticket as it stands. Who has it has no need to take it."""
    return frozenset(
        move
        for move, roles in ROLES.items()
        if not roles.isdisjoint(by.roles)
        and ticket.may(AS.get(move, move))
        and not (move == "take" and ticket.assigned_to == by.staff)
    )
