"""World files: read, compare, apply (interfaces.md section 3)."""

import json
import re
from pathlib import Path

import pytest

from cast import WORLDS, Person
from conftest import load_file, load_text
from remotehandsd import world
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.world import Plan, WrongWorld

HEAD = 'environment = "playground"\n'


async def _plan(house: House, text: str) -> Plan:
    file = house.settings.data / "planned.toml"
    file.write_text(text)
    wanted = world.read_world(file)
    async with house.db.read() as tx:
        return await world.plan(Act(tx, By(name="tests", environment=wanted.environment), house.now()), wanted)


async def _faults(house: House, text: str) -> list[str]:
    with pytest.raises(WrongWorld) as error:
        await _plan(house, text)
    return error.value.faults


@pytest.mark.parametrize("file", WORLDS, ids=lambda file: file.stem)
async def test_loading_it_again_changes_nothing(house: House, file: Path) -> None:
    before = await _dump(house)
    plan = await _plan(house, file.read_text())
    assert plan.changes == []
    await load_file(house, file)
    assert await _dump(house) == before


SCHEMA = Path(world.__file__).parents[1] / "migrations" / "sqlite" / "0001_start.sql"
TABLES = sorted(set(re.findall(r"CREATE TABLE (\w+)", SCHEMA.read_text())) - {"totals"})


async def _dump(house: House) -> list[object]:
    dump: list[object] = []
    async with house.db.read(EVERY_TENANT) as tx:
        for table in TABLES:
            dump.append((table, sorted(map(repr, await tx.all(f"SELECT * FROM {table}")))))
    return dump


async def test_only_what_is_named_changes(house: House, ada: Person) -> None:
    await load_text(house, HEAD + '[[users]]\nemail = "ADA@example.com"\nname = "Ada Newname"\n')
    assert (await ada.get("/v1/sites")).status_code == 200, "her accounts stay"
    plan = await _plan(house, HEAD + '[[users]]\nemail = "ada@example.com"\naccounts = ["0011A00001BbCD2DEF"]\n')
    [change] = plan.changes
    assert change.differences() == (
        {"accounts": ("0011A00001AaAB1ABC", "0011A00001BbCD2DEF")},
        {"accounts": ("0011A00001BbCD2DEF",)},
    )


async def test_lists_are_replaced_and_nothing_is_removed(house: House, ada: Person, clock: object) -> None:
    text = (
        HEAD
        + '[[master_accounts]]\nid = "100123"\n[[master_accounts.accounts]]\nid = "0011A00001AaAB1ABC"\nsites = ["FRA003"]\n'
    )
    plan = await _plan(house, text)
    assert ("site", "PHX015") in [(str(kind), id_) for kind, id_ in plan.beside]
    await load_text(house, text)
    assert [site["site"] for site in (await ada.get("/v1/sites")).json()] == ["FRA003"]


async def test_retired_and_back(house: House, ada: Person) -> None:
    app = HEAD + '[[apps]]\nname = "tests"\nuser = "ada@example.com"\nclient_id = "ada"\n'
    await load_text(house, app + "retired = true\n")
    plan = await _plan(house, app)
    assert plan.changes == [], "what was turned off stays off until the file says otherwise"
    await load_text(house, app + "retired = false\n")
    form = {
        "grant_type": "client_credentials",
        "client_id": "ada",
        "client_secret": "secret-of-ada-0123456789abcdef-0123",
    }
    assert (await ada.web.post("/v2/auth/token", data=form)).status_code == 200


async def test_made_up_credentials(house: House, ada: Person) -> None:
    """An app without a client id is known by its user and its name."""
    text = HEAD + '[[apps]]\nname = "inventory"\nuser = "ada@example.com"\n'
    file = house.settings.data / "apps.toml"
    file.write_text(text)
    wanted = world.read_world(file)
    async with house.db.write() as tx:
        act = Act(tx, By(name="tests", environment=Environment.PLAYGROUND), house.now())
        [made] = await world.apply(act, await world.plan(act, wanted))
    assert made.name == "inventory"
    form = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": made.client_secret}
    assert len(made.client_secret) == 64, "256 bits"
    assert (await ada.web.post("/v2/auth/token", data=form)).status_code == 200
    assert (await _plan(house, text)).changes == []
    assert await _said_nowhere(house, made.client_secret)


async def _said_nowhere(house: House, secret: str) -> bool:
    async with house.db.read() as tx:
        rows = await tx.all("SELECT before, after FROM events")
    return not any(secret in text for row in rows for text in row)


