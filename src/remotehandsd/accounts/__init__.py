"""Accounts, the people and programs that act for them, and the operator's staff."""

from remotehandsd.accounts.account import Account, Caller
from remotehandsd.accounts.calling import (
    caller,
    caller_of_person,
    environments_of_person,
    secret_hash,
    secret_hash_of,
    staff_member,
)
from remotehandsd.accounts.finding import account_keys
from remotehandsd.accounts.keeping import (
    KeptAccount,
    KeptApp,
    KeptMaster,
    KeptStaff,
    KeptUser,
    keep_account,
    keep_app,
    keep_master,
    keep_staff,
    keep_user,
)
from remotehandsd.accounts.snapshot import (
    all_accounts,
    all_apps,
    all_masters,
    all_staff,
    all_users,
    environment_of_client_id,
)

REMOTE_HANDS = "Service Tickets-Remote Hands"
"""The permission that tickets, comments and attachments ask for."""

__all__ = [
    "REMOTE_HANDS",
    "Account",
    "Caller",
    "KeptAccount",
    "KeptApp",
    "KeptMaster",
    "KeptStaff",
    "KeptUser",
    "account_keys",
    "all_accounts",
    "all_apps",
    "all_masters",
    "all_staff",
    "all_users",
    "caller",
    "caller_of_person",
    "environment_of_client_id",
    "environments_of_person",
    "keep_account",
    "keep_app",
    "keep_master",
    "keep_staff",
    "keep_user",
    "secret_hash",
    "secret_hash_of",
    "staff_member",
]
