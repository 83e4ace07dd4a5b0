"""Accounts, the people and programs that act for them, and the operator's staff."""

from remotehandsd.accounts.account import Account, Caller
from remotehandsd.accounts.calling import (
    caller,
    caller_of_person,
    environments_of_person,
    secret_hash,
    secret_hashes_of,
    staff_member,
)
from remotehandsd.accounts.counting import add_calls, settle_rotations
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
from remotehandsd.accounts.owning import (
    NewApp,
    OwnApp,
    apps_of,
    begin_rotation,
    calls_per_day,
    finish_rotation,
    make_app,
    revoke_app,
    take_back_rotation,
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
    "NewApp",
    "OwnApp",
    "account_keys",
    "add_calls",
    "all_accounts",
    "all_apps",
    "all_masters",
    "all_staff",
    "all_users",
    "apps_of",
    "begin_rotation",
    "caller",
    "caller_of_person",
    "calls_per_day",
    "environment_of_client_id",
    "environments_of_person",
    "finish_rotation",
    "keep_account",
    "keep_app",
    "keep_master",
    "keep_staff",
    "keep_user",
    "make_app",
    "revoke_app",
    "secret_hash",
    "secret_hashes_of",
    "settle_rotations",
    "staff_member",
    "take_back_rotation",
]
