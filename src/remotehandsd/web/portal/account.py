"""`/portal/{account}/account`: its people, what one may do oneself, and what was done by whom."""

from typing import Any

from starlette.responses import Response

from remotehandsd import administration, events, letters, people, webhooks
from remotehandsd.accounts import REMOTE_HANDS
from remotehandsd.act import Act
from remotehandsd.errors import AlreadyUsed, Invalid, Limited, NotAllowed, NotFound
from remotehandsd.events import Logged
from remotehandsd.house import House
from remotehandsd.kit.limits import Rate
from remotehandsd.web.borrowed import hidden_from
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once
from remotehandsd.web.pages import page, see
from remotehandsd.web.posting import post
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, on_account, sent_by

AT_ONCE = 25
"""Events on one page of what was done."""
TO_ONE_MAILBOX, BY_ONE_ACCOUNT = Rate(3, 1200), Rate(50, 72)
"""Invitations at once, and seconds until one more: some an hour to a mailbox, fifty an hour by an account."""
DONE = frozenset({"invited", "granted", "taken", "taken_out"})


async def show(call: Call) -> Response:
    """Show the account; its people to who administers it."""
    return await _shown(call, await on_account(call))


async def _shown(call: Call, found: Visitor, code: int = 200, form: Filled | None = None, **more: Any) -> Response:
    before, done = call.asked("before"), call.asked("done")
    happened = []
    if found.has_tickets:
        happened = await call.look_long(events.latest, most=AT_ONCE + 1, before=before)
    administers = found.caller.is_administrator
    hidden = await hidden_from(call, found)
    members = await call.look(administration.members) if administers else []
    about = await call.look(_about) if administers else []
    values: dict[str, Any] = {
        "visitor": found,
        "here": "account",
        "members": [one for one in members if one.email not in hidden] if administers else None,
        "about": [_sentence(one, found) for one in about if one.about not in hidden],
        "webhooks": await call.look(webhooks.list_all) if found.has_tickets else [],
        "permission": REMOTE_HANDS,
        "form": form or Filled(),
        "once": once_key(),
        "happened": happened[:AT_ONCE],
        "older": happened[AT_ONCE - 1].name if len(happened) > AT_ONCE else "",
        "is_later": before is not None,
        "done": done if done in DONE else "",
        "refused": "",
    }
    return page("portal/account.html", code, **values | more)


async def _about(act: Act) -> list[Logged]:
    return await events.about_account(act, most=AT_ONCE)


def _sentence(done: Logged, found: Visitor) -> tuple[int, str]:
    """Return when something was done, and what: of another account that a person is on, nothing is said."""
    assert found.account is not None
    here, before, after = found.account.id, done.before, done.after
    changed = {
        "put": here in after.get("accounts", ()) and here not in before.get("accounts", ()),
        "taken_out": here in before.get("accounts", ()) and here not in after.get("accounts", ()),
        "granted": REMOTE_HANDS in after.get("permissions", ()) and REMOTE_HANDS not in before.get("permissions", ()),
        "taken": REMOTE_HANDS in before.get("permissions", ()) and REMOTE_HANDS not in after.get("permissions", ()),
        "invited": done.type == "person.invited",
        "password_set": done.type == "person.password_set",
        "app_added": done.type == "app.added",
        "app_changed": done.type == "app.changed",
        "webhook": done.type.startswith("webhook."),
    }
    key = next((key for key, is_so in changed.items() if is_so), "changed")
    return done.at, text(f"portal.about.{key}", by=done.by, about=done.about)


def _home(call: Call, done: str) -> str:
    return f"/portal/{call.params['account']}/account?done={done}#people"


def _invites_too_often(call: Call, form: Filled) -> float:
    """Count an invitation; return the seconds until there may be one again, where there were too many."""
    limits = call.house.limits
    wait = limits.take(f"invitations to {people.kept_form(form.value('email'))}", TO_ONE_MAILBOX)
    return wait or limits.take(f"invitations by {call.params['account']}", BY_ONE_ACCOUNT)


async def _invite(act: Act, house: House, email: str, name: str) -> None:
    token = await administration.invite_member(act, email, name)
    if token is not None:
        to, url, environment = people.kept_form(email), house.settings.public_url, str(act.by.environment)
        await post(act, house, letters.wording.invitation(to, url, token, by=act.by.name, environment=environment))


async def invite(call: Call) -> Response:
    """Put somebody on the account. The link for a newcomer goes to his own mailbox, never to who invites."""
    found = await on_account(call)
    form = await sent_by(call, found)
    if found.session.is_bound:
        # Anybody can be this person: in somebody's name he would end the invitations of another environment.
        return await _shown(call, found, 403, form, refused=text("portal.account.borrowed"))
    wait = _invites_too_often(call, form)
    if wait:
        raise Limited(wait)
    try:
        home = _home(call, "invited")
        given = call.house, form.value("email"), form.value("name")
        return await once(call, form, lambda _: home, _invite, *given)
    except Invalid as refusal:
        return await _shown(call, found, 422, form.refused(refusal.faults))
    except NotAllowed as refusal:
        return await _shown(call, found, 403, form, refused=refusal.sentence)
    except AlreadyUsed:
        return await _shown(call, found, 422, form, refused=text("portal.used"))


async def grant(call: Call) -> Response:
    """Give one of the account's people the permission for tickets."""
    return await _changed(call, administration.grant, "granted")


async def take(call: Call) -> Response:
    """Take it away again."""
    return await _changed(call, administration.take, "taken")


async def take_out(call: Call) -> Response:
    """Take somebody out of the account."""
    return await _changed(call, administration.take_out, "taken_out")


async def _changed(call: Call, verb: Any, done: str) -> Response:
    found = await on_account(call)
    form = await sent_by(call, found)
    if people.kept_form(form.value("email")) in await hidden_from(call, found):
        return await _shown(call, found, 403, refused=text("portal.account.borrowed"))
    try:
        await call.act(verb, form.value("email"))
    except (NotAllowed, NotFound) as refusal:
        code = 403 if isinstance(refusal, NotAllowed) else 404
        return await _shown(call, found, code, refused=refusal.sentence)
    return see(_home(call, done))
