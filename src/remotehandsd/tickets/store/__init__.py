"""All SQL about the tickets of one account."""

from remotehandsd.tickets.store.entries import add_entry, change_entry, entries
from remotehandsd.tickets.store.files import add_attachment, attached_bytes, attachment, attachments
from remotehandsd.tickets.store.lists import (
    count,
    days,
    gathered_page,
    page,
    page_of_kinds,
    slices,
    statuses,
    titles,
    total,
)
from remotehandsd.tickets.store.one import add, add_comment, add_many, change, comments, get, get_with_comments, hold

__all__ = [
    "add",
    "add_attachment",
    "add_comment",
    "add_entry",
    "add_many",
    "attached_bytes",
    "attachment",
    "attachments",
    "change",
    "change_entry",
    "comments",
    "count",
    "days",
    "entries",
    "gathered_page",
    "get",
    "get_with_comments",
    "hold",
    "page",
    "page_of_kinds",
    "slices",
    "statuses",
    "titles",
    "total",
]
