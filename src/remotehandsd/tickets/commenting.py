"""Writing on a ticket: comments that the customer sees, and internal notes that he never does."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.errors import Fault, Invalid, Rule
from remotehandsd.tickets import flow, store
from remotehandsd.tickets.fields import is_missing, is_text, mandatory_text, missing, refuse, wrong
from remotehandsd.tickets.rights import ANY, enter
from remotehandsd.tickets.search import to_be_indexed
from remotehandsd.tickets.ticket import Comment, number_of

MOST = 1000
"""Comments on one ticket behind which customers write no more: each look at it, and each event, carries them."""
NO_BOUND = 2**31 - 1


def check_text(text: object) -> str:
    """Return a comment's text; Invalid when it is missing, blank, no text, or longer than 4096 characters."""
    refuse(mandatory_text("comment", text))
    assert isinstance(text, str)
    return text


async def comment(act: Act, number: int | None, text: object) -> Comment:
    """Write on a ticket that is neither completed nor cancelled; return the comment as it will be shown.

    Invalid for a customer where it has 1,000 comments already. Staff may always write.
    """
    ticket = await store.get(act, number)
    text = check_text(text)
    flow.after("comment", ticket.stand)
    await store.change(act, ticket, updated_at=max(act.at, ticket.updated_at))
    written = await add_comment(act, ticket.number, text, internal=False)
    await events.record(act, "ticket.commented", ticket=ticket.number, after={"comment": text})
    return written


async def comment_by_name(act: Act, fields: Mapping[str, Any]) -> Comment:
    """Write on the ticket whose name (`WO1000001`) stands among the fields `number` and `comment`.

    A name that is no ticket's is NotFound before anything is said of the text.
    """
    name = fields.get("number")
    if is_missing(name):
        refuse(chain([missing("number")], mandatory_text("comment", fields.get("comment"))))
    if not isinstance(name, str) or not is_text(name):
        refuse(chain([wrong("number")], mandatory_text("comment", fields.get("comment"))))
    return await comment(act, number_of(str(name)), fields.get("comment"))


async def note(act: Act, number: int | None, text: object, internal: object) -> None:
    """Write on a ticket as staff. An internal note leaves no trace on the customer's side, at any time of its life."""
    act = await enter(act, number, ANY)
    ticket = await store.get(act, number)
    if internal is not None and not isinstance(internal, bool):
        raise Invalid(wrong("internal", "This must be true or false."))
    if not internal:
        await comment(act, number, text)
        return
    text = check_text(text)
    flow.after("note", ticket.stand)
    # Staff see notes: who changes the ticket as he saw it must not miss one.
    await store.hold(act, number)
    await add_comment(act, ticket.number, text, internal=True)
    await to_be_indexed(act, ticket.number)
    await events.record(act, "ticket.noted", ticket=ticket.number, after={"comment": text})


async def comments(act: Act, number: int | None) -> list[Comment]:
    """Return the comments of a ticket of the act's account, oldest first."""
    ticket = await store.get(act, number)
    return await store.comments(act, ticket.number, internal=False)


async def add_comment(act: Act, number: int, text: str, *, internal: bool) -> Comment:
    """Add a text that was checked, in the name of who acts; Invalid where customers may write no more."""
    written = Comment(text, act.by.name, act.at, internal)
    most = MOST if act.by.user is not None else NO_BOUND
    if not await store.add_comment(act, number, written, most=most):
        raise Invalid(Fault("comment", Rule.TOO_MANY, f"At most {MOST} comments are possible on a ticket.", MOST))
    return written
