"""Files by command."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from live import NEW
from remotehands import Client
from terminal import Done, Environment, Terminal

pytestmark = pytest.mark.engine("sqlite")
Hands = Callable[..., Done]


@pytest.fixture
def ticket(customer: Client) -> str:
    return customer.tickets.create(**NEW).id


@pytest.fixture
def home(user: Environment) -> Path:
    return Path(user["HOME"])


def test_up_and_down(hands: Hands, ticket: str, home: Path, customer: Client) -> None:
    (home / "one.txt").write_bytes(b"one")
    (home / "two.txt").write_bytes(b"two")
    dry = hands("ticket", "attach", ticket, "one.txt", "two.txt", "--dry-run")
    assert (json.loads(dry.stdout), dry.stderr) == (
        {"id": ticket, "files": ["one.txt", "two.txt"]},
        "Nothing was sent.\n",
    )
    assert customer.tickets.attachments(ticket) == []
    done = hands("ticket", "attach", ticket, "one.txt", "two.txt")
    assert [one["filename"] for one in json.loads(done.stdout)] == ["one.txt", "two.txt"]
    assert (done.returncode, done.stderr) == (0, "")
    there = json.loads(hands("ticket", "files", ticket).stdout)
    assert [one["filename"] for one in there] == ["one.txt", "two.txt"]
    (home / "there").mkdir()
    assert hands("ticket", "download", ticket, "--to", "there").returncode == 0
    assert {path.name: path.read_bytes() for path in (home / "there").iterdir()} == {
        "one.txt": b"one",
        "two.txt": b"two",
    }
    named = hands("ticket", "download", ticket, there[1]["id"], "--to", "2nd")
    assert json.loads(named.stdout) == [{"id": there[1]["id"], "path": "2nd"}]
    assert (home / "2nd").read_bytes() == b"two"


def test_files_of_one_name_all_come(hands: Hands, ticket: str, home: Path, customer: Client) -> None:
    (home / "there").mkdir()
    (home / "photo").write_bytes(b"one")
    ids = [
        customer.tickets.attach(ticket, home / "photo", name=name).id for name in ("image.jpg", "a/IMAGE.JPG", "other")
    ]
    done = hands("ticket", "download", ticket, "--to", "there")
    assert done.returncode == 0
    names = [f"{ids[0]}-image.jpg", f"{ids[1]}-IMAGE.JPG", "other"]
    assert [one["path"] for one in json.loads(done.stdout)] == [f"there/{name}" for name in names]
    assert {path.name for path in (home / "there").iterdir()} == set(names)


def test_nothing_is_overwritten_unless_told(hands: Hands, ticket: str, home: Path, customer: Client) -> None:
    (home / "one.txt").write_bytes(b"one")
    customer.tickets.attach(ticket, home / "one.txt")
    (home / "one.txt").write_bytes(b"mine")
    done = hands("ticket", "download", ticket)
    assert (done.returncode, done.stdout) == (1, "[]\n")
    assert done.stderr == "one.txt: is there already; nothing was overwritten.\n"
    assert (home / "one.txt").read_bytes() == b"mine"
    assert hands("ticket", "download", ticket, "--overwrite").returncode == 0
    assert (home / "one.txt").read_bytes() == b"one"


def test_refusals(hands: Hands, ticket: str, home: Path) -> None:
    (home / "one.txt").write_bytes(b"one")
    (home / "empty.txt").touch()
    none = hands("ticket", "attach", ticket, "one.txt", "nothing.txt")
    assert (none.returncode, none.stdout) == (1, "")
    assert none.stderr == "nothing.txt: is no file that can be read.\n"
    part = hands("ticket", "attach", ticket, "one.txt", "empty.txt")
    assert part.returncode == 2
    assert [one["filename"] for one in json.loads(part.stdout)] == ["one.txt"]
    assert part.stderr.splitlines() == ["Attached before that: one.txt.", "Mandatory payload 'file' is null or empty."]
    assert hands("ticket", "attach", ticket, "one.txt", "one.txt", "--name", "x").returncode == 2
    assert hands("ticket", "attach", "WO7568", "one.txt").returncode == 4
    foreign = hands("ticket", "download", ticket, "0" * 32)
    assert (foreign.returncode, foreign.stderr) == (4, f"The ticket {ticket} has no file {'0' * 32}.\n")
    folder = hands("ticket", "attach", ticket, ".")
    assert (folder.returncode, folder.stderr) == (1, ".: is no file that can be read.\n")
    (home / "x").write_bytes(b"x")
    (x,) = json.loads(hands("ticket", "attach", ticket, "x").stdout)
    lost = hands("ticket", "download", ticket, x["id"], "--to", "no/such/folder")
    assert (lost.returncode, lost.stderr) == (1, "no/such: there is no such folder.\n")


def large(home: Path, size: int) -> Path:
    file = home / "large.bin"
    with file.open("wb") as made:
        made.truncate(size)
    return file


def test_ctrl_c_in_the_middle_of_an_upload(
    terminal: Callable[..., Terminal], ticket: str, home: Path, customer: Client
) -> None:
    large(home, 900_000_000)
    shown = terminal("ticket", "attach", ticket, "large.bin")
    shown.expect("large.bin")
    shown.expect("MB")
    shown.interrupt()
    shown.expect("Interrupted: large.bin did not go over whole, and is not attached.")
    assert shown.end() == 1
    assert "Traceback" not in shown.said
    assert customer.tickets.attachments(ticket) == []


def test_a_file_that_is_cut_while_it_is_read(
    terminal: Callable[..., Terminal], ticket: str, home: Path, customer: Client
) -> None:
    file = large(home, 900_000_000)
    shown = terminal("ticket", "attach", ticket, "large.bin")
    shown.expect("MB")
    os.truncate(file, 10)
    shown.expect("large.bin became shorter while it was read.")
    assert shown.end() == 1
    assert "Traceback" not in shown.said
    assert customer.tickets.attachments(ticket) == []


def test_a_bar_only_where_a_person_sees_it(
    terminal: Callable[..., Terminal], hands: Hands, ticket: str, home: Path
) -> None:
    large(home, 5_000_000)
    assert hands("ticket", "attach", ticket, "large.bin").stderr == ""
    quiet = terminal("--quiet", "ticket", "attach", ticket, "large.bin")
    assert quiet.end() == 0
    assert "MB" not in quiet.said
