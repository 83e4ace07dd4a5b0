"""The operator's administration by pages: the world file's verbs, registrations, and what was done by whom."""

import re
from typing import Any

import httpx
import pytest

from at_pages import AtPages, at_pages, borrowed, words
from cast import Person
from conftest import load_text
from remotehandsd import accounts, administration, people, registrations
from remotehandsd.accounts import REMOTE_HANDS, KeptStaff, KeptUser
from remotehandsd.act import Environment, Role
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from remotehandsd.web.pages import utc_time
from remotehandsd.world import Kind
from signing import act_of, with_password

DESK = "/desk/administration"
SITE = {
    "code": "REN001",
    "address": "1 New Road",
    "city": "Reno",
    "metro": "Reno",
    "country": "United States",
    "timezone": "America/Los_Angeles",
}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
async def rita_comes(web: httpx.AsyncClient, house: House) -> AtPages:
    return await at_pages(web, house, "rita@operator.example")


async def there(house: House, kind: Kind) -> dict[str, Any]:
    async with house.db.read(EVERY_TENANT) as tx:
        return (await administration.everything(await act_of(house, tx, "rita@operator.example")))[kind]


def faults(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.status_code
    return re.findall(r'<li><a href="#f-(\w*)">', answer.text)


async def test_a_site_with_locations(rita_comes: AtPages, house: House) -> None:
    added = await rita_comes.post(f"{DESK}/sites/new", SITE)
    assert added.headers["location"] == f"{DESK}/sites/one?id=REN001&done=kept"
    page = await rita_comes.get(added.headers["location"])
    assert "Saved. It counts at once." in page.text
    assert f'href="{DESK}/locations/new?within=REN001"' in page.text
    hall = await rita_comes.post(f"{DESK}/locations/new?within=REN001", name="Hall A")
    assert hall.headers["location"] == f"{DESK}/locations/one?id=Hall%20A&within=REN001&done=kept"
    await rita_comes.post(f"{DESK}/locations/new?within=REN001", name="Hall A, Cage 1", parent="Hall A")
    cage = (await there(house, Kind.LOCATION))["REN001/Hall A, Cage 1"]
    assert cage.parent == "Hall A"
    one = await rita_comes.get(f"{DESK}/sites/one?id=REN001")
    assert one.text.index("Hall A, Cage 1") > 0
    await rita_comes.post(f"{DESK}/sites/one?id=REN001", SITE | {"city": "Sparks", "code": "XXX999"})
    site = (await there(house, Kind.SITE))["REN001"]
    assert site.city == "Sparks", "what names it stays"
    assert "XXX999" not in await there(house, Kind.SITE)
    await rita_comes.post(
        f"{DESK}/locations/one?id=Hall%20A%2C%20Cage%201&within=REN001", parent="Hall A", retired="yes"
    )
    assert (await there(house, Kind.LOCATION))["REN001/Hall A, Cage 1"].retired


async def test_accounts_and_users(rita_comes: AtPages, house: House) -> None:
    await rita_comes.post(f"{DESK}/master-accounts/new", id="300", name="New Group")
    done = await rita_comes.post(
        f"{DESK}/accounts/new?within=300", {"id": "acc/1?", "name": "New Ltd", "sites.2": "PHX015"}
    )
    assert done.headers["location"] == f"{DESK}/accounts/one?id=acc%2F1%3F&within=300&done=kept"
    assert (await rita_comes.get(done.headers["location"])).status_code == 200
    account = (await there(house, Kind.ACCOUNT))["acc/1?"]
    assert (account.master, account.sites) == ("300", ("PHX015",))
    user = {
        "email": " Neo@Example.org ",
        "name": "Neo New",
        "accounts.1": "0011A00001AaAB1ABC",
        "accounts.9": "acc/1?",
        "default_account": "acc/1?",
        "may_order": "yes",
    }
    added = await rita_comes.post(f"{DESK}/users/new", user)
    assert added.headers["location"] == f"{DESK}/users/one?id=neo%40example.org&done=kept"
    neo = (await there(house, Kind.USER))["neo@example.org"]
    assert neo == KeptUser("neo@example.org", "Neo New", ("acc/1?", "0011A00001AaAB1ABC"), (REMOTE_HANDS,))
    await rita_comes.post(f"{DESK}/users/one?id=neo%40example.org", name="Neo", administrator="yes", retired="yes")
    neo = (await there(house, Kind.USER))["neo@example.org"]
    assert neo == KeptUser("neo@example.org", "Neo", (), (), administrator=True, retired=True)
    listed = await rita_comes.get(f"{DESK}/users?q=NEO")
    assert "neo@example.org" in listed.text
    assert "ada@example.com" not in listed.text
    assert "Retired" in words(listed)


async def test_staff(rita_comes: AtPages, house: House) -> None:
    member = {"email": "new@operator.example", "name": "Nia New", "roles.1": "technician", "roles.2": "dispatcher"}
    everywhere = await rita_comes.post(f"{DESK}/staff/new", {**member, "everywhere": "yes", "sites.1": "PHX015"})
    assert everywhere.status_code == 303
    roles = (Role.DISPATCHER, Role.TECHNICIAN)
    assert (await there(house, Kind.STAFF))["new@operator.example"] == KeptStaff(
        "new@operator.example", "Nia New", roles
    )
    await rita_comes.post(f"{DESK}/staff/one?id=new%40operator.example", {**member, "sites": "PHX015\nIAD024"})
    assert (await there(house, Kind.STAFF))["new@operator.example"].sites == ("IAD024", "PHX015")
    nowhere = await rita_comes.post(f"{DESK}/staff/one?id=new%40operator.example", member)
    assert faults(nowhere) == ["sites"]
    assert (
        "remotehandsd invite new@operator.example"
        in (await rita_comes.get(f"{DESK}/staff/one?id=new%40operator.example")).text
    )


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("sites/new", {}, list(SITE)),
        ("sites/new", SITE | {"code": "REN01", "timezone": "Mars/Base"}, ["code", "timezone"]),
        ("sites/new", SITE | {"address": "", "city": "x" * 51}, ["address", "city"]),
        ("sites/new", SITE | {"code": "PHX015"}, ["code"]),
        ("locations/new?within=PHX015", {"name": "x" * 41}, ["name"]),
        ("locations/new?within=PHX015", {"name": "Roof", "parent": "Cellar"}, ["parent"]),
        ("locations/one?id=Data%20Hall%20A&within=PHX015", {"parent": "Data Hall A, Cage 12"}, ["parent"]),
        ("master-accounts/new", {"id": "", "name": "x"}, ["id"]),
        ("accounts/new?within=100123", {"id": "x", "name": "x", "sites": "XXX999"}, ["sites"]),
        ("users/new", {"email": "no", "name": ""}, ["email", "name"]),
        ("users/new", {"email": "ada@example.com", "name": "Again"}, ["email"]),
        ("users/new", {"email": "new@example.com", "name": "New", "accounts": "none"}, ["accounts"]),
        ("staff/new", {"email": "new@example.com", "name": "New", "everywhere": "yes"}, ["roles"]),
        ("staff/new", {"email": "new@example.com", "name": "New", "everywhere": "yes", "roles.1": "king"}, ["roles"]),
    ],
)
async def test_what_cannot_be(
    rita_comes: AtPages, house: House, path: str, fields: dict[str, str], wrong: list[str]
) -> None:
    before = [await there(house, kind) for kind in Kind if kind is not Kind.APP]
    answer = await rita_comes.post(f"{DESK}/{path}", fields)
    assert faults(answer) == wrong
    assert before == [await there(house, kind) for kind in Kind if kind is not Kind.APP]
    for value in fields.values():
        assert value in answer.text or "\n" in value or value == "king", "nothing typed is lost"


