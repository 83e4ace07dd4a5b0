"""The customers' documents: the tutorial typed against `make run`, the cookbook cooked, the reference as it is written."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import reference
import remotehands
from live import NEW
from pasting import ROOT, Run, blocks
from remotehands import Client
from terminal import Environment, Terminal

DOCS = ROOT / "docs"
TUTORIAL = (DOCS / "tutorial" / "first-ticket.md").read_text(encoding="utf-8")
COOKBOOK = (DOCS / "howto" / "cookbook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", reference.PAGES)
def test_the_reference_is_what_the_code_says(page: str) -> None:
    written = (DOCS / "reference" / page).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](), "`make docs` writes it"


def test_the_reference_names_everything_that_is_public() -> None:
    page = (DOCS / "reference" / "library.md").read_text(encoding="utf-8")
    assert [name for name in remotehands.__all__ if not re.search(rf"(### |`){name}\b", page)] == []
    assert {(), ("login",), ("ticket", "create"), ("ticket", "watch")} <= set(reference.verbs())


def signed_in(run: Run, data: Path, environment: Environment) -> None:
    """Answer as the tutorial shows it."""
    world = tomllib.loads((data / "playground.toml").read_text())
    (secret,) = [app["client_secret"] for app in world["apps"] if app["client_id"] == "playground-ada"]
    shown = Terminal(["login"], environment, Path(environment["HOME"]))
    shown.asked("Address of the server: ", run.url)
    shown.asked("Client id: ", "playground-ada")
    shown.asked("Client secret: ", secret)
    shown.expect("1  0011A00001AaAB1ABC  Example Ltd (default)\n   2  0011A00001BbCD2DEF  Example Labs\n")
    shown.asked("Account (number): ", "1")
    assert shown.end() == 0, shown.said


def test_the_tutorial(run: Run, data: Path, user: Environment, tmp_path: Path) -> None:
    given = blocks(TUTORIAL)
    assert [block for _, block in given[:2]] == ["make run", ".venv/bin/remotehands login"]
    signed_in(run, data, user)
    script = ["set -euo pipefail"]
    for heading, block in given[2:]:
        script += [f"printf '\\n@@ %s\\n' {shlex.quote(heading)}", block]
    text = "\n".join(script).replace(".venv/bin/", f"{sys.prefix}/bin/")
    done = subprocess.run(
        ["bash", "-c", text],
        cwd=ROOT,
        env=user | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    parts = re.split(r"\n@@ (.+)\n", done.stdout)
    printed = dict(zip(parts[1::2], parts[2::2], strict=True))
    sites, places, kinds = map(json.loads, printed["Look around"].split("\n")[:3])
    assert "PHX015" in [site["site"] for site in sites]
    assert "Data Hall A, Cage 12" in [place["location"] for place in places]
    assert "Power cycle or reboot" in [kind["category"] for kind in kinds]
    seen = [json.loads(line) for line in printed["Watch it being done"].splitlines() if line]
    assert seen[-1]["status"] == "Completed"
    assert [said["commented_by"] for said in seen[-1]["comments"]][:1] == ["Ada Example"]
    assert len(seen[-1]["comments"]) > 1
    (fetched,) = tmp_path.glob("*/README.md")
    assert fetched.read_bytes() == (ROOT / "README.md").read_bytes()
    assert printed["See what became of it"].rstrip().endswith("exit code 5")
    assert "not permitted for the status 'Completed'" in done.stderr

    ((_, program),) = blocks(TUTORIAL, "python")
    ran = subprocess.run(
        [sys.executable, "-c", program], env=user, capture_output=True, text=True, timeout=120, check=True
    )
    created, completed, refused = ran.stdout.splitlines()
    assert re.fullmatch(r"WO\d{7} New .*", created)
    assert completed.startswith("Completed after 0:0")
    assert refused == "The requested operation is not permitted for the status 'Completed'."


@pytest.mark.engine("sqlite")
def test_the_cookbook(ada_there: Environment, customer: Client, dora_does: Callable[[str, str], None]) -> None:
    kitchen = Path(ada_there["HOME"])
    shell = ada_there | {"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"}
    assert len({heading for heading, _ in (*blocks(COOKBOOK), *blocks(COOKBOOK, "python"))}) == 10
    printed: dict[str, str] = {}
    for language, command in (("bash", ["bash", "-euo", "pipefail", "-c"]), ("python", [sys.executable, "-c"])):
        for heading, block in blocks(COOKBOOK, language):
            if heading.startswith("8."):
                dora_does("cancel", customer.tickets.create(**NEW).id)
            done = subprocess.run(
                [*command, block], cwd=kitchen, env=shell, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, f"{heading}\n{done.stdout}{done.stderr}"
            printed[heading[:2]] = printed.get(heading[:2], "") + done.stdout
    assert json.loads(printed["1."])["customer_reference"] == "CHG-1042"
    assert [one["title"] for one in json.loads(printed["2."])] == [f"Swap the tapes of library {n}" for n in (1, 2)]
    opened = (kitchen / "open.csv").read_text().splitlines()
    assert opened[0].startswith("id,title,status")
    assert any("Swap the tapes of library 1,New" in line for line in opened), "what waits to be begun is open, too"
    assert sum(line.startswith("id,") for line in opened) == 1
    assert customer.tickets.get(printed["4."].strip()).customer_reference == "CHG-2001"
    assert [one["filename"] for one in json.loads(printed["5."])] == ["rack-7.svg", "cables.txt"]
    assert (kitchen / "evidence" / "audit.txt").read_text() == "what is there\n"
    assert "We have received your request" in printed["7."]
    assert printed["8."].strip().endswith(": Cancelled")
    assert printed["9."].splitlines() == ["IAD024 0 locations", "PHX015 3 locations"]
    assert "There is no profile 'lab'" in printed["10"]
