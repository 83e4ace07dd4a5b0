"""Every page and action of the developers' portal and the administration, by everybody who might come."""

import secrets

import httpx
import pytest

from at_pages import AtPages, at_pages, borrowed
from conftest import load_text
from remotehandsd import accounts, registrations
from remotehandsd.act import Environment
from remotehandsd.app import Health
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from remotehandsd.web import front
from remotehandsd.web.people import SigningIn
from remotehandsd.web.routes import routes, with_trying
from signing import act_of

WHO = ("nobody", "customer", "account administrator", "technician", "dispatcher", "administrator", "other", "borrowed")
"""`other` administers another environment; `borrowed` is the playground's administrator for a while."""
ALL = (200,) * 8
SIGNED_IN = (303, *(200,) * 7)
ACTS = (401, *(303,) * 7)
OWN = "/developer/apps/{client_id}"
DESK = "/desk/administration"
AT_DESK = (303, 403, 403, 403, 403, 200, 200, 200)
ONE_OF_PLAYGROUND = (303, 403, 403, 403, 403, 200, 404, 200)

EXPECTED = {
    ("GET", "/developer"): ALL,
    ("GET", "/developer/register"): (200, *(303,) * 7),
    ("POST", "/developer/register"): (200, *(303,) * 7),
    ("GET", "/developer/confirm/{token}"): ALL,
    ("POST", "/developer/confirm/{token}"): (303,) * 8,
    ("GET", "/developer/access"): SIGNED_IN,
    ("POST", "/developer/access"): (401, 303, 303, 403, 403, 403, 403, 403),
    ("GET", "/developer/apps"): SIGNED_IN,
    ("POST", "/developer/apps"): (401, *(200,) * 7),
    ("GET", OWN): SIGNED_IN,
    ("POST", f"{OWN}/rotate"): (401, *(200,) * 7),
    ("POST", f"{OWN}/finish"): ACTS,
    ("POST", f"{OWN}/take-back"): ACTS,
    ("GET", f"{OWN}/revoke"): SIGNED_IN,
    ("POST", f"{OWN}/revoke"): ACTS,
    ("GET", "/developer/start"): ALL,
    ("GET", "/developer/reference"): ALL,
    ("GET", "/developer/reference/{operation}"): ALL,
    ("GET", "/developer/try/{operation}"): (303, 200, 200, 403, 403, 403, 403, 403),
    ("POST", "/developer/try/{operation}"): (401, 200, 200, 403, 403, 403, 403, 403),
    ("GET", DESK): AT_DESK,
    ("GET", f"{DESK}/log"): AT_DESK,
    ("GET", f"{DESK}/registrations"): (303, 403, 403, 403, 403, 200, 200, 403),
    ("POST", f"{DESK}/registrations/{{key}}/confirm"): (401, 403, 403, 403, 403, 303, 404, 403),
    ("POST", f"{DESK}/registrations/{{key}}/accept"): (401, 403, 403, 403, 403, 303, 404, 403),
    ("POST", f"{DESK}/registrations/{{key}}/decline"): (401, 403, 403, 403, 403, 303, 404, 403),
    ("GET", f"{DESK}/{{kind}}"): AT_DESK,
    ("GET", f"{DESK}/{{kind}}/new"): AT_DESK,
    ("POST", f"{DESK}/{{kind}}/new"): (401, 403, 403, 403, 403, 303, 303, 303),
    ("GET", f"{DESK}/{{kind}}/one"): ONE_OF_PLAYGROUND,
    ("POST", f"{DESK}/{{kind}}/invite"): (401, 403, 403, 403, 403, 403, 403, 403),
    ("POST", f"{DESK}/{{kind}}/one"): (401, 403, 403, 403, 403, 303, 404, 303),
}
"""What each of WHO gets, by method and path. Nobody is invited from here: there is no mail server."""

