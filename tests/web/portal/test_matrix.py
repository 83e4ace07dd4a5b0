"""Every page and action of the portal, by everybody who might come: who gets in, and who does not."""

import httpx
import pytest

from cast import Person
from conftest import load_text
from remotehandsd.app import Health
from remotehandsd.house import House
from remotehandsd.web import front
from remotehandsd.web.people import SigningIn
from remotehandsd.web.routes import routes
from visiting import BOB_LOOKS_AFTER_IT, FORM, HOME, PICTURE, Visit, visit

WHO = ("nobody", "user", "without", "administrator", "other", "staff")
"""No session; a user with the permission; one without; an account administrator; another tenant's user; staff."""

AT = "/portal/{account}"
TICKET = f"{AT}/tickets/{{id}}"

EXPECTED = {
    # A page that leads on, and where nobody's ticket is found.
    ("GET", "/portal"): (303, 303, 303, 303, 303, 403),
    ("GET", "/portal/tickets/{id}"): (303, 303, 303, 303, 404, 403),
    # Pages of an account.
    ("GET", AT): (303, 200, 200, 200, 404, 403),
    ("GET", f"{AT}/account"): (303, 200, 200, 200, 404, 403),
    # What its administrators alone may do.
    ("POST", f"{AT}/account/invite"): (401, 403, 403, 303, 404, 403),
    ("POST", f"{AT}/account/grant"): (401, 403, 403, 303, 404, 403),
    ("POST", f"{AT}/account/take"): (401, 403, 403, 303, 404, 403),
    ("POST", f"{AT}/account/take-out"): (401, 403, 403, 303, 404, 403),
    # Pages and actions that ask for the permission for tickets.
    ("GET", f"{AT}/tickets"): (303, 200, 403, 200, 404, 403),
    ("GET", f"{AT}/tickets.csv"): (303, 200, 403, 200, 404, 403),
    ("GET", f"{AT}/tickets/new"): (303, 200, 403, 200, 404, 403),
    ("GET", f"{AT}/tickets/new/preview"): (303, 303, 403, 303, 404, 403),
    ("POST", f"{AT}/tickets/new/preview"): (401, 200, 403, 200, 404, 403),
    ("GET", f"{AT}/tickets/new/order"): (303, 303, 403, 303, 404, 403),
    ("POST", f"{AT}/tickets/new/order"): (401, 303, 403, 303, 404, 403),
    ("GET", TICKET): (303, 200, 403, 200, 404, 403),
    ("POST", f"{TICKET}/comment"): (401, 303, 403, 303, 404, 403),
    ("POST", f"{TICKET}/edit"): (401, 303, 403, 303, 404, 403),
    ("GET", f"{TICKET}/cancel"): (303, 200, 403, 200, 404, 403),
    ("POST", f"{TICKET}/cancel"): (401, 303, 403, 303, 404, 403),
    ("POST", f"{TICKET}/files"): (401, 303, 403, 303, 404, 403),
    ("GET", f"{TICKET}/files/{{file_id}}"): (303, 200, 403, 200, 404, 403),
    ("GET", f"{TICKET}/files/{{file_id}}/preview"): (303, 200, 403, 200, 404, 403),
    ("GET", f"{TICKET}/print"): (303, 200, 403, 200, 404, 403),
    ("GET", f"{AT}/account/webhooks/{{webhook}}"): (303, 200, 403, 200, 404, 403),
}
"""What each of WHO gets, by method and path."""

SENT = {
    f"{AT}/account/invite": {"email": "new@example.com", "name": "Nia New"},
    f"{AT}/account/grant": {"email": "zoe@example.com"},
    f"{AT}/account/take": {"email": "zoe@example.com"},
    f"{AT}/account/take-out": {"email": "zoe@example.com"},
    f"{AT}/tickets/new/preview": FORM,
    f"{AT}/tickets/new/order": FORM,
    f"{TICKET}/comment": {"comment": "Which rack?"},
    f"{TICKET}/edit": {"customer_reference": "REF", "recipients": ""},
    f"{TICKET}/cancel": {"reason": "Duplicate request"},
    f"{TICKET}/files": {},
}
"""What is sent to each action."""


