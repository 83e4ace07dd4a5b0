"""Accounts, the people and programs that act for them, and the operator's staff."""

from remotehandsd.accounts.account import Account, Caller
from remotehandsd.accounts.administering import (
    administered_account,
    administered_environments,
    check_administers_all,
)
from remotehandsd.accounts.calling import (
    caller,
    caller_of_person,
    environments_of_person,
    secret_hash,
    secret_hashes_of,
    staff_member,
)
from remotehandsd.accounts.counting import add_calls, settle_rotations
from remotehandsd.accounts.finding import account_keys, email_of_user
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
from remotehandsd.accounts.reaching import addresses, registered
from remotehandsd.accounts.snapshot import (
    Member,
    address_of_user,
    all_accounts,
    all_apps,
    all_masters,
    all_staff,
    all_users,
    company_of_user,
    environment_of_client_id,
    is_staff,
    members,
    own_accounts,
    user_named,
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
    "Member",
    "NewApp",
    "OwnApp",
    "account_keys",
    "add_calls",
    "address_of_user",
    "addresses",
    "administered_account",
    "administered_environments",
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
    "check_administers_all",
    "company_of_user",
    "email_of_user",
    "environment_of_client_id",
    "environments_of_person",
    "finish_rotation",
    "is_staff",
    "keep_account",
    "keep_app",
    "keep_master",
    "keep_staff",
    "keep_user",
    "make_app",
    "members",
    "own_accounts",
    "registered",
    "revoke_app",
    "secret_hash",
    "secret_hashes_of",
    "settle_rotations",
    "staff_member",
    "take_back_rotation",
    "user_named",
]