KINDS = {
    "sites": (
        {"address": "1 New Road", "city": "Reno", "metro": "Reno", "country": "United States", "timezone": "UTC"},
        "code=IAD024",
    ),
    "locations": ({}, "id=Musterhaus&within=FRA003"),
    "master-accounts": ({"name": "New Group"}, "id=200456"),
    "accounts": ({"name": "New Ltd"}, "id=0022B00002CcEF3GHI&within=200456"),
    "users": ({"name": "Nia New"}, "id=zoe%40example.com"),
    "staff": ({"name": "Nia New", "roles.1": "technician", "everywhere": "yes"}, "id=tab%40operator.example"),
}
"""What is sent to add or change one, and where one of the playground's is."""
NAMES = {"sites": "code", "locations": "name", "master-accounts": "id", "accounts": "id"}
WITHIN = {"locations": ("PHX015", "PHX015"), "accounts": ("100123", "100123")}

MORE = """
environment = "playground"
[[users]]
email = "zoe@example.com"
name = "Zoe Example"
accounts = ["0011A00001AaAB1ABC"]
[[users]]
email = "yan@example.com"
name = "Yan Example"
accounts = ["0011A00001AaAB1ABC"]
permissions = ["Service Tickets-Remote Hands"]
administrator = true
[[sites]]
code = "NEW001"
address = "1 New Road"
city = "Reno"
metro = "Reno"
country = "United States"
timezone = "UTC"
[[staff]]
email = "tab@operator.example"
name = "Tab Technician"
roles = ["technician"]
[[staff]]
email = "rex@operator.example"
name = "Rex Root"
roles = ["administrator"]
"""
ELSEWHERE = """
environment = "production"
[[staff]]
email = "oda@operator.example"
name = "Oda Operator"
roles = ["administrator"]
"""


def test_every_route_has_a_row() -> None:
    pages = front.Front(None)
    there = {
        (route.method, route.path)
        for route in with_trying(routes(Health(), pages, SigningIn(has_playground=False)), pages)
        if route.path.startswith(("/developer", DESK))
    }
    assert there == EXPECTED.keys()


@pytest.fixture
async def comers(web: httpx.AsyncClient, house: House) -> dict[str, AtPages]:
    await load_text(house, MORE)
    await load_text(house, ELSEWHERE)
    return {
        "nobody": AtPages(web),
        "customer": await at_pages(web, house, "ada@example.com"),
        "account administrator": await at_pages(web, house, "yan@example.com"),
        "technician": await at_pages(web, house, "tess@operator.example"),
        "dispatcher": await at_pages(web, house, "dora@operator.example"),
        "administrator": await at_pages(web, house, "rex@operator.example"),
        "other": await at_pages(web, house, "oda@operator.example", "production"),
        "borrowed": await borrowed(web, house, PlaygroundKind.ADMINISTRATOR),
    }


EMAILS = {
    "customer": "ada@example.com",
    "account administrator": "yan@example.com",
    "technician": "tess@operator.example",
    "dispatcher": "dora@operator.example",
    "administrator": "rex@operator.example",
    "other": "oda@operator.example",
    "borrowed": "rita@operator.example",
}


async def _app_of(house: House, who: str, *, is_rotating: bool) -> str:
    """Make an app of one's own, so that the answer is about the action, not about whose it is."""
    if who not in EMAILS:
        return "ada"
    there = Environment.PRODUCTION if who == "other" else Environment.PLAYGROUND
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, EMAILS[who], there)
        for app in await accounts.apps_of(act):
            if app.made_at is not None and not app.is_revoked:
                await accounts.revoke_app(act, app.client_id)
        made = await accounts.make_app(act, secrets.token_hex(4))
        if is_rotating:
            await accounts.begin_rotation(act, made.client_id)
        return made.client_id


async def _asked(house: House, *, is_open: bool) -> tuple[str, int]:
    """Have somebody ask to be let in; return the link's token and the registration's key."""
    email = f"{secrets.token_hex(4)}@example.org"
    asked = {"email": email, "name": "Neo New", "company": "New Ltd", "reason": "We move in."}
    here = f"192.0.2.{secrets.randbelow(250)}"
    token = await registrations.register(house, Environment.PLAYGROUND, asked, address=here)
    async with house.db.write() as tx:
        if is_open:
            await registrations.confirm(tx, token, now=house.now())
        row = await tx.one("SELECT key FROM registrations WHERE email = :email", email=email)
    assert row is not None
    return token, row[0]


