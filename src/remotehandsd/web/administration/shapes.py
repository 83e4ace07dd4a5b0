"""What can be kept on pages, kind by kind: the world file's own fields, each with how it is filled in."""

from collections.abc import Callable
from typing import Any

import msgspec

from remotehandsd.accounts import REMOTE_HANDS
from remotehandsd.act import Role
from remotehandsd.web.forms import Filled
from remotehandsd.world import Kind, Standing


class Choice(msgspec.Struct, frozen=True):
    """One thing that can be chosen; `is_there` is False for what was retired."""

    value: str
    words: str
    is_there: bool = True


Choices = Callable[[Standing, str], list[Choice]]


class Field(msgspec.Struct, frozen=True):
    """One field: `control` is `text`, `check`, `choice` or `many`; `is_name` cannot be changed once it is there."""

    name: str
    control: str = "text"
    most: int | None = None
    is_name: bool = False
    is_optional: bool = False
    choices: Choices | None = None


class Shape(msgspec.Struct, frozen=True):
    """A kind of thing: its name in addresses, the field that names it, and its fields in the form's order.

    `within` is the kind that one of these belongs to; `columns` are shown in lists.
    """

    kind: Kind
    name: str
    key: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    within: Kind | None = None
    within_key: str = ""


RETIRED = Field("retired", "check")
MANY_AT_MOST = 40
"""So many are offered each with a box; more are typed, one a line."""


def _sites(there: Standing, _within: str) -> list[Choice]:
    return [Choice(code, f"{code}, {site.city}", not site.retired) for code, site in there[Kind.SITE].items()]


def _accounts(there: Standing, _within: str) -> list[Choice]:
    return [Choice(id_, f"{account.name} ({id_})", not account.retired) for id_, account in there[Kind.ACCOUNT].items()]


def _parents(there: Standing, within: str) -> list[Choice]:
    return [Choice(one.name, one.name) for one in there[Kind.LOCATION].values() if one.site == within]


def _roles(_there: Standing, _within: str) -> list[Choice]:
    return [Choice(str(role), str(role).capitalize()) for role in Role]


SITE = Shape(
    Kind.SITE,
    "sites",
    "code",
    (
        Field("code", most=6, is_name=True),
        Field("address", most=255),
        Field("city", most=50),
        Field("metro", most=50),
        Field("country", most=50),
        Field("timezone"),
        RETIRED,
    ),
    ("city", "country", "timezone"),
)
LOCATION = Shape(
    Kind.LOCATION,
    "locations",
    "name",
    (
        Field("name", most=40, is_name=True),
        Field("parent", "choice", is_optional=True, choices=_parents),
        RETIRED,
    ),
    ("site", "parent"),
    Kind.SITE,
    "site",
)
MASTER = Shape(
    Kind.MASTER,
    "master-accounts",
    "id",
    (Field("id", most=64, is_name=True), Field("name", most=255), RETIRED),
    ("name",),
)
ACCOUNT = Shape(
    Kind.ACCOUNT,
    "accounts",
    "id",
    (
        Field("id", most=64, is_name=True),
        Field("name", most=255),
        Field("sites", "many", is_optional=True, choices=_sites),
        RETIRED,
    ),
    ("name", "master", "sites"),
    Kind.MASTER,
    "master",
)
USER = Shape(
    Kind.USER,
    "users",
    "email",
    (
        Field("email", is_name=True),
        Field("name", most=40),
        Field("accounts", "many", is_optional=True, choices=_accounts),
        Field("default_account", "choice", is_optional=True, choices=_accounts),
        Field("may_order", "check"),
        Field("administrator", "check"),
        RETIRED,
    ),
    ("name", "accounts", "may_order", "administrator"),
)
STAFF = Shape(
    Kind.STAFF,
    "staff",
    "email",
    (
        Field("email", is_name=True),
        Field("name", most=40),
        Field("roles", "many", choices=_roles),
        Field("everywhere", "check"),
        Field("sites", "many", is_optional=True, choices=_sites),
        RETIRED,
    ),
    ("name", "roles", "sites"),
)
SHAPES = (SITE, LOCATION, MASTER, ACCOUNT, USER, STAFF)


def values_of(shape: Shape, thing: Any) -> dict[str, str]:
    """Return a thing as it stands in its form."""
    values = {}
    for field in shape.fields:
        value = _value(field.name, thing)
        values[field.name] = "\n".join(value) if isinstance(value, tuple) else _word(value)
    return values


def _value(name: str, thing: Any) -> Any:
    if name == "default_account":
        return next(iter(thing.accounts), "")
    if name == "may_order":
        return REMOTE_HANDS in thing.permissions
    return thing.sites is None if name == "everywhere" else getattr(thing, name)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def given_in(shape: Shape, form: Filled) -> dict[str, Any]:
    """Return what a form gives, as the world file has it."""
    given = {field.name: _given(field, form) for field in shape.fields}
    if default := given.pop("default_account", ""):
        # The first is the default one.
        given["accounts"] = list(dict.fromkeys([default, *given["accounts"]]))
    if "may_order" in given:
        given["permissions"] = [REMOTE_HANDS] if given.pop("may_order") else []
    if given.pop("everywhere", False):
        del given["sites"]
    if given.get("parent") == "":
        # A location at the top of its site has none, as in the file.
        del given["parent"]
    return given


def _given(field: Field, form: Filled) -> Any:
    value = form.value(field.name)
    match field.control:
        case "check":
            return value == "yes"
        case "many":
            return many(field.name, form)
        case _:
            return value.strip()


def many(name: str, form: Filled) -> list[str]:
    """Return what was chosen of a field: the boxes that were ticked, and the lines that were typed, each once."""
    ticked = [value for key, value in form.values.items() if key.startswith(f"{name}.")]
    typed = [line.strip() for line in form.value(name).split("\n") if line.strip()]
    return list(dict.fromkeys([*typed, *ticked]))
