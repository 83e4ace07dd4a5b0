"""Order remote hands from Python: a client for servers of the Digital Realty Remote Hands API family.

from remotehands import Client

with Client() as client:
    for ticket in client.tickets.list(status="In Progress"):
        print(ticket.id, ticket.title)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remotehands.client import AsyncClient, Client
    from remotehands.errors import (
        ApiError,
        CertificateRefused,
        ConnectionFailed,
        ConnectionLost,
        FileFault,
        Invalid,
        Limited,
        NoCredential,
        NotAllowed,
        NotAServer,
        NotFound,
        NotSignedIn,
        OutcomeUnknown,
        Refused,
        RemotehandsError,
        StillOpen,
        Unavailable,
        WrongSetting,
    )
    from remotehands.records import Account, Attachment, Category, Comment, ListedTicket, Location, Site, Ticket

__all__ = [
    "Account",
    "ApiError",
    "AsyncClient",
    "Attachment",
    "Category",
    "CertificateRefused",
    "Client",
    "Comment",
    "ConnectionFailed",
    "ConnectionLost",
    "FileFault",
    "Invalid",
    "Limited",
    "ListedTicket",
    "Location",
    "NoCredential",
    "NotAServer",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "OutcomeUnknown",
    "Refused",
    "RemotehandsError",
    "Site",
    "StillOpen",
    "Ticket",
    "Unavailable",
    "WrongSetting",
]


def __getattr__(name: str) -> Any:
    """Load what is public when it is asked for, so that the command's `--help` need not wait for it."""
    if name in __all__:
        for home in ("errors", "records", "client"):
            module = import_module(f"{__name__}.{home}")
            if name in vars(module):
                return vars(module)[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