async def _fields(path: str, who: str, kind: str) -> dict[str, str]:
    match path.rpartition("/")[2]:
        case "register":
            email = f"{secrets.token_hex(4)}@example.org"
            asked = {"email": email, "name": "Neo New", "company": "New Ltd", "reason": "We move in."}
            return {"environment": "playground", **asked}
        case "access":
            return {"environment": "production", "reason": f"We go live, says {who}."}
        case "apps":
            return {"name": secrets.token_hex(4)}
        case "accept":
            return {"account": "0011A00001AaAB1ABC"}
        case "decline":
            return {"reason": "We do not know you."}
        case "new" | "one":
            named = secrets.token_hex(3)
            if kind in {"users", "staff"}:
                named = f"{named}@example.net"
            return {NAMES.get(kind, "email"): named, **KINDS[kind][0]}
        case _:
            return {}


async def _address(house: House, path: str, who: str, kind: str) -> str:
    address = path.replace("{operation}", "listAccounts").replace("{kind}", kind)
    if "{client_id}" in path:
        is_rotating = path.endswith(("/finish", "/take-back"))
        address = address.replace("{client_id}", await _app_of(house, who, is_rotating=is_rotating))
    if "{token}" in path or "{key}" in path:
        token, key = await _asked(house, is_open=not path.endswith(("confirm", "{token}")))
        address = address.replace("{token}", token).replace("{key}", str(key))
    if path.endswith("/one"):
        there = "id=NEW001" if kind == "sites" else KINDS[kind][1]
        return f"{address}?{there}"
    if path.endswith("/new") and kind in WITHIN:
        return f"{address}?within={WITHIN[kind][0]}"
    return address


@pytest.mark.parametrize(("method", "path"), list(EXPECTED), ids=str)
async def test_who_gets_in(comers: dict[str, AtPages], house: House, method: str, path: str) -> None:
    for kind in KINDS if "{kind}" in path else [""]:
        got = []
        for who in WHO:
            by = comers[who]
            address = await _address(house, path, who, kind)
            answer = await (by.get(address) if method == "GET" else by.post(address, await _fields(path, who, kind)))
            got.append(answer.status_code)
            if answer.status_code == 303 and who == "nobody" and method == "GET":
                assert answer.headers["location"].startswith("/sign-in?next=%2F")
            assert answer.headers["cache-control"] == "no-store"
        expected = EXPECTED[method, path]
        if path.endswith("/invite") and kind not in {"users", "staff"}:
            expected = tuple(404 if at in {5, 6} else code for at, code in enumerate(expected))
        assert tuple(got) == expected, kind


async def test_forms_that_are_not_ours(comers: dict[str, AtPages], house: House) -> None:
    by = comers["administrator"]
    for method, path in EXPECTED:
        if method == "GET" or path in {"/developer/register", "/developer/confirm/{token}"}:
            continue
        address = await _address(house, path, "administrator", "users" if "{kind}" in path else "")
        fields = await _fields(path, "administrator", "users")
        if "{operation}" in path:
            address = address.replace("listAccounts", "operator.listQueue")
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            data = {"_environment": "playground", **fields}
            answer = await by.web.post(address, data=data, headers=by.headers | headers)
            assert answer.status_code == 403, address
        answer = await by.post(address, {**fields, "_environment": "production"})
        assert answer.status_code == 403, "made in another environment"
        assert "another environment" in answer.text


async def test_forms_of_newcomers_that_are_not_ours(web: httpx.AsyncClient, house: House) -> None:
    token, _ = await _asked(house, is_open=False)
    for address in ("/developer/register", f"/developer/confirm/{token}"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {}):
            answer = await web.post(address, data=await _fields(address, "", ""), headers=headers)
            assert answer.status_code == 403
