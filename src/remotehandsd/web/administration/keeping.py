"""`/desk/administration/{kind}`: sites, locations, accounts, users and staff, each listed, added and changed."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response

from remotehandsd import administration, people
from remotehandsd.errors import Fault, Invalid, NotFound, Rule
from remotehandsd.notices import is_mailed
from remotehandsd.web.administration.administrator import administrator
from remotehandsd.web.administration.shapes import (
    ACCOUNT,
    LOCATION,
    MANY_AT_MOST,
    SHAPES,
    STAFF,
    USER,
    Shape,
    given_in,
    many,
    values_of,
)
from remotehandsd.web.borrowed import hidden_from
from remotehandsd.web.call import Call
from remotehandsd.web.forms import Filled, once_key
from remotehandsd.web.once import once
from remotehandsd.web.pages import page, segment
from remotehandsd.web.texts import text
from remotehandsd.web.visitor import Visitor, sent_by
from remotehandsd.world import Kind, Standing

AT_ONCE = 100
LARGEST = 9
"""Digits of a page's number."""


class Shown(msgspec.Struct, frozen=True):
    """A page of a list."""

    items: list[tuple[str, Any]]
    total: int
    size: int
    number: int


class There(msgspec.Struct, frozen=True):
    """What there is, as far as this administrator may see it."""

    visitor: Visitor
    shape: Shape
    standing: Standing
    hidden: frozenset[str]

    def of(self, shape: Shape) -> dict[str, Any]:
        """Return the things of a kind by id."""
        return {id_: thing for id_, thing in self.standing[shape.kind].items() if id_ not in self.hidden}


async def _there(call: Call) -> There:
    found = await administrator(call)
    shape = next((one for one in SHAPES if one.name == call.params["kind"]), None)
    if shape is None:
        raise NotFound
    return There(found, shape, await call.look(administration.everything), await hidden_from(call, found))


async def show_all(call: Call) -> Response:
    """List the things of a kind, in use first; `?q=` looks for a text in what is shown of them."""
    there = await _there(call)
    wanted = (call.asked("q") or "").casefold()
    within = call.asked("within") or ""
    rows = [
        (id_, thing)
        for id_, thing in there.of(there.shape).items()
        if (not wanted or wanted in _text(there, thing)) and (not within or _within(there.shape, thing) == within)
    ]
    rows.sort(key=lambda row: row[1].retired)
    given = call.asked("page") or ""
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= LARGEST else 0
    kept = {name: value for name in ("q", "within") if (value := call.asked(name))}
    part = rows[number * AT_ONCE : (number + 1) * AT_ONCE]
    return page(
        "administration/list.html",
        visitor=there.visitor,
        here="administration",
        at=there.shape.name,
        shape=there.shape,
        found=Shown(part, len(rows), AT_ONCE, number),
        values=lambda thing: _in_list(there, thing),
        address=lambda thing: address(there.shape, thing),
        at_page=lambda other: f"/desk/administration/{there.shape.name}?{urlencode({**kept, 'page': other})}",
        q=call.asked("q") or "",
        within=within,
        is_borrowed=there.visitor.session.is_bound,
    )


def _in_list(there: There, thing: Any) -> dict[str, str]:
    """Return a thing as a list shows it: accounts by their names."""
    values = values_of(there.shape, thing)
    if there.shape is USER:
        names = [there.standing[Kind.ACCOUNT][id_].name for id_ in thing.accounts]
        return values | {"accounts": ", ".join(names)}
    if there.shape is ACCOUNT:
        return values | {"master": there.standing[Kind.MASTER][thing.master].name}
    return values | {there.shape.within_key: _within(there.shape, thing)}


def _text(there: There, thing: Any) -> str:
    return " ".join([*values_of(there.shape, thing).values(), *_in_list(there, thing).values()]).casefold()


def _within(shape: Shape, thing: Any) -> str:
    return str(getattr(thing, shape.within_key)) if shape.within_key else ""


def address(shape: Shape, thing: Any) -> str:
    """Return where a thing is shown. Its id stands behind the question mark: an id may be `..`."""
    within = f"&within={segment(_within(shape, thing))}" if shape.within else ""
    return f"/desk/administration/{shape.name}/one?id={segment(getattr(thing, shape.key))}{within}"


async def show_new(call: Call) -> Response:
    """Show an empty form; `?within=` names the site or the master account that it shall belong to."""
    there = await _there(call)
    within = _existing_within(there, call)
    values = {"everywhere": "yes"} if there.shape.kind is Kind.STAFF else {}
    return _form(call, there, Filled(values), within=within)


def _existing_within(there: There, call: Call) -> str:
    within = call.asked("within") or ""
    if there.shape.within is not None and within not in there.standing[there.shape.within]:
        raise NotFound
    return within


