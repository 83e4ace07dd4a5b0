"""What the operator's administrators do: the world file's own verbs, for one thing at a time.

NotAllowed for everybody else, and for an administrator who is bound to sites.
"""

import re
from typing import Any

from remotehandsd import accounts, events, people, world
from remotehandsd.accounts import KeptStaff
from remotehandsd.act import Act, Role
from remotehandsd.errors import Fault, Invalid, NotFound, Rule
from remotehandsd.events import Logged
from remotehandsd.world import Kind, Standing, WrongWorld

TABLES = {Kind.SITE: "sites", Kind.MASTER: "master_accounts", Kind.USER: "users", Kind.STAFF: "staff"}
WITHIN = {Kind.LOCATION: ("sites", "code", "locations"), Kind.ACCOUNT: ("master_accounts", "id", "accounts")}
NAMED_BY = {Kind.SITE: "code", Kind.LOCATION: "name", Kind.USER: "email", Kind.STAFF: "email"}

_FAULT = re.compile(r"\w+\[1\](?:\.\w+\[1\])?(?: \(.*?\))?(?:\.(?P<field>\w+))?: (?P<words>.*)", re.DOTALL)
_MISSING = re.compile(r"(?P<field>\w+) is missing\.")


async def everything(act: Act) -> Standing:
    """Return all sites, locations, accounts, users and staff of the environment, by kind and id, retired ones, too.

    Apps are left out: they are their people's.
    """
    accounts.check_administers_all(act)
    return {kind: things for kind, things in (await world.standing(act)).items() if kind is not Kind.APP}


async def keep(act: Act, kind: Kind, given: dict[str, Any], *, within: str = "", is_new: bool = False) -> None:
    """Add one thing or change it, with the fields of the world file; what is not given stays as it is.

    `within` is the code of a location's site, or the id of an account's master account. Invalid names every field
    that is wrong, also when something `is_new` and there is one already. Apps are made by their own people.
    """
    accounts.check_administers_all(act)
    if kind in WITHIN:
        outer, key, inner = WITHIN[kind]
        table: dict[str, Any] = {outer: [{key: within, inner: [given]}]}
    else:
        table = {TABLES[kind]: [given]}
    try:
        plan = await world.plan(act, world.world_of({"environment": act.by.environment, **table}))
    except WrongWorld as error:
        raise Invalid(*map(_fault, error.faults)) from None
    if is_new and not any(change.kind is kind and change.before is None for change in plan.changes):
        raise Invalid(Fault(NAMED_BY.get(kind, "id"), Rule.WRONG_VALUE, f"There is such a {kind} already."))
    await world.apply(act, plan)
    if kind is Kind.STAFF and not any(map(_administers_all, await accounts.all_staff(act))):
        # Nobody could mend it here: who would be the last to go stays.
        field = "retired" if given.get("retired") else "roles"
        raise Invalid(Fault(field, Rule.WRONG_VALUE, f"{field}: would leave nobody to administer this environment."))


def _administers_all(one: KeptStaff) -> bool:
    return not one.retired and Role.ADMINISTRATOR in one.roles and one.sites is None


def _fault(text: str) -> Fault:
    found = _FAULT.fullmatch(text)
    field, words = (found["field"] or "", found["words"]) if found else ("", text)
    if missing := _MISSING.fullmatch(words):
        return Fault(missing["field"], Rule.MISSING, words)
    return Fault(field, Rule.WRONG_VALUE, f"{field}: {words}" if field else words)


async def log(act: Act, *, before: int | None = None, most: int = 50) -> list[Logged]:
    """Return what was done in the environment about anything but tickets, newest first; `before` an event's id."""
    accounts.check_administers_all(act)
    return await events.log(act, before=before, most=most)


async def invite(act: Act, email: str) -> str | None:
    """Make a link for a user or a member of staff of the environment, and return its token.

    None for who has a password. The token is for that person's own mailbox, as invite_member says. NotFound for who
    is not in use here.
    """
    accounts.check_administers_all(act)
    email = people.kept_form(email)
    is_here = people.is_email(email) and await _is_here(act, email)
    if not is_here:
        raise NotFound("There is no such person here.")
    return await people.invite_newcomer(act, email)


async def _is_here(act: Act, email: str) -> bool:
    user = await accounts.user_named(act, email)
    return (user is not None and not user.retired) or await accounts.staff_member(act, email) is not None
