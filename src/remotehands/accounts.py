"""Which account is worked for: the one that was named, or the default one."""

import msgspec

from remotehands import reading
from remotehands.errors import NotAllowed, WrongSetting
from remotehands.exchange import Answer, Needs, Request
from remotehands.records import Account

ALL = Request("GET", "/v1/accounts", needs=Needs.TOKEN)
DEFAULT = msgspec.structs.replace(ALL, query={"defaultAccount": "true"})


def read(answer: Answer) -> list[Account]:
    """Return the accounts of an answer."""
    return reading.records(Account, reading.parsed(answer.body))


def request(named: str | None) -> Request:
    """Return the request that tells about the account that was named, or about the default one."""
    return ALL if named else DEFAULT


def chosen(answer: Answer, named: str | None) -> Account:
    """Return the account of this id, or the default one.

    Where a server names several as the default, one must be named: a ticket on the wrong account is work on the wrong
    equipment.
    """
    there = read(answer)
    if named:
        fitting = [account for account in there if account.account_id == named]
    else:
        fitting = [account for account in there if account.default_account] or there
    if len(fitting) == 1:
        return fitting[0]
    if not there:
        raise NotAllowed(401, "This credential may not act for any account.")
    ids = ", ".join(account.account_id for account in there)
    if named:
        raise NotAllowed(401, f"This credential may not act for the account {named}; it may for {ids}.")
    raise WrongSetting(f"It is not clear which account is meant; name one of {ids}.")
