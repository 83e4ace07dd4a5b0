"""Every page and action of the desk, and everybody who may come by."""

from typing import Any

import pytest

from cast import Desk, Person
from conftest import load_text
from desk_pages import AtDesk, at_desk, picture
from remotehandsd.house import House
from remotehandsd.web.front import Front
from remotehandsd.web.health import Health
from remotehandsd.web.people import SigningIn
from remotehandsd.web.routes import routes

pytestmark = pytest.mark.usefixtures("cheap")

WHO = ("nobody", "ada", "tom", "tess_elsewhere", "dora", "rita", "otto")
"""Nobody signed in; a customer; a technician of the site; one of another site; a dispatcher; an administrator;
a dispatcher of another environment."""

SIGN_IN, ELSEWHERE = 303, 404
PAGE = (SIGN_IN, 403, 200, ELSEWHERE, 200, 200, ELSEWHERE)
WORK = (401, 403, 303, ELSEWHERE, 303, 303, ELSEWHERE)
"""What those may do who work on tickets."""
DISPATCH = (401, 403, 403, 403, 303, 303, ELSEWHERE)
"""What is not the technicians' is refused before the ticket is looked for."""
QUEUE = (SIGN_IN, 403, 200, 200, 200, 200, 200)

ROWS = {
    ("GET", "/desk"): (QUEUE, "new", {}),
    ("GET", "/desk/tickets/{id}"): (PAGE, "new", {}),
    ("POST", "/desk/tickets/{id}/take"): (WORK, "new", {}),
    ("POST", "/desk/tickets/{id}/assign"): (
        (401, 403, 403, ELSEWHERE, 303, 303, ELSEWHERE),
        "new",
        {"email": "tess@operator.example"},
    ),
    ("POST", "/desk/tickets/{id}/start"): (WORK, "new", {}),
    ("POST", "/desk/tickets/{id}/complete"): (WORK, "started", {"minutes": "5"}),
    ("POST", "/desk/tickets/{id}/grant"): (DISPATCH, "asked", {}),
    ("POST", "/desk/tickets/{id}/refuse"): (DISPATCH, "asked", {"answer": "Too late."}),
    ("POST", "/desk/tickets/{id}/cancel"): (DISPATCH, "new", {"reason": "Duplicate request"}),
    ("POST", "/desk/tickets/{id}/comments"): (WORK, "new", {"comment": "On my way."}),
    ("POST", "/desk/tickets/{id}/notes"): (WORK, "new", {"note": "The key is with security."}),
    ("POST", "/desk/tickets/{id}/files"): (WORK, "new", {}),
    ("GET", "/desk/tickets/{id}/files/{file_id}"): (PAGE, "with file", {}),
    ("GET", "/desk/tickets/{id}/files/{file_id}/preview"): (PAGE, "with file", {}),
    ("POST", "/desk/tickets/{id}/time"): (WORK, "new", {"book_minutes": "5"}),
    ("POST", "/desk/tickets/{id}/time/start"): (WORK, "new", {}),
    ("POST", "/desk/tickets/{id}/time/stop"): ((401, 403, 303, ELSEWHERE, 409, 409, ELSEWHERE), "with time", {}),
    ("GET", "/desk/tickets/{id}/time/{entry}"): (PAGE, "with time", {}),
    ("POST", "/desk/tickets/{id}/time/{entry}"): (WORK, "with time", {"minutes": "1", "reason": "A slip of the pen."}),
}
"""What each answers to whom, on which ticket, and what is sent."""


def test_every_page_has_a_row() -> None:
    there = {
        (route.method, route.path)
        for route in routes(Health(), Front(None), SigningIn(has_playground=False))
        if route.path.startswith("/desk") and not route.path.startswith("/desk/administration")
    }
    assert there == ROWS.keys()
    assert all(len(expected) == len(WHO) for expected, _, _ in ROWS.values())


@pytest.fixture
async def tess_in_virginia(house: House) -> None:
    """Tess works at another site than the tickets are at."""
    await load_text(
        house,
        'environment = "playground"\n[[staff]]\nemail = "tess@operator.example"\nname = "Tess Technician"\n'
        'roles = ["technician"]\nsites = ["IAD024"]\n',
    )


async def _as_it_stands(tom: Desk, id_: str) -> dict[str, Any]:
    """Return a ticket without what changes by itself: the minutes of time that runs."""
    view = await tom.sees(id_)
    for entry in view["time"]["entries"]:
        del entry["minutes"]
    del view["time"]["totalMinutes"]
    return view


