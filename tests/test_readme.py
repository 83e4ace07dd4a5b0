"""The README's own commands, run as a new user would paste them, against `make run`."""

import hashlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from pasting import ROOT, Run, blocks, users_environment

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = ["make run", "make test"]


def paste(url: str, data: Path, there: Path) -> dict[str, list[str]]:
    """Run all blocks but the two commands in one shell and return the lines that each heading's blocks printed."""
    script = ["set -euo pipefail"]
    for heading, block in blocks(README):
        if block not in COMMANDS:
            script += [f"printf '\\n@@ %s\\n' {shlex.quote(heading)}", block]
    text = "\n".join(script)
    assert "http://127.0.0.1:8000" in text
    text = text.replace("http://127.0.0.1:8000", url)
    text = text.replace("DATA=./data\n", f"DATA={shlex.quote(str(data))}\n")
    text = text.replace("./data-backup", shlex.quote(str(there / "backup")))
    text = text.replace("./data/", shlex.quote(str(data)) + "/")
    assert "./data" not in text
    text = text.replace(".venv/bin/", f"{sys.prefix}/bin/")
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=there,
        env=users_environment(REMOTEHANDS_DATA=str(data), TMPDIR=str(there)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed: dict[str, list[str]] = {}
    heading = ""
    for line in done.stdout.splitlines():
        if line.startswith("@@ "):
            heading = line.removeprefix("@@ ")
            printed.setdefault(heading, [])
        elif line:
            printed[heading].append(line)
    return printed


def answer(line: str) -> Any:
    """Return the JSON that a line holds; no answer of the README's is a refusal."""
    value = json.loads(line)
    assert "error" not in value
    return value


def test_the_readme_begins_with_a_paragraph_and_the_two_commands() -> None:
    title, paragraph, *rest = README.split("\n\n")
    assert title == "# Remotehands"
    assert "\n" not in paragraph
    assert rest[:2] == [f"```bash\n{command}\n```" for command in COMMANDS]
    assert [block for _, block in blocks(README)][:2] == COMMANDS


def test_the_readmes_commands_do_what_it_says(run: Run, data: Path, tmp_path: Path) -> None:
    printed = paste(run.url, data, tmp_path)

    assert answer(printed["Where the server is"][0]) == {"status": "ready"}
    assert re.fullmatch(r"a token of [0-9]{3,4} characters", printed["A token"][0])
    accounts = answer(printed["Accounts"][0])
    assert [(one["masterAccountId"], one["accountId"], one["defaultAccount"]) for one in accounts] == [
        ("100123", "0011A00001AaAB1ABC", True),
        ("100123", "0011A00001BbCD2DEF", False),
    ]
    assert [site["site"] for site in answer(printed["Sites"][0])] == ["IAD024", "PHX015"]
    assert "Data Hall A, Cage 12" in [place["location"] for place in answer(printed["Locations"][0])]
    (group,) = answer(printed["Categories"][0])["result"]
    assert {"name": "Power cycle or reboot"} in group["requestType"]["categories"]

    created = answer(printed["Create"][0])
    number = created["id"]
    assert re.fullmatch(r"WO[0-9]{7,}", number)
    assert (created["status"], created["createdBy"], created["comments"]) == ("New", "Ada Example", [])
    assert printed["Create"][1] == f"{number} is on Dora's list: 200"
    assert answer(printed["Read"][0]) == created
    listed = answer(printed["List"][0])
    assert [ticket["id"] for ticket in listed["content"]] == [number]
    assert listed["pageable"]["totalElements"] == 1
    comment = answer(printed["Comment"][0])
    assert (comment["comment"], comment["commentedBy"]) == ("The door code is 4711.", "Ada Example")

    attached = answer(printed["Attach"][0])
    assert attached["filename"] == "rack-7.txt"
    assert attached["hash"] == hashlib.sha256(b"This stands for a photograph of rack 7.\n").hexdigest()
    assert printed["Attach"][1] == "the same bytes"
    updated = answer(printed["Update"][0])
    assert (updated["customerReference"], updated["notificationRecipients"]) == ("CHG-1042", "ops@example.com")
    assert updated["comments"] == [comment]

    started = answer(printed["Start"][0])
    assert (started["status"], started["assignedTo"]) == ("In Progress", "Dora Dispatcher")
    assert answer(printed["Cancel"][0])["message"].startswith(
        f"We have received your request for cancellation of workorder '{number}'."
    )
    granted = answer(printed["Grant"][0])
    assert (granted["status"], granted["cancelReason"]) == ("Cancelled", "Request no longer needed")
    assert granted["closedOn"]
    assert [event["type"] for event in granted["history"]] == [
        "ticket.created",
        "ticket.assigned",
        "ticket.commented",
        "ticket.attachment_added",
        "ticket.updated",
        "ticket.started",
        "ticket.cancellation_requested",
        "ticket.cancelled",
    ]
    completed = answer(printed["Complete"][0])
    assert (completed["title"], completed["status"]) == ("Swap the tapes", "Completed")

    ordered, sites = printed["The same without curl"]
    assert (json.loads(ordered)["title"], json.loads(ordered)["created_by"]) == ("Reseat the optic", "Ada Example")
    assert sites.startswith("[Site(site='IAD024'")

    compared, copied = printed["Run it for real"]
    assert compared == f"0 changes to make in {data}; nothing was written."
    assert copied.endswith(f"the database and 1 file of {data}.")
    assert (tmp_path / "backup" / "remotehands.db").is_file()


def test_make_run_works_again_on_the_same_data(run: Run, data: Path, tmp_path: Path) -> None:
    first = (data / "playground.toml").read_text()
    assert run.end() == 0
    again = Run(data, tmp_path / "make-run-again.log")
    try:
        assert httpx.get(f"{again.url}/readyz").json() == {"status": "ready"}
        assert (data / "playground.toml").read_text() == first
        assert again.end() == 0
    finally:
        again.kill()


def dry_make(target: str, environment: Path) -> str:
    """Return the commands that make would run."""
    return subprocess.run(
        ["make", "--dry-run", target, f"VENV={environment}"],
        cwd=ROOT,
        env=users_environment(),
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout


@pytest.mark.parametrize("target", ["run", "test"])
def test_make_installs_the_first_time_only(target: str, tmp_path: Path) -> None:
    """By the time stamps that the recipes leave behind."""
    assert " -m pip install " in dry_make(target, tmp_path)
    # What `make test` leaves, in its order: it serves both.
    for stamp in (".made", ".dev", ".server"):
        (tmp_path / stamp).touch()
    assert " -m pip " not in dry_make(target, tmp_path)
