"""An account, and somebody who calls with a token."""

import msgspec

from remotehandsd.act import By


class Account(msgspec.Struct, frozen=True):
    """A customer's account under its master account. `key` is internal and never leaves the house."""

    key: int
    master_id: str
    master_name: str
    id: str
    name: str


class Caller(msgspec.Struct, frozen=True):
    """An app and whom it acts as, or a person who signed in.

    A customer's first account is the default one; staff have none. `acting` says, by master id and account id, as
    whom the caller acts on each account. `is_administrator` is about a customer's accounts; staff have a role.
    """

    client_id: str
    by: By
    permissions: frozenset[str]
    accounts: tuple[Account, ...]
    acting: dict[tuple[str, str], By]
    is_administrator: bool = False

    @property
    def is_staff(self) -> bool:
        """Tell the operator's people from the customers'."""
        return self.by.staff is not None