async def _ticket(kind: str, ada: Person, tom: Desk, tom_there: AtDesk) -> dict[str, str]:
    """Open a ticket of a kind for one try, and return what its addresses need."""
    id_ = await ada.opens()
    if kind == "started":
        await tom.does("start", id_)
    elif kind == "asked":
        await ada.cancels(id_)
    elif kind == "with file":
        assert (await tom_there.sends(id_, ("rack.jpg", picture(), "image/jpeg"))).status_code == 303
        files = await tom.get(f"/operator/v1/tickets/{id_}/attachments")
        return {"id": id_, "file_id": files.json()[0]["id"], "entry": "0"}
    elif kind == "with time":
        assert (await tom.does("time/start", id_)).status_code == 200
        entries = (await tom.sees(id_))["time"]["entries"]
        return {"id": id_, "file_id": "0", "entry": entries[0]["id"]}
    return {"id": id_, "file_id": "0", "entry": "0"}


@pytest.mark.parametrize(("method", "path"), ROWS)
@pytest.mark.usefixtures("tess_in_virginia")
async def test_who_may_do_what(method: str, path: str, house: House, ada: Person, tom: Desk) -> None:
    expected, kind, fields = ROWS[method, path]
    web = ada.web
    tom_there = await at_desk(web, house, "tom@operator.example")
    visitors = {
        "nobody": AtDesk(web),
        "ada": await at_desk(web, house, "ada@example.com"),
        "tom": tom_there,
        "tess_elsewhere": await at_desk(web, house, "tess@operator.example"),
        "dora": await at_desk(web, house, "dora@operator.example"),
        "rita": await at_desk(web, house, "rita@operator.example"),
        "otto": await at_desk(web, house, "otto@operator.example", "production"),
    }
    if path.endswith("/assign"):
        # To somebody who works at the site.
        fields = {"email": "dora@operator.example"}
    answers = []
    for name in WHO:
        names = await _ticket(kind, ada, tom, tom_there)
        address, visitor = path.format(**names), visitors[name]
        before = await _as_it_stands(tom, names["id"])
        if method == "GET":
            answer = await visitor.get(address)
        elif path.endswith("/files"):
            answer = await visitor.sends(names["id"], ("rack.jpg", picture(), "image/jpeg"))
        else:
            answer = await visitor.post(address, **fields)
        answers.append(answer.status_code)
        if answer.status_code >= 400:
            assert await _as_it_stands(tom, names["id"]) == before, f"{name} was refused, and yet something happened"
    assert tuple(answers) == expected


@pytest.mark.parametrize("path", [path for method, path in ROWS if method == "POST"])
async def test_forms_of_others_are_refused(path: str, house: House, ada: Person, tom: Desk) -> None:
    dora = await at_desk(ada.web, house, "dora@operator.example")
    tom_there = await at_desk(ada.web, house, "tom@operator.example")
    names = await _ticket(ROWS["POST", path][1], ada, tom, tom_there)
    address = path.format(**names)
    before = await _as_it_stands(tom, names["id"])
    boundary = {"Content-Type": "multipart/form-data; boundary=x"} if path.endswith("/files") else {}
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {},
    ):
        answer = await ada.web.post(address, headers=dora.headers | headers | boundary)
        assert answer.status_code == 403, headers
    dora.environment = "production"
    answer = (
        await dora.sends(names["id"], ("a.jpg", picture(), "image/jpeg"))
        if boundary
        else await dora.post(address, **ROWS["POST", path][2])
    )
    assert answer.status_code == 403
    assert "another environment" in answer.text
    assert await _as_it_stands(tom, names["id"]) == before


@pytest.mark.parametrize("id_", ["WO1", "WO9999999", "1000001", "WO1000001x", "%00", "WO" + "9" * 30])
async def test_a_ticket_that_is_not_there(id_: str, house: House, ada: Person) -> None:
    dora = await at_desk(ada.web, house, "dora@operator.example")
    for method, path in ROWS:
        if "{id}" not in path:
            continue
        address = path.format(id=id_, file_id="0" * 32, entry="1")
        if method == "GET":
            answer = await dora.get(address)
        elif path.endswith("/files"):
            answer = await dora.sends(id_, ("rack.jpg", picture(), "image/jpeg"))
        else:
            answer = await dora.post(address, **ROWS[method, path][2])
        assert answer.status_code == 404, address
