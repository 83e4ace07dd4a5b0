"""What the server tells, as frozen objects: the contract's names in snake_case, times in UTC."""

from datetime import datetime

import msgspec


class Account(msgspec.Struct, frozen=True):
    """A customer's account that the credential may act for."""

    account_id: str
    account_name: str = ""
    master_account_id: str = ""
    master_account_name: str = ""
    default_account: bool = False


class Site(msgspec.Struct, frozen=True):
    """A facility: its code of six characters, and where it stands."""

    site: str
    address: str = ""
    city: str = ""
    metro: str = ""
    country: str = ""


class Location(msgspec.Struct, frozen=True):
    """A hall, cage or rack of a site. The text `location` goes into a ticket; `parent_id` is None at the top."""

    id: str
    location: str = ""
    parent_id: str | None = None


class Category(msgspec.Struct, frozen=True):
    """Something that can be asked for: a category, and the request type that allows it."""

    request_type: str
    category: str


class Comment(msgspec.Struct, frozen=True):
    """A remark on a ticket."""

    comment: str
    commented_by: str = ""
    commented_on: datetime | None = None


class Attachment(msgspec.Struct, frozen=True):
    """A file on a ticket. `hash` is the SHA-256 of its bytes in hexadecimal, where the server is one of ours."""

    id: str
    filename: str = ""
    hash: str = ""
    created_by: str = ""
    created_on: datetime | None = None


CLOSED = frozenset({"Completed", "Cancelled"})
"""The statuses that a ticket does not leave."""


class ListedTicket(msgspec.Struct, frozen=True):
    """A ticket as lists show it. What is not set is `""`, a time that is not set None."""

    id: str
    title: str = ""
    status: str = ""
    site: str = ""
    location: str = ""
    category: str = ""
    request_type: str = ""
    created_on: datetime | None = None
    updated_on: datetime | None = None
    closed_on: datetime | None = None
    created_by: str = ""

    @property
    def is_closed(self) -> bool:
        """Tell whether the ticket is Completed or Cancelled."""
        return self.status in CLOSED


class Ticket(msgspec.Struct, frozen=True):
    """A ticket with all that its customer sees of it. What is not set is `""`, a time that is not set None."""

    id: str
    title: str = ""
    status: str = ""
    site: str = ""
    location: str = ""
    request_type: str = ""
    category: str = ""
    detailed_instruction: str = ""
    customer_reference: str = ""
    reference_ticket: str = ""
    cancel_reason: str | None = None
    created_on: datetime | None = None
    updated_on: datetime | None = None
    closed_on: datetime | None = None
    created_by: str = ""
    ticket_type: str = ""
    notification_recipients: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Tell whether the ticket is Completed or Cancelled."""
        return self.status in CLOSED
