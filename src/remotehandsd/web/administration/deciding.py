"""`/desk/administration/registrations`: who asks to be let in, and the answer."""

from typing import Any

from starlette.responses import Response

from remotehandsd import administration, letters, registrations
from remotehandsd.act import Act
from remotehandsd.errors import Invalid, NotFound, WrongMoment
from remotehandsd.house import House
from remotehandsd.web.administration.administrator import real_administrator
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once
from remotehandsd.web.pages import page
from remotehandsd.web.posting import post
from remotehandsd.web.visitor import Visitor, sent_by
from remotehandsd.world import Kind

LARGEST = 18
"""Digits of a registration's key."""


async def show(call: Call) -> Response:
    """Show what waits for an answer, oldest first, and what nobody has confirmed."""
    return await _shown(call, await real_administrator(call))


async def _shown(
    call: Call, found: Visitor, code: int = 200, *, key: int = 0, form: Filled | None = None, refused: str = ""
) -> Response:
    there = await call.look(administration.everything)
    masters = there[Kind.MASTER]
    values: dict[str, Any] = {
        "visitor": found,
        "here": "administration",
        "at": "registrations",
        "waiting": await call.look(registrations.waiting),
        "unconfirmed": await call.look(registrations.unconfirmed),
        "accounts": [
            (id_, f"{account.name} ({masters[account.master].name}, {id_})")
            for id_, account in there[Kind.ACCOUNT].items()
            if not account.retired and not masters[account.master].retired
        ],
        "users": there[Kind.USER],
        "key": key,
        "form": form or Filled(),
        "refused": refused,
        "now": call.house.now(),
        "once": once_key(),
        "done": call.asked("done") or "",
        "who": call.asked("who") or "",
    }
    return page("administration/registrations.html", code, **values)


async def _answering(call: Call) -> tuple[Visitor, int, Filled]:
    found = await real_administrator(call)
    key = call.params["key"]
    form = await sent_by(call, found)
    if not (key.isascii() and key.isdigit() and len(key) <= LARGEST):
        raise NotFound
    return found, int(key), form


async def accept(call: Call) -> Response:
    """Put the person on an account."""
    found, key, form = await _answering(call)
    try:
        return await once(
            call,
            form,
            lambda is_sent: f"/desk/administration/registrations?done={'accepted' if is_sent else 'accepted_unmailed'}",
            _let_in,
            call.house,
            key,
            form,
        )
    except Invalid as refusal:
        return await _shown(call, found, 422, key=key, form=form.refused(refusal.faults))
    except WrongMoment as refusal:
        return await _shown(call, found, 409, refused=refusal.sentence)


async def _let_in(act: Act, house: House, key: int, form: Filled) -> bool:
    """Accept, and have the person told; tell whether a mail goes out."""
    accepted = await registrations.accept(
        act,
        key,
        form.value("account"),
        is_administrator=form.value("administrator") == "yes",
        has_permission=form.value("may_order") == "yes",
    )
    url, environment = house.settings.public_url, str(act.by.environment)
    letter = letters.wording.accepted(accepted.email, url, accepted.token, environment=environment)
    return await post(act, house, letter)


async def decline(call: Call) -> Response:
    """Say no, with the reason that the person is told."""
    found, key, form = await _answering(call)
    try:
        done = "/desk/administration/registrations?done=declined"
        return await once(
            call,
            form,
            lambda sent: done if sent else f"{done}_unmailed",
            _turn_down,
            call.house,
            key,
            form.value("reason"),
        )
    except Invalid as refusal:
        return await _shown(call, found, 422, key=key, form=form.refused(refusal.faults))
    except WrongMoment as refusal:
        return await _shown(call, found, 409, refused=refusal.sentence)


async def _turn_down(act: Act, house: House, key: int, reason: str) -> bool:
    declined = await registrations.decline(act, key, reason)
    url, environment = house.settings.public_url, str(act.by.environment)
    letter = letters.wording.declined(declined.email, url, environment=environment, reason=declined.answer)
    return await post(act, house, letter)


async def confirm(call: Call) -> Response:
    """Take an address as confirmed: the administrator has made sure whose it is."""
    found, key, form = await _answering(call)
    try:
        done = "/desk/administration/registrations?done=confirmed"
        return await once(call, form, lambda _: done, registrations.confirm_by_hand, key)
    except WrongMoment as refusal:
        return await _shown(call, found, 409, refused=refusal.sentence)
