"""Searching tickets by words: for a customer's account, and for the desk."""

import msgspec

from remotehandsd.act import Act
from remotehandsd.errors import NotAllowed
from remotehandsd.kit.db import Row
from remotehandsd.tickets.listing import Filters, can_fit, narrowed_by, narrowed_queue
from remotehandsd.tickets.queue import NARROWED
from remotehandsd.tickets.search import queue, store
from remotehandsd.tickets.search.words import asked_number, asked_words, of_account, of_desk
from remotehandsd.tickets.ticket import ListedTicket

MOST_FOUND = 1000
"""So many tickets can be paged through; whoever finds more had better say more words, or filter."""
MOST_HITS = 10_000
"""Filters look at so many hits, the newest ones: a bound for words that nearly every ticket has."""
CUSTOMERS = {name: NARROWED[name] for name in ("site", "status", "request_type", "category", "created_by")}


class Found(msgspec.Struct, frozen=True):
    """One page of what was found, newest first, and how many there are; not `is_exact`: that many, perhaps more."""

    items: list[ListedTicket]
    total: int
    is_exact: bool
    size: int
    number: int


async def search_tickets(act: Act, text: str, filters: Filters, *, size: int, number: int) -> Found:
    """Find tickets of the act's account: title, instruction, references, and the comments that the customer sees.

    All words must be there, the last one may go on; small and large letters and accents are alike. A ticket's number
    finds it at once, everything else within a second or two after it was written. A text without any word finds
    nothing. Internal notes are not looked at, ever.
    """
    asked = asked_words(text, of_account(act.account))
    if not asked or not can_fit(filters):
        return Found([], 0, True, size, number)
    narrowed, values = narrowed_by(CUSTOMERS, filters)
    values = values | {"direct": asked_number(text)}
    hits = _hits(is_narrowed=bool(narrowed))
    rows = await store.found(act, asked, narrowed, values, hits=hits, most=MOST_FOUND + 1)
    return await _page(act, asked, rows, hits, (size, number))


async def search_queue(act: Act, text: str, filters: Filters, *, size: int, number: int) -> Found:
    """Find tickets of all accounts at the staff member's sites, by the same rules, in internal notes, too."""
    if act.by.staff is None:
        raise NotAllowed("The queue is the staff's.")
    asked = asked_words(text, of_desk(act.by.environment))
    if not asked or not can_fit(filters):
        return Found([], 0, True, size, number)
    narrowed, values = narrowed_queue(filters)
    values = values | {"direct": asked_number(text)}
    hits = _hits(is_narrowed=bool(narrowed) or act.by.sites is not None)
    rows = await queue.found(act, asked, narrowed, values, hits=hits, most=MOST_FOUND + 1)
    return await _page(act, asked, rows, hits, (size, number))


def _hits(*, is_narrowed: bool) -> int:
    """Return how many hits are looked at: where each of them is a find, no more than can be paged through."""
    return MOST_HITS if is_narrowed else MOST_FOUND + 1


async def _page(act: Act, asked: str, rows: list[Row], hits: int, asked_page: tuple[int, int]) -> Found:
    size, number = asked_page
    is_exact = len(rows) <= MOST_FOUND
    if is_exact and hits == MOST_HITS:
        is_exact = await queue.hits(act.tx, asked, most=hits + 1) <= hits
    shown = rows[:MOST_FOUND][number * size : (number + 1) * size]
    return Found([ListedTicket(*row) for row in shown], min(len(rows), MOST_FOUND), is_exact, size, number)