async def test_a_user_cannot_be_staff_too(rita_comes: AtPages) -> None:
    answer = await rita_comes.post(f"{DESK}/users/new", email="tess@operator.example", name="Tess")
    assert answer.status_code == 422
    assert "a person is a user or staff, not both" in answer.text


@pytest.mark.parametrize(
    ("path", "fields", "at"),
    [
        ("sites/new", {**SITE, "address": HOSTILE, "city": HOSTILE, "metro": HOSTILE, "country": HOSTILE}, "sites"),
        ("locations/new?within=PHX015", {"name": HOSTILE}, "locations"),
        ("master-accounts/new", {"id": HOSTILE, "name": HOSTILE}, "master-accounts"),
        ("accounts/new?within=100123", {"id": HOSTILE, "name": HOSTILE}, "accounts"),
        ("users/new", {"email": "x@example.com", "name": HOSTILE}, "users"),
        ("staff/new", {"email": "x@example.com", "name": HOSTILE, "roles.1": "technician", "everywhere": "y"}, "staff"),
    ],
)
async def test_hostile_text_is_shown_as_text(rita_comes: AtPages, path: str, fields: dict[str, str], at: str) -> None:
    if at == "staff":
        fields = fields | {"everywhere": "yes"}
    added = await rita_comes.post(f"{DESK}/{path}", fields)
    assert added.status_code == 303, added.text
    assert HOSTILE not in added.headers["location"]
    for page in (added.headers["location"], f"{DESK}/{at}", DESK, f"{DESK}/log", f"{DESK}/sites/one?id=PHX015"):
        text = (await rita_comes.get(page)).text
        assert HOSTILE not in text
    assert "&lt;script&gt;alert(1)" in (await rita_comes.get(f"{DESK}/log")).text