def test_every_route_has_a_row() -> None:
    there = {
        (route.method, route.path)
        for route in routes(Health(), front.Front(None), SigningIn(has_playground=False))
        if route.path.split("/")[1] == "portal"
    }
    assert there == EXPECTED.keys()
    assert {path for method, path in there if method == "POST"} == SENT.keys()


ZOE = """
[[users]]
email = "zoe@example.com"
name = "Zoe Example"
accounts = ["0011A00001AaAB1ABC"]
"""


@pytest.fixture
async def visits(web: httpx.AsyncClient, house: House) -> dict[str, Visit]:
    await load_text(house, BOB_LOOKS_AFTER_IT + ZOE)
    return {
        "nobody": Visit(web),
        "user": await visit(web, house, "ada@example.com"),
        "without": await visit(web, house, "eve@example.com"),
        "administrator": await visit(web, house, "bob@example.com"),
        "other": await visit(web, house, "max@example.net"),
        "staff": await visit(web, house, "rita@operator.example"),
    }


async def _things(owner: Person, **fields: str) -> dict[str, str]:
    """Make what the addresses name, on Example Ltd's own or on another account."""
    ticket = await owner.opens(**fields)
    return {
        "account": HOME.rpartition("/")[2],
        "id": ticket,
        "file_id": (await owner.attaches(ticket, PICTURE)).json()["id"],
    }


async def _webhook(owner: Person) -> dict[str, str]:
    answer = await owner.post("/api/webhooks", {"url": "https://hooks.example.com/"})
    assert answer.status_code == 201, answer.text
    return {"webhook": answer.json()["id"]}


async def _asks(by: Visit, method: str, path: str, names: dict[str, str]) -> httpx.Response:
    address = path.format(**names)
    if method == "GET":
        return await by.get(address)
    more = {"files": {"file": ("a.txt", b"content")}} if path.endswith("/files") else {}
    return await by.post(address, SENT[path], **more)


async def test_who_gets_in(visits: dict[str, Visit], ada: Person) -> None:
    webhook = await _webhook(ada)
    for (method, path), expected in EXPECTED.items():
        got = []
        for who in WHO:
            names = await _things(ada) | webhook
            answer = await _asks(visits[who], method, path, names)
            got.append(answer.status_code)
            if answer.status_code == 303 and who == "nobody":
                assert answer.headers["location"].startswith("/sign-in?next=%2Fportal")
            after = await ada.ticket(names["id"])
            if answer.status_code >= 400:
                assert (after["status"], after["comments"], after["customerReference"]) == ("New", [], "")
                assert len((await ada.get(f"/v1/attachments/{names['id']}")).json()) == 1
        assert tuple(got) == expected, f"{method} {path}"


async def test_another_accounts_things_are_not_found_on_ones_own(
    visits: dict[str, Visit], ada: Person, ada_at_labs: Person
) -> None:
    """The account is in the address; what is another one's is none of it, even of the same person's."""
    names = await _things(ada_at_labs, site="IAD024") | await _webhook(ada_at_labs)
    for method, path in EXPECTED:
        if "{account}" in path and ("{id}" in path or "{webhook}" in path):
            answer = await _asks(visits["user"], method, path, names)
            assert answer.status_code == 404, f"{method} {path}"
    own = await ada.opens()
    assert (await visits["user"].get(f"{HOME}/tickets/{own}/files/{names['file_id']}")).status_code == 404


async def test_forms_that_are_not_ours(visits: dict[str, Visit], ada: Person) -> None:
    ticket = await ada.opens()
    for path, fields in SENT.items():
        address = path.replace("{account}", HOME.rpartition("/")[2]).replace("{id}", ticket)
        files = {"file": ("a.txt", b"content")} if path.endswith("/files") else None
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
            answer = await visits["user"].web.post(
                address,
                data={"_environment": "playground", **fields},
                files=files,
                headers=visits["user"].headers | headers,
            )
            assert answer.status_code == 403, address
        answer = await visits["user"].post(address, {**fields, "_environment": "production"}, files=files)
        assert answer.status_code == 403, "made in another environment"
        assert "another environment" in answer.text
    after = await ada.ticket(ticket)
    assert (after["status"], after["comments"]) == ("New", [])
    assert (await ada.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 1
