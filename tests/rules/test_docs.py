"""The documents say what the code does."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
from sources import CLIENT, ROOT, SERVER, SRC, Function, documents, functions, modules, quoted, rows, section

from cast import Desk, Person
from conftest import SettableClock
from remotehandsd import notices, wire, world
from remotehandsd.act import Act, By, Environment
from remotehandsd.cli.command import app
from remotehandsd.cli.faults import Exit
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.settings import CLIENTS_OWN, KNOWN, PREFIX
from remotehandsd.tickets import Status
from remotehandsd.tickets.flow import BEFORE, MOVES
from remotehandsd.world import fields
from remotehandsd.world.entry import Kind


def document(path: str) -> str:
    return documents()[path]


def test_the_settings_page_lists_exactly_the_settings() -> None:
    page = document("docs/reference/settings.md")
    told = [(quoted(name)[0], default.strip("`"), meaning) for name, default, meaning in rows(page)]
    assert len(told) > 10
    assert told == [(PREFIX + setting.name, setting.shown or setting.default, setting.meaning) for setting in KNOWN]
    assert {PREFIX + name for name in CLIENTS_OWN} <= set(quoted(page))


def test_no_document_names_a_setting_that_is_not_there() -> None:
    known = {PREFIX + setting.name for setting in KNOWN} | {PREFIX + name for name in CLIENTS_OWN}
    for path, text in documents().items():
        named = set(re.findall(r"REMOTEHANDS_[A-Z_]*[A-Z]", text))
        assert {name.removesuffix("_FILE") for name in named} <= known, path


def test_the_commands_page_names_every_command_and_option() -> None:
    page = document("docs/reference/commands.md")
    told = {quoted(row[0])[0]: set(re.findall(r"`(--[a-z-]+|[A-Z]+)`", row[1])) for row in rows(page) if len(row) == 3}
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    there = {
        name: {
            parameter.opts[0] if parameter.opts[0].startswith("--") else parameter.name.upper()
            for parameter in command.params
        }
        for name, command in commands.items()
    }
    assert len(there) > 5
    assert told == there


def test_the_commands_page_lists_the_exit_codes() -> None:
    told = [int(code) for code, _ in rows(section(document("docs/reference/commands.md"), "Exit codes"))]
    assert told == [int(code) for code in Exit]


def _argument(call: ast.Call, position: int, name: str) -> ast.expr:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position]


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _types(module: ast.Module, function: Function, call: ast.Call) -> set[str]:
    """Return the event types that a call of record() can write: said there, or by who calls the function."""
    given = _argument(call, 1, "type")
    if isinstance(given, ast.Constant):
        return {str(given.value)}
    if isinstance(given, ast.Name):
        names = [argument.arg for argument in function.args.args]
        found = set()
        for other in ast.walk(module):
            if isinstance(other, ast.Call) and _called(other) == function.name:
                said = _argument(other, names.index(given.id), given.id)
                assert isinstance(said, ast.Constant), ast.unparse(other)
                found.add(str(said.value))
        assert found, function.name
        return found
    assert ast.unparse(given) == "f'{kind}.{done}'", "teach this test where the type comes from"
    return {f"{kind.replace(' ', '_')}.{done}" for kind in Kind for done in ("added", "changed")}


def recorded_types() -> set[str]:
    """Return every event type that the code records."""
    found = set()
    for path, module in modules().items():
        if path.startswith("remotehandsd/events/"):
            continue
        imported = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
        assert not any(node.module == "remotehandsd.events.recording" for node in imported), path
        for function in functions(module):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and _called(call) in {"events.record", "events.record_many"}:
                    found |= _types(module, function, call)
    return found


def test_the_events_page_names_exactly_the_recorded_types() -> None:
    page = document("docs/reference/events.md")
    about_tickets = {quoted(row[0])[0] for row in rows(section(page, "About tickets"))}
    about_the_world = {
        name for row in rows(section(page, "About who and what exists")) for name in quoted("".join(row))
    }
    about_webhooks = {quoted(row[0])[0] for row in rows(section(page, "About webhooks"))}
    types = recorded_types()
    assert len(types) > 20
    assert about_tickets == {name for name in types if name.startswith("ticket.")}
    assert about_webhooks == {name for name in types if name.startswith("webhook.")}
    assert about_the_world == {name for name in types if not name.startswith(("ticket.", "webhook."))}


async def test_the_events_page_names_the_fields_that_are_written(
    house: House, ada: Person, dora: Desk, clock: SettableClock
) -> None:
    """Two tickets live through everything; what was written down is compared with the page."""
    first = await ada.opens()
    await ada.put(
        f"/v1/remotehands-tickets/{first}", {"customerReference": "A1", "notificationRecipients": "a@b.example"}
    )
    await ada.comments(first, "Hello.")
    await ada.attaches(first, b"bytes")
    await dora.does("assign", first, {"email": "dora@operator.example"})
    await dora.does("comments", first, {"comment": "Note.", "internal": True})
    await ada.cancels(first)
    await dora.does("refuse-cancellation", first, {"comment": "No."})
    await dora.does("start", first)
    await dora.does("time/start", first)
    await dora.does("time/stop", first)
    [entry] = (await dora.does("time", first, {"minutes": 30})).json()["time"]["entries"][1:]
    path = f"/operator/v1/tickets/{first}/time/{entry['id']}"
    now = wire.when(house.now())
    await dora.person.put(path, {"from": now, "to": now, "note": "none", "reason": "Another ticket."})
    clock.ahead = 60
    await dora.person.put(path, {"to": wire.when(house.now()), "reason": "So it was."})
    await dora.does("complete", first)
    await dora.does("cancel", await ada.opens())
    async with house.db.write(EVERY_TENANT) as tx:
        await notices.gather(tx, now=house.now())
        nobody = notices.Policy(("nowhere.example",), None, is_playground_open=True, desk=())
        for (about,) in await tx.all("SELECT about FROM jobs"):
            await notices.compose(tx, about, nobody, now=house.now())

    written: dict[str, tuple[set[str], set[str]]] = {}
    async with house.db.read() as tx:
        for kind, before, after in await tx.all("SELECT type, before, after FROM events WHERE ticket IS NOT NULL"):
            both = written.setdefault(kind, (set(), set()))
            both[0].update(json.loads(before))
            both[1].update(json.loads(after))
    told = {}
    for kind, _, before, after in rows(section(document("docs/reference/events.md"), "About tickets")):
        names = set(quoted(before))
        told[quoted(kind)[0]] = (names, set(quoted(after)) | (names if after.startswith("the same") else set()))
    assert len(written) > 8
    assert written == told


def test_the_life_of_a_ticket_is_the_table_of_moves() -> None:
    told = {}
    page = section(document("docs/explanation/life-of-a-ticket.md"), "The table of moves")
    for move, *cells in rows(page):
        assert len(cells) == len(Status)
        targets = {status: cell for status, cell in zip(Status, cells, strict=True) if cell}
        told[quoted(move)[0]] = {
            status: BEFORE if cell == "the status before" else Status(cell) for status, cell in targets.items()
        }
    assert len(told) > 8
    assert told == MOVES


def test_every_move_is_somebodys() -> None:
    page = section(document("docs/explanation/life-of-a-ticket.md"), "Who makes which move")
    assert {name for row in rows(page) for name in quoted(row[0])} == set(MOVES)


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(one for group in project["optional-dependencies"].values() for one in group)]
    names = {re.split(r"[^A-Za-z0-9_.-]", one)[0] for one in wanted}
    told = [
        (quoted(name)[0], reason)
        for path, text in documents().items()
        if path.startswith("docs/decisions/")
        for name, reason in rows(text)
    ]
    assert len(names) > 15
    assert sorted(name for name, _ in told) == sorted(names)
    assert all(len(reason) > 20 for _, reason in told)


def test_the_architectures_tree_is_the_one_that_is_there() -> None:
    tree = document("docs/architecture.md").split("```")[1]
    files = set(re.findall(r"\b([a-z0-9_]+\.(?:py|toml))\b", tree))
    there = {path.name for path in SRC.rglob("*") if path.is_file()}
    assert len(files) > 60
    assert files <= there
    packages = {path.parent for path in SRC.rglob("__init__.py")} - {SERVER, CLIENT}
    assert len(packages) > 12
    for package in packages:
        assert re.search(rf"(^|[\s/]){package.name}/", tree, re.MULTILINE), package.name
    for path in (*SERVER.glob("[a-z]*.py"), *CLIENT.glob("[a-z]*.py"), *CLIENT.glob("cli/[a-z]*.py")):
        assert path.name in files


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere() -> None:
    links = 0
    for name, text in documents().items():
        prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            path, _, fragment = target.partition("#")
            there = (ROOT / name).parent / path if path else ROOT / name
            assert there.exists(), f"{name}: {target}"
            assert not fragment or fragment in _anchors(there), f"{name}: {target}"
    assert links > 20


def test_every_page_is_led_to() -> None:
    led_to = set()
    for name, text in documents().items():
        for target in re.findall(r"\]\(([^)#\s]+\.md)[^)]*\)", text):
            led_to.add((ROOT / name).parent.joinpath(target).resolve())
    pages = {ROOT / name for name in documents() if name.startswith("docs/")}
    assert len(pages) > 10
    assert pages <= led_to


def test_the_world_files_page_names_every_field() -> None:
    page = document("docs/reference/world-file.md")
    told = {quoted(row[0])[0]: row for row in rows(section(page, "Tables")) if row[0].startswith("`[[")}
    there = {
        "[[sites]]": fields.SITE,
        "[[sites.locations]]": fields.LOCATION,
        "[[master_accounts]]": fields.MASTER,
        "[[master_accounts.accounts]]": fields.ACCOUNT,
        "[[users]]": fields.USER,
        "[[staff]]": fields.STAFF,
        "[[apps]]": fields.APP,
    }
    assert told.keys() == there.keys()
    for table, checks in there.items():
        _, key, needed, optional = told[table]
        named = {*quoted(key), *quoted(needed), *quoted(optional)}
        within = {name.split(".")[-1].strip("]") for name in there if name.startswith(table[:-2] + ".")}
        assert named == set(checks) | within, table


async def test_the_world_files_page_shows_a_file_that_can_be_loaded(house: House, tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", document("docs/reference/world-file.md"), re.DOTALL)
    file = tmp_path / "world.toml"
    file.write_text(example.replace('environment = "production"', 'environment = "sandbox"'))
    wanted = world.read_world(file)
    assert wanted.environment is Environment.SANDBOX
    async with house.db.write() as tx:
        act = Act(tx, By(name="tests", environment=wanted.environment), house.now())
        made_up = await world.apply(act, await world.plan(act, wanted))
        assert [app.name for app in made_up] == ["inventory sync"]
        assert (await world.plan(act, wanted)).changes == []


@pytest.mark.parametrize("page", ["settings", "commands", "world-file", "events", "command", "library"])
def test_the_readme_leads_to_every_reference_page(page: str) -> None:
    assert f"(docs/reference/{page}.md)" in document("README.md")