async def test_missing(rita_comes: AtPages) -> None:
    for path in (
        "moons",
        "apps",
        "moons/new",
        "sites/one",
        "sites/one?id=XXX999",
        "locations/one?id=Musterhaus",
        "locations/one?id=Musterhaus&within=PHX015",
        "locations/new",
        "locations/new?within=XXX999",
        "accounts/new",
        "users/one?id=%00",
    ):
        assert (await rita_comes.get(f"{DESK}/{path}")).status_code == 404, path
    assert (await rita_comes.post(f"{DESK}/locations/new?within=XXX999", name="x")).status_code == 404
    for key in ("0", "999", "x", "9" * 30, "²"):
        for move in ("accept", "decline", "confirm"):
            answer = await rita_comes.post(f"{DESK}/registrations/{key}/{move}", reason="No.")
            assert answer.status_code == 404


async def test_administrators_of_some_sites_do_not_administer(web: httpx.AsyncClient, house: House) -> None:
    await load_text(
        house,
        """
        environment = "playground"
        [[staff]]
        email = "rex@operator.example"
        name = "Rex Root"
        roles = ["administrator"]
        sites = ["PHX015"]
        """,
    )
    rex = await at_pages(web, house, "rex@operator.example")
    assert (await rex.get(DESK)).status_code == 403
    assert (await rex.post(f"{DESK}/sites/new", SITE)).status_code == 403


