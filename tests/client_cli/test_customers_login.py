"""`remotehands login`: asks, tests, keeps."""

import json
from pathlib import Path

import pytest

from cast import Server
from live import SECRET
from terminal import Environment, Terminal, typed

pytestmark = pytest.mark.engine("sqlite")


def kept(user: Environment) -> Path:
    return Path(user["XDG_CONFIG_HOME"], "remotehands", "profiles.json")


def at_terminal(user: Environment, *arguments: str) -> Terminal:
    return Terminal(list(arguments), user, Path(user["HOME"]))


def test_it_asks_tests_and_keeps(user: Environment, live: Server) -> None:
    shown = at_terminal(user, "login")
    shown.asked("Address of the server: ", live.url)
    shown.asked("Client id: ", "ada")
    shown.asked("Client secret: ", SECRET.format("ada"))
    shown.expect("1  0011A00001AaAB1ABC  Example Ltd (default)")
    shown.asked("Account (number): ", "2")
    shown.expect(f"Signed in to {live.url} for Example Labs (0011A00001BbCD2DEF).")
    assert shown.end() == 0
    assert SECRET.format("ada") not in shown.said, "the secret is not shown"
    file = kept(user)
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text())["default"] == {
        "base_url": live.url,
        "client_id": "ada",
        "client_secret": SECRET.format("ada"),
        "account": "0011A00001BbCD2DEF",
    }
    assert [one["site"] for one in json.loads(typed(user, "sites").stdout)] == ["IAD024"]
    again = at_terminal(user, "login")
    again.asked(f"Address of the server [{live.url}]: ", "")
    again.asked("Client id [ada]: ", "")
    again.asked("Client secret: ", "wrong")
    again.expect("Unauthorized. Client credentials are invalid.")
    assert again.end() == 3
    assert json.loads(file.read_text())["default"]["client_secret"] == SECRET.format("ada"), "nothing wrong is kept"


def test_without_a_person(user: Environment, live: Server) -> None:
    given = user | {"REMOTEHANDS_URL": live.url, "REMOTEHANDS_CLIENT_ID": "max"}
    done = typed(given, "--profile", "max", "login", given=SECRET.format("max") + "\n")
    assert done.returncode == 0, done.stderr
    assert "Signed in" in done.stderr
    assert [one["site"] for one in json.loads(typed(user, "--profile", "max", "sites").stdout)] == ["FRA003"]
    assert [one["site"] for one in json.loads(typed(user | {"REMOTEHANDS_PROFILE": "max"}, "sites").stdout)] == [
        "FRA003"
    ]
    nobody = typed(user, "login")
    assert (nobody.returncode, nobody.stderr) == (2, "Nobody can be asked: give REMOTEHANDS_URL.\n")
    silent = typed(given, "login")
    assert (silent.returncode, silent.stderr.count("\n")) == (2, 1)
    foreign = typed(given, "--account", "0011A00001AaAB1ABC", "login", given=SECRET.format("max"))
    assert (foreign.returncode, foreign.stderr.count("\n")) == (2, 1)


def test_nobody_signed_in(user: Environment) -> None:
    done = typed(user, "sites")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "remotehands login" in done.stderr


def test_a_secret_over_a_line_that_others_can_read(user: Environment) -> None:
    given = user | {"REMOTEHANDS_CLIENT_ID": "a", "REMOTEHANDS_CLIENT_SECRET": "b"}
    done = typed(given, "--url", "http://hands.invalid", "login")
    told, fault = done.stderr.splitlines()
    assert told == "http://hands.invalid is not encrypted: whoever is on the way can read the secret."
    assert fault.startswith("hands.invalid cannot be reached")
    assert done.returncode == 6
    assert not kept(user).exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"default": {}}'])
def test_a_broken_profile(user: Environment, content: str) -> None:
    kept(user).parent.mkdir(parents=True)
    kept(user).write_text(content)
    for verb in ("sites", "login"):
        done = typed(user, verb)
        assert done.returncode == 1
        assert done.stderr.startswith(f"{kept(user)} is no file of profiles: ")
        assert done.stderr.count("\n") == 1
    assert kept(user).read_text() == content