async def add(call: Call) -> Response:
    """Add one."""
    there = await _there(call)
    within = _existing_within(there, call)
    form = await sent_by(call, there.visitor)
    email = people.kept_form(form.value("email"))
    # A stranger in a borrowed session must not make himself somebody who stays: he could have a password sent.
    is_strange = there.visitor.session.is_bound and bool(email) and not people.is_made_up(email)
    if is_strange or email in there.hidden:
        fault = {"email": text("administration.real_person")}
        return _form(call, there, Filled(form.values, fault), 422, within=within)
    return await _keep(call, there, form, within=within)


async def show_one(call: Call) -> Response:
    """Show one in its form, with what belongs to it."""
    there = await _there(call)
    thing = _one(there, call)
    return _form(call, there, Filled(values_of(there.shape, thing)), within=_within(there.shape, thing), thing=thing)


def _one(there: There, call: Call) -> Any:
    id_, within = call.asked("id") or "", call.asked("within") or ""
    found = there.of(there.shape).get(f"{within}/{id_}" if there.shape is LOCATION else id_)
    if found is None:
        raise NotFound
    return found


async def change(call: Call) -> Response:
    """Change one; what names it stays."""
    there = await _there(call)
    thing = _one(there, call)
    form = await sent_by(call, there.visitor)
    if there.visitor.session.is_bound and getattr(thing, "email", None) in await _offered(call):
        fault = {"name": text("administration.offered_person")}
        return _form(call, there, Filled(form.values, fault), 422, within=_within(there.shape, thing), thing=thing)
    named = {**form.values, there.shape.key: getattr(thing, there.shape.key)}
    return await _keep(call, there, Filled(named), within=_within(there.shape, thing), thing=thing)


async def _offered(call: Call) -> set[str]:
    """Return the addresses of the people whom anybody may be: who came after would find them changed."""
    return {one.email for one in await call.look(people.offered)}


async def _keep(call: Call, there: There, form: Filled, *, within: str, thing: Any = None) -> Response:
    shape = there.shape
    try:
        given = given_in(shape, form)
        if given.get("sites") == [] and shape is STAFF:
            raise Invalid(Fault("sites", Rule.MISSING, text("administration.no_sites")))
        return await once(
            call,
            form,
            lambda _: _kept(shape, given, within),
            administration.keep,
            shape.kind,
            given,
            within=within,
            is_new=thing is None,
        )
    except Invalid as refusal:
        faults = [_in_words(shape, form, fault) for fault in refusal.faults]
        return _form(call, there, form.refused(faults), 422, within=within, thing=thing)


def _kept(shape: Shape, given: dict[str, Any], within: str) -> str:
    id_ = given[shape.key].lower() if shape.key == "email" else given[shape.key]
    tail = f"&within={segment(within)}" if shape.within else ""
    return f"/desk/administration/{shape.name}/one?id={segment(id_)}{tail}&done=kept"


def _in_words(shape: Shape, form: Filled, fault: Fault) -> Fault:
    """Put the form's own word before what is wrong, where the world file's stands."""
    words = fault.sentence.removeprefix(f"{fault.field}: ")
    known = {field.name: field.control for field in shape.fields}
    field = "may_order" if fault.field == "permissions" else fault.field
    if field not in known:
        return fault
    label = text(f"administration.field.{field}")
    is_missing = "is missing" in words or (known[field] in ("text", "many") and not many(field, form))
    sentence = text("administration.missing", field=label) if is_missing else f"{label} {words}"
    return Fault(field, fault.rule, sentence)


def _form(call: Call, there: There, form: Filled, code: int = 200, *, within: str = "", thing: Any = None) -> Response:
    shape = there.shape
    offered = {field.name: field.choices(there.standing, within) for field in shape.fields if field.choices is not None}
    chosen = {name: many(name, form) for name in offered}
    inside = _inside(there, thing)
    return page(
        "administration/one.html",
        code,
        visitor=there.visitor,
        here="administration",
        at=shape.name,
        shape=shape,
        thing=thing,
        within=within,
        form=form,
        offered={
            name: [one for one in choices if one.is_there or one.value in chosen[name]]
            for name, choices in offered.items()
        },
        chosen=chosen,
        most=MANY_AT_MOST,
        inside=inside,
        inside_values=lambda inner: values_of(inside[0], inner) if inside else {},
        address=address,
        pairs=lambda choices: [(one.value, one.words) for one in choices],
        once=once_key(),
        done=call.asked("done") or "",
        is_borrowed=there.visitor.session.is_bound,
        is_mailed=thing is not None and shape.key == "email" and is_mailed(call.house, thing.email),
    )


def _inside(there: There, thing: Any) -> tuple[Shape, list[Any]] | None:
    """Return what belongs to a thing: a site's locations, a master account's accounts, an account's users."""
    match there.shape.kind:
        case _ if thing is None:
            return None
        case Kind.SITE:
            return LOCATION, [one for one in there.of(LOCATION).values() if one.site == thing.code]
        case Kind.MASTER:
            return ACCOUNT, [one for one in there.of(ACCOUNT).values() if one.master == thing.id]
        case Kind.ACCOUNT:
            return USER, [one for one in there.of(USER).values() if thing.id in one.accounts]
        case _:
            return None
