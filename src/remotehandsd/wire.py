"""The customers' wire: camelCase, its dates, `""` for nothing, the order of keys (contract.md section 8).

The operator's API uses the same names, so both stand on this page. Nothing else knows them.
"""

import calendar
import re
import time
from functools import lru_cache
from typing import Any

import msgspec

from remotehandsd.accounts import Account
from remotehandsd.events import Event
from remotehandsd.sites import Location, Site
from remotehandsd.tickets import Attachment, Comment, Entry, Filters, ListedTicket, Page, Retold, Ticket, wire_number
from remotehandsd.webhooks import TEST, Attempt, Webhook

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)

TOLD_COMMENTS = 20
"""Of a ticket's comments, so many of the newest are told with each of its events."""

encode = msgspec.json.Encoder().encode

NAMES = {
    "title": "title",
    "site": "site",
    "location": "location",
    "request_type": "requestType",
    "category": "category",
    "instruction": "detailedInstruction",
    "customer_reference": "customerReference",
    "reference_ticket": "referenceTicket",
    "recipients": "notificationRecipients",
    "cancel_reason": "cancelReason",
    "number": "requestId",
    "comment": "comment",
    "created_by": "createdBy",
    "account_id": "accountId",
    "assigned_to": "assignedTo",
    "status": "status",
    "closed_at": "closedOn",
    "status_before": "statusBefore",
    "began_at": "from",
    "ended_at": "to",
    "worked_by": "workedBy",
    "time_note": "note",
    "reason": "reason",
}
"""Our words, and the wire's."""


@lru_cache(8192)
def when(at: int | None) -> str:
    """Return a time as `yyyy-MM-dd HH:mm:ss` in UTC, `""` for none."""
    return "" if at is None else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at))


