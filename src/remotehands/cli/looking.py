"""The verbs that only look."""

from itertools import islice

from remotehands import errors
from remotehands.cli.forms import Form
from remotehands.cli.given import Given
from remotehands.cli.hints import HINTS, REQUEST_TYPES, STATUSES
from remotehands.cli.printing import show_all, show_one
from remotehands.records import Account, Attachment, Category, ListedTicket, Location, Site

PAGE = 500
"""Tickets that are fetched at once, if so many are wanted."""
TICKETS = ("id", "status", "title", "site", "location", "category", "created_on", "created_by")
"""The least important last: where there is little room these are left out first."""


def accounts(given: Given, output: Form | None) -> None:
    """List the accounts."""
    with given.client() as client:
        columns = ("account_id", "account_name", "master_account_id", "master_account_name", "default_account")
        show_all(client.accounts(), Account, output, columns)


def sites(given: Given, output: Form | None) -> None:
    """List the sites."""
    with given.client() as client:
        show_all(client.sites(), Site, output, ("site", "address", "city", "metro", "country"))


def locations(given: Given, site: str, output: Form | None) -> None:
    """List the locations of a site."""
    with given.client() as client:
        found = client.locations(site)
        if not found:
            given.note(f"The account has no site {site}, or it has no locations.")
        show_all(found, Location, output, ("location",))


def categories(given: Given, request_type: str | None, output: Form | None) -> None:
    """List the categories."""
    with given.client() as client:
        show_all(client.categories(request_type), Category, output, ("request_type", "category"))


def ticket(given: Given, id_: str, output: Form | None) -> None:
    """Show one ticket."""
    with given.client() as client:
        show_one(client.tickets.get(id_), output)


def tickets(given: Given, filters: dict[str, str | None], limit: int | None, output: Form | None) -> None:
    """List tickets."""
    with given.client() as client:
        found = client.tickets.list(**filters, page_size=min(limit or PAGE, PAGE))
        try:
            shown = list(islice(found, limit))
        except errors.Invalid:
            # The server says no more than that the request is invalid.
            _explain(given, filters)
            raise
        show_all(shown, ListedTicket, output, TICKETS)


def _explain(given: Given, filters: dict[str, str | None]) -> None:
    for name, possible in (("status", STATUSES), ("request_type", REQUEST_TYPES)):
        value = filters[name]
        if value and value not in possible:
            given.note(f"--{name.replace('_', '-')} '{value}' is none of: {', '.join(possible)}.")
    if filters["category"]:
        given.note(HINTS["category"])


def files(given: Given, id_: str, output: Form | None) -> None:
    """List the files of a ticket."""
    with given.client() as client:
        show_all(client.tickets.attachments(id_), Attachment, output, ("id", "filename", "created_by", "created_on"))
