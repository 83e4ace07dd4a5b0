"""Which account is worked for: the one that was named, or the default one."""

import msgspec

from remotehands import reading
from remotehands.errors import NotAllowed, WrongSetting
from remotehands.exchange import Answer, Needs, Request
from remotehands.records import Account

ALL = Request("GET", "/v1/accounts", needs=Needs.TOKEN)
DEFAULT = msgspec.structs.replace(ALL, query={"defaultAccount": "true"})


class Pair(msgspec.Struct, frozen=True):
    """What the account headers say."""

    master_account_id: str
    account_id: str


def read(answer: Answer) -> list[Account]:
    """Return the accounts of an answer."""
    return reading.records(Account, reading.parsed(answer.body))


def request(named: str | None) -> Request:
    """Return the request that tells the pair of an account that was named, or of the default one."""
    return ALL if named else DEFAULT


def chosen(answer: Answer, named: str | None) -> Pair:
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
        return Pair(fitting[0].master_account_id, fitting[0].account_id)
    if not there:
        raise NotAllowed(401, "This credential may not act for any account.")
    ids = ", ".join(account.account_id for account in there)
    fault = (
        f"This credential may not act for the account {named}" if named else "It is not clear which account is meant"
    )
    raise WrongSetting(f"{fault}; it may for {ids}.")
