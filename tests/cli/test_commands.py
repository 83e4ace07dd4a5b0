"""The other commands, run as an operator runs them."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cast import OPENING, WORLDS, Person, Server
from places import folder_of
from remotehandsd.app import MIGRATIONS
from remotehandsd.house import House
from remotehandsd.kit.db import open_database

Command = Callable[..., subprocess.CompletedProcess[str]]
SECRET = "secret-of-ada-0123456789abcdef-0123"
FORM = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": SECRET}
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
PLAYGROUND = next(file for file in WORLDS if file.stem == "playground")


def _good(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_load(command: Command, tmp_path: Path) -> None:
    dry = _good(command("load", "--dry-run", PLAYGROUND))
    assert "+ site PHX015" in dry
    assert "nothing was written" in dry
    assert "+ site PHX015" in _good(command("load", PLAYGROUND))
    assert _good(command("load", PLAYGROUND)).startswith("Nothing to change in ")
    more = tmp_path / "more.toml"
    more.write_text(
        'environment = "playground"\n[[sites]]\ncode = "PHX015"\ncity = "Tempe"\n[[apps]]\nname = "x"\nuser = "ada@example.com"\n'
    )
    dry = _good(command("load", "--dry-run", more))
    assert "~ site PHX015: city: 'Phoenix' -> 'Tempe'" in dry
    assert "site IAD024: exists and is not in the file" in dry
    assert "client secret" not in dry
    said = _good(command("load", more))
    assert "shown only now" in said
    assert "client secret" in said


def test_load_says_what_it_changes_as_the_file_does(command: Command, tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    staff = '[[staff]]\nemail = "una@operator.example"\nname = "Una"\nroles = {}\n'
    for roles, said in (
        ('["technician"]', "+ staff una@operator.example"),
        ('["dispatcher", "administrator"]', "roles: ['technician'] -> ['administrator', 'dispatcher']"),
    ):
        world.write_text('environment = "playground"\n' + staff.format(roles))
        assert said in command("load", world).stdout


def test_load_of_a_file_with_faults(command: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('environment = "playground"\ncolour = 1\n[[sites]]\n')
    done = command("load", bad)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{bad}: colour: unknown key.",
        f"{bad}: sites[1]: code is missing.",
        "Nothing was written.",
    ]
    missing = command("load", tmp_path / "nowhere.toml")
    assert missing.returncode == 1
    assert missing.stderr == f"{tmp_path}/nowhere.toml: No such file or directory.\n"
    assert "Traceback" not in missing.stderr


def test_migrate_and_check(command: Command, environment: dict[str, str]) -> None:
    unready = command("check")
    assert unready.returncode == 1
    assert "run `remotehandsd migrate`" in unready.stderr
    assert "0001_start: done" in _good(command("migrate"))
    assert "newest version" in _good(command("migrate"))
    assert _good(command("check")).splitlines() == [
        "settings: good",
        f"database: good, version {len(list((MIGRATIONS / 'sqlite').glob('*.sql')))}",
        f"files: good, {environment['REMOTEHANDS_DATA']}/files",
        "mail: good, no server: recipients and subjects are logged",
    ]
    wrong = command("check", REMOTEHANDS_MIN_FREE=str(10**17))
    assert wrong.returncode == 1
    assert "files:" in wrong.stderr


def test_check_sees_a_wrong_master_key(command: Command) -> None:
    _good(command("load", PLAYGROUND))
    _good(command("rotate-keys"))
    wrong = command("check", REMOTEHANDS_MASTER_KEY="A" * 43 + "=")
    assert wrong.returncode == 1
    assert "master key" in wrong.stderr


def test_rotate_keys_is_seen_by_a_running_server(house: House, serve: Callable[..., Server], command: Command) -> None:
    server = serve()
    assert len(httpx.get(f"{server.url}/.well-known/jwks.json").json()["keys"]) == 1
    assert "New signing key" in _good(command("rotate-keys"))
    deadline = time.monotonic() + 5
    while len(httpx.get(f"{server.url}/.well-known/jwks.json").json()["keys"]) != 2:
        assert time.monotonic() < deadline, "within five seconds"
        time.sleep(0.1)


def test_what_is_written_is_for_its_own_user_only(command: Command, environment: dict[str, str]) -> None:
    _good(command("load", PLAYGROUND))
    data = Path(environment["REMOTEHANDS_DATA"])
    assert [path.name for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077] == []


@pytest.mark.engine("sqlite")
def test_backup_of_nothing(command: Command, tmp_path: Path, environment: dict[str, str]) -> None:
    assert command("backup", tmp_path / "copy").returncode == 4
    assert not (tmp_path / "copy").exists()
    assert not Path(environment["REMOTEHANDS_DATA"]).exists(), "nothing is made by the way"


@pytest.mark.engine("sqlite")
def test_a_lost_master_key_is_not_replaced(command: Command, environment: dict[str, str]) -> None:
    _good(command("rotate-keys"))
    key = Path(environment["REMOTEHANDS_DATA"], "master.key")
    key.unlink()
    done = command("check")
    assert done.returncode == 1
    assert "put back the one from your backup" in done.stderr
    assert not key.exists()


@pytest.mark.engine("sqlite")
async def test_backup_and_restore(
    house: House, serve: Callable[..., Server], command: Command, tmp_path: Path, environment: dict[str, str]
) -> None:
    """A copy taken while the server runs, put back elsewhere, serves the same tickets, files and tokens."""
    server = serve()
    token = httpx.post(f"{server.url}/v2/auth/token", data=FORM).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", **PAIR}
    ticket = httpx.post(f"{server.url}/v1/remotehands-tickets", json=OPENING, headers=headers).json()
    where = f"{server.url}/v1/attachments?requestId={ticket['id']}&file_name=x"
    file = httpx.post(where, files={"file": b"kept"}, headers=headers).json()
    assert "1 file of" in _good(command("backup", tmp_path / "copy"))
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    again = command("backup", tmp_path / "copy")
    assert (again.returncode, again.stderr) == (1, f"{tmp_path}/copy is not empty.\n")
    refused = command("restore", tmp_path / "copy")
    assert refused.returncode == 5, "not over a data folder that is in use"
    assert server.end() == 0

    environment["REMOTEHANDS_DATA"] = str(tmp_path / "elsewhere" / "data")
    assert "restored" in _good(command("restore", tmp_path / "copy"))
    other = serve()
    read = httpx.get(f"{other.url}/v1/remotehands-tickets/{ticket['id']}", headers=headers)
    assert read.json()["title"] == ticket["title"]
    content = httpx.get(f"{other.url}/v1/attachments/{ticket['id']}/file/{file['id']}", headers=headers)
    assert content.content == b"kept"
    assert command("restore", tmp_path / "nothing").returncode == 4


def test_wrong_usage(command: Command) -> None:
    for arguments in (["nonsense"], ["load"], ["serve", "--port", "x"], ["fabricate"]):
        done = command(*arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_help_names_every_command(command: Command) -> None:
    said = _good(command("--help"))
    for name in ("serve", "work", "load", "migrate", "rotate-keys", "backup", "restore", "check", "fabricate"):
        assert name in said


async def test_work_alone_sweeps_and_ends_on_sigterm(ada: Person, house: House, environment: dict[str, str]) -> None:
    import os  # noqa: PLC0415
    import signal  # noqa: PLC0415
    import sys  # noqa: PLC0415

    await ada.attaches(await ada.opens(), b"named")
    left = folder_of(house) / "aa" / ("a" * 32)
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"x")
    os.utime(left, (1, 1))
    process = subprocess.Popen(
        [sys.executable, "-m", "remotehandsd", "work"],
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while left.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.engine("sqlite")
async def test_the_copy_is_whole(house: House, tmp_path: Path) -> None:
    await house.db.copy_to(tmp_path / "copy.db")
    copy = open_database(f"sqlite:///{tmp_path}/copy.db", tmp_path)
    async with copy.read() as tx:
        assert await tx.one("PRAGMA integrity_check") == ("ok",)
        assert await tx.one("SELECT COUNT(*) FROM apps WHERE client_id = 'ada'") == (1,)
    await copy.close()


@pytest.mark.parametrize("name", ["REMOTEHANDS_TOKEN_SECONDS", "REMOTEHANDS_LOG"])
def test_a_setting_from_a_file(command: Command, tmp_path: Path, name: str) -> None:
    value = tmp_path / "value"
    value.write_text("120\n" if "SECONDS" in name else "debug\n")
    _good(command("migrate", **{f"{name}_FILE": str(value)}))
    twice = command("migrate", **{f"{name}_FILE": str(value), name: "x"})
    assert "given twice" in twice.stderr
    missing = command("migrate", **{f"{name}_FILE": str(tmp_path / "nowhere")})
    assert "cannot be read" in missing.stderr
    assert missing.returncode == 1