async def test_many_choices_are_typed(rita_comes: AtPages, house: House) -> None:
    sites = "".join(
        f'[[sites]]\ncode = "AAA{number:03}"\naddress = "x"\ncity = "x"\nmetro = "x"\ncountry = "x"\ntimezone = "UTC"\n'
        for number in range(110)
    )
    await load_text(house, f'environment = "playground"\n{sites}')
    page = (await rita_comes.get(f"{DESK}/accounts/one?id=0011A00001AaAB1ABC&within=100123")).text
    typed = re.search(r'<textarea id="t-sites"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert typed
    assert typed[1] == "IAD024\nPHX015"
    every = "\r\n".join(f"AAA{number:03}" for number in range(110))
    done = await rita_comes.post(
        f"{DESK}/accounts/one?id=0011A00001AaAB1ABC&within=100123", name="Example Ltd", sites=f"{every}\r\n AAA001 \r\n"
    )
    assert done.status_code == 303
    assert len((await there(house, Kind.ACCOUNT))["0011A00001AaAB1ABC"].sites) == 110
    first = await rita_comes.get(f"{DESK}/sites")
    assert f'href="{DESK}/sites?page=1"' in first.text
    second = await rita_comes.get(f"{DESK}/sites?page=1&q=")
    assert "101 to 113 of 113" in words(second)
    for odd in ("-1", "x", "9" * 30, "99"):
        assert (await rita_comes.get(f"{DESK}/sites?page={odd}")).status_code == 200
    past = await rita_comes.get(f"{DESK}/sites?page=99&q=AAA")
    assert "The list is not that long any more." in past.text
    assert f'href="{DESK}/sites?q=AAA&amp;page=1"' in past.text


async def test_the_log_tells_times_in_words(rita_comes: AtPages, house: House) -> None:
    async with house.db.write() as tx:
        ada = await act_of(house, tx, "ada@example.com")
        client_id = (await accounts.make_app(ada, "Watcher")).client_id
        await accounts.begin_rotation(ada, client_id)
    said = " ".join(words(await rita_comes.get(f"{DESK}/log")).split())
    assert f"app changed {client_id} rotated at {utc_time(ada.at)} UTC" in said


async def test_the_log(rita_comes: AtPages, house: House, ada: Person) -> None:
    await rita_comes.post(f"{DESK}/sites/new", SITE)
    await rita_comes.post(f"{DESK}/sites/one?id=REN001", SITE | {"city": "Sparks"})
    await ada.opens()
    page = await rita_comes.get(f"{DESK}/log")
    said = " ".join(words(page).split())
    assert "Rita Root site changed REN001 city Reno Sparks" in said
    assert said.index("site changed REN001") < said.index("site added REN001"), "newest first"
    assert "ticket" not in said.partition("Before and after")[2], "tickets have their own history"
    assert "SHA-256" not in said
    for number in range(60):
        await rita_comes.post(f"{DESK}/sites/one?id=REN001", SITE | {"city": f"Reno {number}"})
    older = re.search(r'rel="next" href="([^"]+)"', (await rita_comes.get(f"{DESK}/log")).text)
    assert older
    before = (await rita_comes.get(older[1])).text
    assert "Reno 9<" in before
    assert "Reno 10<" not in before
    for odd in ("x", "-1", "9" * 40, "²"):
        assert "Reno 59" in (await rita_comes.get(f"{DESK}/log?before={odd}")).text


# Registrations


async def _asked(house: House, email: str = "neo@example.org", *, is_open: bool = True, **more: str) -> int:
    asked = {"email": email, "name": "Neo New", "company": "New Ltd", "reason": "We move in.", **more}
    token = await registrations.register(house, Environment.PLAYGROUND, asked, address="192.0.2.9")
    async with house.db.write() as tx:
        if is_open:
            await registrations.confirm(tx, token, now=house.now())
        row = await tx.one("SELECT key FROM registrations WHERE email = :email ORDER BY key DESC", email=email)
    assert row is not None
    return int(row[0])


async def test_somebody_is_let_in(rita_comes: AtPages, house: House) -> None:
    key = await _asked(house, name=HOSTILE[:40], company=HOSTILE, reason=HOSTILE)
    assert "1 person waits for an answer" in (await rita_comes.get(DESK)).text
    page = (await rita_comes.get(f"{DESK}/registrations")).text
    assert HOSTILE not in page
    assert "neo@example.org" in page
    nowhere = await rita_comes.post(f"{DESK}/registrations/{key}/accept", account="moon")
    assert nowhere.status_code == 422
    assert "There is no such account in use." in nowhere.text
    done = await rita_comes.post(
        f"{DESK}/registrations/{key}/accept", account="0011A00001AaAB1ABC", may_order="yes", administrator="yes"
    )
    assert done.headers["location"] == f"{DESK}/registrations?done=accepted_unmailed"
    assert "No mail goes out" in (await rita_comes.get(done.headers["location"])).text
    neo = (await there(house, Kind.USER))["neo@example.org"]
    assert (neo.accounts, neo.permissions, neo.administrator) == (("0011A00001AaAB1ABC",), (REMOTE_HANDS,), True)
    for move in ("accept", "decline"):
        late = await rita_comes.post(
            f"{DESK}/registrations/{key}/{move}", account="0011A00001AaAB1ABC", reason="Too late."
        )
        assert late.status_code == 409
        assert "This was answered already." in late.text
    assert "Nobody waits." in (await rita_comes.get(f"{DESK}/registrations")).text


async def test_what_is_left_empty_is_asked_for(rita_comes: AtPages) -> None:
    answer = await rita_comes.post(
        f"{DESK}/staff/new", {"email": "zed@operator.example", "name": " ", "everywhere": "yes"}
    )
    assert answer.status_code == 422
    assert re.findall(r'<p class="fault"[^>]*>([^<]*)</p>', answer.text) == [
        "Name: this is needed.",
        "Roles: this is needed.",
    ]


async def test_somebody_is_declined_with_a_reason(rita_comes: AtPages, house: House) -> None:
    key = await _asked(house)
    for reason in ("", "  ", "x" * 2001):
        refused = await rita_comes.post(f"{DESK}/registrations/{key}/decline", reason=reason)
        assert refused.status_code == 422
        assert 'name="may_order" value="yes" checked' in refused.text, "letting in is offered as before"
    done = await rita_comes.post(f"{DESK}/registrations/{key}/decline", reason="We do not know you.")
    assert "tell the person yourself" in (await rita_comes.get(done.headers["location"])).text
    assert "neo@example.org" not in await there(house, Kind.USER)


async def test_an_address_is_confirmed_by_hand(rita_comes: AtPages, house: House) -> None:
    key = await _asked(house, is_open=False)
    page = (await rita_comes.get(f"{DESK}/registrations")).text
    assert f"{DESK}/registrations/{key}/confirm" in page
    assert f"{DESK}/registrations/{key}/accept" not in page
    early = await rita_comes.post(f"{DESK}/registrations/{key}/accept", account="0011A00001AaAB1ABC")
    assert early.status_code == 404
    await rita_comes.post(f"{DESK}/registrations/{key}/confirm")
    assert f"{DESK}/registrations/{key}/accept" in (await rita_comes.get(f"{DESK}/registrations")).text
    again = await _asked(house, is_open=False)
    assert (await rita_comes.post(f"{DESK}/registrations/{again}/confirm")).status_code == 409


# A session that is borrowed


async def test_who_borrows_a_session_sees_and_changes_no_real_person(web: httpx.AsyncClient, house: House) -> None:
    await with_password(house, "bob@example.com")
    await load_text(
        house,
        """
        environment = "production"
        [[users]]
        email = "max@example.net"
        name = "Max Sample"
        """,
    )
    key = await _asked(house)
    somebody = await borrowed(web, house, PlaygroundKind.ADMINISTRATOR)
    for page in (DESK, f"{DESK}/log", f"{DESK}/users", f"{DESK}/accounts/one?id=0011A00001AaAB1ABC&within=100123"):
        text = (await somebody.get(page)).text
        for email in ("bob@example.com", "max@example.net", "neo@example.org"):
            assert email not in text, page
    assert "ada@example.com" in (await somebody.get(f"{DESK}/users")).text
    for email in ("bob%40example.com", "max%40example.net"):
        assert (await somebody.get(f"{DESK}/users/one?id={email}")).status_code == 404
        assert (await somebody.post(f"{DESK}/users/one?id={email}", name="x")).status_code == 404
    for email in ("pia@example.com", "Bob@Example.com", "otto@operator.example"):
        for kind in ("users", "staff"):
            answer = await somebody.post(
                f"{DESK}/{kind}/new", {"email": email, "name": "x", "roles.1": "technician", "everywhere": "yes"}
            )
            assert answer.status_code == 422
            assert "belongs to a real person" in answer.text
    for move in ("accept", "decline", "confirm"):
        answer = await somebody.post(f"{DESK}/registrations/{key}/{move}", account="x", reason="x")
        assert answer.status_code == 403
    async with house.db.read(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "rita@operator.example")
        assert [one.email for one in await registrations.waiting(act)] == ["neo@example.org"]
        assert await accounts.user_named(act, "pia@example.com") is None
    async with house.db.write(EVERY_TENANT) as tx:
        await registrations.accept(await act_of(house, tx, "rita@operator.example"), key, "0011A00001AaAB1ABC")
    for page in (DESK, f"{DESK}/log", f"{DESK}/users"):
        assert "neo@example.org" not in (await somebody.get(page)).text, "let in, without a password yet"
    made_up = await somebody.post(f"{DESK}/users/new", email="made@up.example", name="Made Up")
    assert made_up.status_code == 303
    # Nor whom anybody may be: who comes next is to find them.
    for kind, email in (("users", "ada@example.com"), ("staff", "rita@operator.example")):
        answer = await somebody.post(f"{DESK}/{kind}/one?id={email}", name="Gone", retired="yes")
        assert answer.status_code == 422
        assert "Anybody may be this person here" in answer.text
    assert "Ada Example" in (await somebody.get(f"{DESK}/users")).text


@pytest.mark.parametrize("email", ["me@attacker.io", "me@example.com.attacker.io", "me@straße.de", " ME@Attacker.io "])
async def test_who_borrows_a_session_makes_nobody_who_can_stay(
    web: httpx.AsyncClient, house: House, email: str
) -> None:
    """A stranger with a mailbox would have a password sent there, and be an administrator of his own."""
    somebody = await borrowed(web, house, PlaygroundKind.ADMINISTRATOR)
    form = {"email": email, "name": "Me", "roles.1": "administrator", "everywhere": "yes"}
    for kind in ("staff", "users"):
        answer = await somebody.post(f"{DESK}/{kind}/new", form)
        assert answer.status_code == 422
    async with house.db.read(EVERY_TENANT) as tx:
        assert not await people.has_password(tx, people.kept_form(email))
        act = await act_of(house, tx, "rita@operator.example")
        assert people.kept_form(email) not in [one.email for one in await accounts.all_staff(act)]