def fields(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what a body says of these fields, in our words; what it says beside is ignored."""
    return {name: body[NAMES[name]] for name in names if NAMES[name] in body}


def comment(written: Comment) -> dict[str, Any]:
    """Return a comment, the same wherever it is shown: existing clients look for one inside the other."""
    return {"comment": written.body, "commentedBy": written.by, "commentedOn": when(written.at)}


def detail(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket's 18 keys. `cancelReason` is the only one that can be null."""
    return {
        "id": wire_number(ticket.number),
        "title": ticket.title,
        "status": ticket.status,
        "site": ticket.site,
        "location": ticket.location,
        "requestType": ticket.request_type,
        "category": ticket.category,
        "detailedInstruction": ticket.instruction,
        "customerReference": ticket.customer_reference,
        "referenceTicket": ticket.reference_ticket,
        "cancelReason": ticket.cancel_reason,
        "createdOn": when(ticket.created_at),
        "updatedOn": when(ticket.updated_at),
        "closedOn": when(ticket.closed_at),
        "createdBy": ticket.created_by,
        "ticketType": "Remote Hands",
        "notificationRecipients": ticket.recipients,
        "comments": [comment(written) for written in ticket.comments],
    }


def listed(ticket: ListedTicket) -> dict[str, Any]:
    """Return a list item's 11 keys; here `category` comes before `requestType`, and is absent when there is none."""
    item = {
        "id": wire_number(ticket.number),
        "title": ticket.title,
        "status": ticket.status,
        "site": ticket.site,
        "location": ticket.location,
        "category": ticket.category,
        "requestType": ticket.request_type,
        "createdOn": when(ticket.created_at),
        "updatedOn": when(ticket.updated_at),
        "closedOn": when(ticket.closed_at),
        "createdBy": ticket.created_by,
    }
    if not ticket.category:
        del item["category"]
    return item


def page(found: Page, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a page in the family's envelope (contract.md section 10)."""
    pages = -(-found.total // found.size)
    return {
        "content": items,
        "pageable": {
            "last": found.number >= pages - 1,
            "totalPages": pages,
            "totalElements": found.total,
            "size": found.size,
            "number": found.number,
            "numberOfElements": len(items),
            "first": found.number == 0,
            "empty": not items,
        },
    }


def attachment(file: Attachment) -> dict[str, Any]:
    """Return a file on a ticket; `hash` is SHA-256 in hex."""
    return {
        "id": file.id,
        "filename": file.filename,
        "hash": file.sha256,
        "createdBy": file.by,
        "createdOn": when(file.at),
    }


def account(account: Account, *, is_default: bool) -> dict[str, Any]:
    """Return an account that the app may use."""
    return {
        "masterAccountId": account.master_id,
        "masterAccountName": account.master_name,
        "accountId": account.id,
        "accountName": account.name,
        "defaultAccount": is_default,
    }


def site(site: Site) -> dict[str, Any]:
    """Return a site."""
    return {
        "site": site.code,
        "address": site.address,
        "city": site.city,
        "metro": site.metro,
        "country": site.country,
    }


def location(location: Location) -> dict[str, Any]:
    """Return a location; the root's `parentId` is null."""
    return {"id": location.id, "location": location.name, "parentId": location.parent_id}


def event(happened: Event) -> dict[str, Any]:
    """Return one line of a ticket's history, for the desk."""
    return {
        "type": happened.type,
        "by": happened.by,
        "at": when(happened.at),
        "before": _renamed(happened.before),
        "after": _renamed(happened.after),
    }


def moment(at: int) -> str:
    """Return a time as RFC 3339 has it, in UTC: our own APIs' form (interfaces.md section 6)."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def told(retold: Retold) -> dict[str, Any]:
    """Return what happened to a ticket, with the ticket as it stood after it: a webhook's body.

    Of its comments the newest 20, and how many came before them: each event of a long talk carries it anew.
    """
    ticket = retold.ticket
    newest = msgspec.structs.replace(ticket, comments=ticket.comments[-TOLD_COMMENTS:])
    return {
        "type": retold.event.type,
        "timestamp": moment(retold.event.at),
        "data": {
            "sequence": retold.sequence,
            "ticket": detail(newest),
            "earlierComments": len(ticket.comments) - len(newest.comments),
        },
    }


def entry(worked: Entry, now: int) -> dict[str, Any]:
    """Return time worked on a ticket, for the desk; `to` is empty while it runs, and `minutes` are those so far."""
    return {
        "id": str(worked.id),
        "workedBy": worked.worked_by,
        "from": when(worked.began_at),
        "to": when(worked.ended_at),
        "minutes": worked.minutes(now),
        "note": worked.note,
    }


def time_worked(entries: list[Entry], now: int) -> dict[str, Any]:
    """Return all time worked on a ticket, and its sum."""
    return {
        "totalMinutes": sum(worked.minutes(now) for worked in entries),
        "entries": [entry(worked, now) for worked in entries],
    }


def worked(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return what a body says of time worked, in our words. An end that is no time is left as a text."""
    given = {name: body.get(name) for name in ("minutes", "note", *names)}
    return given | {"began_at": _at(body.get("from")), "ended_at": _at(body.get("to"))}


def _at(value: object) -> int | str | None:
    """Return seconds since 1970 for a time as `when` writes it; None for nothing, a text for what is no time."""
    if value is None or not isinstance(value, str):
        return None if value is None else str(value)
    try:
        return calendar.timegm(time.strptime(value, "%Y-%m-%d %H:%M:%S")) if _TIME.fullmatch(value) else value
    except ValueError:
        return value


def tried(at: int) -> dict[str, Any]:
    """Return what a webhook is sent to try it: a webhook's body without anything that happened."""
    return {"type": TEST, "timestamp": moment(at), "data": {}}


def webhook(webhook: Webhook, secret: str = "") -> dict[str, Any]:
    """Return a webhook; with its secret where that is new."""
    shown = {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "description": webhook.description,
        "active": webhook.is_active,
    }
    if secret:
        shown["secret"] = secret
    return {**shown, "createdOn": moment(webhook.made_at)}


def attempt(tried: Attempt) -> dict[str, Any]:
    """Return an attempt to deliver; `status` is null without an answer, `duration` in milliseconds."""
    return {
        "id": tried.id,
        "eventId": tried.name,
        "type": tried.type,
        "time": moment(tried.at),
        "status": tried.status,
        "duration": tried.milliseconds,
        "error": tried.error,
    }


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    return {NAMES.get(name, name): when(value) if name.endswith("_at") else value for name, value in values.items()}


def filters(asked: dict[str, str | None], *, unassigned: bool | None = None) -> Filters:
    """Return a list's filters from query parameters by their wire names."""
    return Filters(
        site=asked.get("site"),
        status=asked.get("status"),
        request_type=asked.get("requestType"),
        category=asked.get("category"),
        created_by=asked.get("createdBy"),
        account_id=asked.get("accountId"),
        assigned_to=asked.get("assignedTo"),
        unassigned=unassigned,
    )