async def test_every_change_leaves_an_event(house: House) -> None:
    await load_text(house, HEAD + '[[sites]]\ncode = "PHX015"\ncity = "Tempe"\n')
    async with house.db.read() as tx:
        row = await tx.one("SELECT type, about, done_by, before, after FROM events ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert row[:3] == ("site.changed", "PHX015", "tests")
    assert (json.loads(row[3]), json.loads(row[4])) == ({"city": "Phoenix"}, {"city": "Tempe"})


SITE = """
[[sites]]
code = "AMS001"
address = "a"
city = "b"
metro = "c"
country = "d"
timezone = "Europe/Amsterdam"
"""
LOCATION = '  [[sites.locations]]\n  name = "{}"\n  parent = "{}"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("environment = 5", ["environment: must be playground, sandbox or production."]),
        ("", ["environment: must be"]),
        (HEAD + "[[sites]", ["Expected"]),
        (HEAD + "colour = 1", ["colour: unknown key."]),
        (HEAD + "sites = 5", ["sites: must be tables"]),
        (HEAD + SITE + 'colour = "x"', ["sites[1].colour: unknown key."]),
        (HEAD + SITE.replace("AMS001", "AMS"), ["sites[1].code: must be 6 letters and digits."]),
        (HEAD + SITE.replace("Europe/Amsterdam", "Mars"), ["sites[1].timezone: must be an IANA time zone"]),
        (HEAD + SITE.replace('city = "b"\n', ""), ["sites[1] (AMS001): city is missing."]),
        (HEAD + SITE + SITE, ["sites[2] (AMS001): is named twice."]),
        (HEAD + SITE + LOCATION.format("A", "B"), ["sites[1].locations[1] (A).parent: the site has no location B."]),
        (
            HEAD + SITE + LOCATION.format("A", "B") + LOCATION.format("B", "A"),
            ["locations[1] (A).parent: the locations go round", "locations[2] (B).parent: the locations go round"],
        ),
        (HEAD + SITE + LOCATION.format("A", "A"), ["locations[1] (A).parent: the locations go round in a circle."]),
        (
            HEAD + '[[users]]\nemail = "x"\nname = "y"\n[[users]]\nemail = "a@b.c"\nname = ""',
            ["users[1].email: must be an e-mail address.", "users[2].name: must be a text that is not blank."],
        ),
        (
            HEAD + '[[users]]\nemail = "a@b.c"\nname = "x"\naccounts = ["nope"]\npermissions = ["all"]',
            ["users[1] (a@b.c).accounts: there is no account nope.", "there is no permission all."],
        ),
        (HEAD + '[[users]]\nemail = "tom@operator.example"\nname = "x"', ["a person is a user or staff, not both."]),
        (
            HEAD + '[[users]]\nemail = "a@b.c"\nname = "x"\n[[users]]\nemail = "A@b.c"\nname = "y"',
            ["users[2] (a@b.c): is named twice."],
        ),
        (HEAD + '[[staff]]\nemail = "a@b.c"\nname = "x"', ["staff[1] (a@b.c): roles is missing."]),
        (HEAD + '[[staff]]\nemail = "a@b.c"\nname = "x"\nroles = ["boss"]', ["must be a list of technician"]),
        (HEAD + '[[staff]]\nemail = "tom@operator.example"\nsites = ["nope"]', [".sites: there is no site nope."]),
        (HEAD + '[[apps]]\nname = "x"\nuser = "no@body.example"', ["apps[1] (x).user: there is no user"]),
        (HEAD + '[[apps]]\nuser = "ada@example.com"', ["apps[1]: name is missing."]),
        (
            HEAD + '[[apps]]\nname = "x"\nuser = "ada@example.com"\nclient_id = "pia"',
            ["client_id: is taken in the production environment."],
        ),
        (
            HEAD + '[[apps]]\nname = "x"\nuser = "ada@example.com"\nclient_secret = "' + "x" * 65 + '"',
            ["client_secret: must be 1 to 64 visible characters."],
        ),
        (
            'environment = "production"\n[[apps]]\nname = "x"\nuser = "pia@example.com"\nclient_secret = "short"',
            ["client_secret: must have at least 32 characters."],
        ),
        (
            HEAD + '[[apps]]\nname = "x"\nuser = "ada@example.com"\n[[apps]]\nname = "x"\nuser = "ada@example.com"',
            ["apps[2] (x): is named twice."],
        ),
    ],
)
async def test_faults_are_told_with_their_place_all_at_once(house: House, text: str, words: list[str]) -> None:
    before = await _dump(house)
    faults = await _faults(house, text)
    assert len(faults) == len(words), faults
    for fault, word in zip(faults, words, strict=True):
        assert word in fault
    assert await _dump(house) == before, "nothing is written"


async def test_a_tree_of_locations_in_any_order(house: House, ada: Person) -> None:
    text = HEAD + SITE + LOCATION.format("C", "B") + LOCATION.format("B", "A") + '  [[sites.locations]]\n  name = "A"\n'
    text += '[[master_accounts]]\nid = "100123"\n[[master_accounts.accounts]]\nid = "0011A00001AaAB1ABC"\nsites = ["AMS001"]\n'
    await load_text(house, text)
    a, b, c = (await ada.get("/v1/locations?site=AMS001")).json()
    assert (a["parentId"], b["parentId"], c["parentId"]) == (None, a["id"], b["id"])
    await load_text(house, HEAD + '[[sites]]\ncode = "AMS001"\n' + LOCATION.format("C", "A"))
    again = (await ada.get("/v1/locations?site=AMS001")).json()
    assert again[2] == c | {"parentId": a["id"]}, "the id stays"


async def test_a_circle_with_what_is_there_already(house: House) -> None:
    text = HEAD + '[[sites]]\ncode = "PHX015"\n' + LOCATION.format("Example Building", "Data Hall A")
    [fault] = await _faults(house, text)
    assert "circle" in fault


async def test_one_person_in_several_environments(house: House) -> None:
    """A person is one on the server: a user here may be staff there."""
    await load_text(
        house, 'environment = "sandbox"\n[[staff]]\nemail = "ada@example.com"\nname = "Ada"\nroles = ["technician"]\n'
    )
    async with house.db.read() as tx:
        assert await tx.one("SELECT COUNT(*) FROM people WHERE email = 'ada@example.com'") == (1,)
