"""One thing being done: in which transaction, by whom, and when."""

from enum import StrEnum

import msgspec

from remotehandsd.kit.db import EVERY_TENANT, Tx


class Environment(StrEnum):
    """Walls within one server: nothing of one is visible in another (contract.md section 17.2)."""

    PLAYGROUND = "playground"
    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Role(StrEnum):
    """What a member of the operator's staff may do."""

    TECHNICIAN = "technician"
    DISPATCHER = "dispatcher"
    ADMINISTRATOR = "administrator"


class By(msgspec.Struct, frozen=True):
    """Who acts: a customer's person on one account, one of the operator's staff, or the house itself.

    `account` is the account's internal key, the one column that walls tenants off from each other; a staff
    member gets it from the ticket that he works on. `sites` is None for staff who work everywhere.
    """

    name: str
    environment: Environment
    account: int = 0
    user: int | None = None
    staff: int | None = None
    roles: frozenset[Role] = frozenset()
    sites: frozenset[str] | None = None

    @property
    def tenant(self) -> int:
        """Whose rows the database may show: one account's to a customer, everybody's to the operator and the house."""
        return EVERY_TENANT if self.user is None else self.account


class Act(msgspec.Struct, frozen=True):
    """One thing being done. `at` is in whole seconds since 1970, UTC."""

    tx: Tx
    by: By
    at: int

    @property
    def account(self) -> int:
        """The account whose rows this act may touch."""
        return self.by.account

    def on_account(self, account: int) -> "Act":
        """The same act, for a staff member who has found the account of the ticket in hand."""
        return Act(self.tx, msgspec.structs.replace(self.by, account=account), self.at)
