"""Keeping the index of words: by reading the events, as whoever tells people of them does."""

from collections.abc import Iterable
from typing import Any

from remotehandsd import events
from remotehandsd.act import Act
from remotehandsd.kit.db import Tx
from remotehandsd.tickets.search import queue, store
from remotehandsd.tickets.search.words import kept_words, of_account, of_desk
from remotehandsd.tickets.ticket import wire_number

READER = "search"
CHANGING = frozenset(
    {"ticket.created", "ticket.updated", "ticket.commented", "ticket.cancellation_refused"},
)
"""Events after which a ticket has other words."""


async def to_be_indexed(act: Act, number: int) -> None:
    """Say that a ticket of the act's account has other words, where readers of events are not told of it."""
    await store.add_unsearched(act, number)


async def index_again(tx: Tx) -> None:
    """Have all tickets indexed once more, newest first: those that were made up without an event, too."""
    await queue.begin_again(tx)


async def index_some(tx: Tx, *, most: int) -> int:
    """Bring the index up to date by so many steps at most, and return how many there were.

    What has just happened comes first, then internal notes, then the tickets that were there before the index.
    """
    told = await events.unread(tx, READER, most=most)
    changed = {event.ticket for event in told if event.type in CHANGING}
    if told:
        await events.mark_read(tx, READER, told[-1])
    noted = await queue.take_unsearched(tx, most=most)
    past = await queue.take_past(tx, most=most) if not told and not noted else []
    await _index(tx, {*changed, *noted, *past})
    return len(told) + len(noted) + len(past)


async def _index(tx: Tx, numbers: set[int]) -> None:
    if not numbers:
        return
    said: dict[int, tuple[list[str], list[str]]] = {number: ([], []) for number in numbers}
    for ticket, body, internal in await queue.comments(tx, numbers):
        said[ticket][bool(internal)].append(body)
    rows = [row for ticket in await queue.texts(tx, numbers) for row in _rows(ticket, *said[ticket[0]])]
    await queue.replace(tx, numbers, rows)


def _rows(ticket: tuple[Any, ...], comments: list[str], notes: list[str]) -> Iterable[dict[str, Any]]:
    """Give a ticket's rows of the index: one for all, or where there are notes one for customers and one for the desk.

    Which row whom is for is a word in it, and every question has such a word: a customer's cannot meet a note.
    """
    number, environment, account, *texts = ticket
    for_all = kept_words(wire_number(number), str(number), *texts, *comments)
    if not notes:
        yield _row(2 * number, account, {of_account(account), of_desk(environment), *for_all})
        return
    yield _row(2 * number, account, {of_account(account), *for_all})
    with_notes = kept_words(wire_number(number), str(number), *texts, *comments, *notes)
    yield _row(2 * number + 1, account, {of_desk(environment), *with_notes})


def _row(rowid: int, account: int, words: set[str]) -> dict[str, Any]:
    return {"rowid": rowid, "account": account, "words": " ".join(f"'{word}'" for word in sorted(words))}
