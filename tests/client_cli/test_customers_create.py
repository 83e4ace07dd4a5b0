"""`remotehands ticket create`: one ticket, in one line or in a dialogue, and many from a file."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from odd import CUT, Family, Reply, Seen, refused, serving
from remotehands import Client
from terminal import COMMAND, Done, Environment, Terminal, typed

pytestmark = pytest.mark.engine("sqlite")
Hands = Callable[..., Done]
AtTerminal = Callable[..., Terminal]
WHOLE = ("--title", "T", "--site", "PHX015", "--request-type", "Urgent Work", "--category", "Other")


def count(customer: Client) -> int:
    return len(list(customer.tickets.list()))


def test_in_one_line(hands: Hands, customer: Client) -> None:
    done = hands(
        "ticket", "create", *WHOLE, "--location", "Data Hall A", "--instruction-file", "-", "--reference", "R",
        "--reference-ticket", "WO7", "--notify", "a@b.example", "--notify", "c@d.example", given="Two\nlines",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    ticket = customer.tickets.get(json.loads(done.stdout)["id"])
    assert (ticket.location, ticket.detailed_instruction, ticket.customer_reference) == (
        "Data Hall A",
        "Two\nlines",
        "R",
    )
    assert (ticket.reference_ticket, ticket.notification_recipients) == ("WO7", "a@b.example, c@d.example")
    short = hands("--quiet", "ticket", "create", *WHOLE)
    assert customer.tickets.get(short.stdout.strip()).title == "T"


def test_a_dry_run_sends_nothing(hands: Hands, customer: Client) -> None:
    before = count(customer)
    done = hands("ticket", "create", *WHOLE, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "Nothing was sent.\n")
    assert json.loads(done.stdout) == {
        "title": "T",
        "site": "PHX015",
        "request_type": "Urgent Work",
        "category": "Other",
    }
    assert count(customer) == before


def test_what_is_missing_where_nobody_can_be_asked(hands: Hands) -> None:
    done = hands("ticket", "create", "--title", "T")
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["--site is missing.", "--request-type is missing.", "--category is missing."]


def test_faults_stand_on_lines_of_their_own(hands: Hands) -> None:
    done = hands("ticket", "create", *WHOLE[:-1], "Tape swaps", "--reference", "x" * 41)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "--category: `remotehands categories` shows what is possible.",
        "Payload 'category' has an unexpected value for the given 'requestType'",
        "Payload 'customerReference' has exceeded the maximum length of 40.",
    ]
    both = hands("ticket", "create", *WHOLE, "--instruction", "a", "--instruction-file", "b")
    assert (both.returncode, both.stderr) == (2, "Give one of --instruction and --instruction-file, not both.\n")
    none = hands("ticket", "create", *WHOLE, "--instruction-file", "nothing.txt")
    assert (none.returncode, none.stderr) == (1, "nothing.txt: No such file or directory.\n")


@pytest.fixture
def editor(user: Environment) -> Environment:
    """An editor that writes something."""
    script = Path(user["HOME"], "editor")
    script.write_text('#!/bin/sh\nprintf "Hold the button.\\nWait.\\n" > "$1"\n')
    script.chmod(0o755)
    return {"EDITOR": str(script)}


def test_a_dialogue(terminal: AtTerminal, customer: Client, editor: Environment) -> None:
    shown = terminal("ticket", "create", **editor)
    shown.expect("1  IAD024  7 Sample Street, Ashburn")
    shown.asked("Site (number): ", "2")
    shown.expect("2  Data Hall A, Cage 12")
    shown.asked("Location (number, or nothing): ", "cage")
    shown.expect("1  Data Hall A, Cage 12")
    shown.asked("Location (number, or nothing): ", "1")
    shown.asked("Request type (number): ", "9")
    shown.asked("Request type (number): ", "Urgent Work")
    shown.asked("Category (number): ", "4")
    shown.asked("Title: ", "Reboot it")
    shown.asked("editor? [y/N]: ", "y")
    shown.expect("Hold the button.")
    shown.asked("Open this ticket? [Y/n]: ", "")
    assert shown.end() == 0
    ticket = next(customer.tickets.list())
    assert (ticket.title, ticket.site, ticket.location) == ("Reboot it", "PHX015", "Data Hall A, Cage 12")
    assert (ticket.request_type, ticket.category) == ("Urgent Work", "Power cycle or reboot")
    assert customer.tickets.get(ticket.id).detailed_instruction == "Hold the button.\nWait."
    assert ticket.id in shown.said


def test_a_dialogue_that_ends_with_no(terminal: AtTerminal, customer: Client) -> None:
    before = count(customer)
    shown = terminal("ticket", "create", *WHOLE[2:])
    shown.asked("Location (number, or nothing): ", "")
    shown.asked("Title: ", "Perhaps")
    shown.asked("editor? [y/N]: ", "")
    shown.asked("Open this ticket? [Y/n]: ", "n")
    shown.expect("Nothing was sent.")
    assert shown.end() == 0
    assert count(customer) == before


def test_an_interrupted_dialogue(terminal: AtTerminal, customer: Client) -> None:
    before = count(customer)
    shown = terminal("ticket", "create")
    shown.expect("Site (number): ")
    assert shown.interrupt_the_question() == 1
    assert "Traceback" not in shown.said
    assert count(customer) == before


def test_an_editor_that_fails(terminal: AtTerminal, customer: Client) -> None:
    before = count(customer)
    shown = terminal("ticket", "create", *WHOLE, "--edit", EDITOR="false")
    shown.expect("The editor 'false' did not end well; nothing was sent.")
    assert shown.end() == 1
    assert count(customer) == before


MANY = """
[defaults]
site = "PHX015"
request_type = "Planned Work"
category = "Tape swaps"
notification_recipients = ["a@b.example", "c@d.example"]

[[tickets]]
title = "First"

[[tickets]]
title = "Second"
location = "Data Hall A"

[[tickets]]
title = "Third"
category = "Other"
"""


@pytest.fixture
def file(user: Environment) -> Path:
    file = Path(user["HOME"], "many.toml")
    file.write_text(MANY)
    return file


def test_many_say_first_what_will_be_done(hands: Hands, file: Path, customer: Client) -> None:
    before = count(customer)
    unsure = hands("ticket", "create", "--from", file)
    assert unsure.returncode == 2
    assert "3 tickets for Example Ltd (0011A00001AaAB1ABC) at http://" in unsure.stderr
    assert "Second" in unsure.stderr
    assert unsure.stderr.splitlines()[-1] == "Nobody can be asked whether this is meant: give --yes."
    dry = hands("ticket", "create", "--from", file, "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, "")
    assert dry.stderr.endswith("Nothing was sent.\n")
    assert count(customer) == before
    done = hands("ticket", "create", "--from", file, "--yes")
    assert done.returncode == 0
    made = json.loads(done.stdout)
    assert [one["title"] for one in made] == ["First", "Second", "Third"]
    assert [one["category"] for one in made] == ["Tape swaps", "Tape swaps", "Other"]
    assert made[0]["notification_recipients"] == "a@b.example, c@d.example"
    assert count(customer) == before + 3


def test_many_at_a_terminal(terminal: AtTerminal, file: Path, customer: Client) -> None:
    before = count(customer)
    shown = terminal("ticket", "create", "--from", file)
    shown.expect("Third")
    shown.asked("Open 3 tickets? [y/N]: ", "")
    shown.expect("Nothing was sent.")
    assert shown.end() == 0
    assert count(customer) == before


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("x = [", ["is no TOML: "]),
        ("", ["has no [[tickets]]."]),
        ('[[ticket]]\ntitle = "T"', ["ticket: unknown.", "has no [[tickets]]."]),
        (
            MANY + '[[tickets]]\nsite = "PHX015"\nnotes = "n"\nlocation = 5\n',
            ["ticket 4: title: missing.", "ticket 4: notes: unknown.", "ticket 4: location: is no text."],
        ),
        (
            MANY + '[[tickets]]\ntitle = "T"\nsite = "FRA003"\ncategory = "Power cycle or reboot"\n',
            [
                "ticket 4: site: the account has no FRA003.",
                "ticket 4: category: there is no Planned Work / Power cycle",
            ],
        ),
    ],
)
def test_a_wrong_file_tells_all_its_faults_and_sends_nothing(
    hands: Hands, file: Path, customer: Client, text: str, faults: list[str]
) -> None:
    before = count(customer)
    file.write_text(text)
    done = hands("ticket", "create", "--from", file, "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    told = done.stderr.splitlines()
    assert len(told) == len(faults)
    for line, fault in zip(told, faults, strict=True):
        assert line.startswith(f"{file}: {fault}")
    assert count(customer) == before
    both = hands("ticket", "create", "--from", file, "--title", "T")
    assert (both.returncode, both.stderr) == (2, "With --from every field stands in the file: title.\n")


class Desk(Family):
    """A server that knows only the contract, with a site and the catalogue."""

    def _carried_out(self, seen: Seen) -> Reply:
        if seen.path == "/v1/sites":
            return Reply(200, [{"site": "PHX015"}])
        if seen.path.endswith("/categories"):
            names = [{"name": "Tape swaps"}, {"name": "Other"}]
            return Reply(200, {"result": [{"requestType": {"name": "Planned Work", "categories": names}}]})
        return super()._carried_out(seen)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def there(desk: Desk, user: Environment) -> Iterator[Environment]:
    """The environment of a user of that server."""
    with serving(desk) as url:
        yield user | {"REMOTEHANDS_URL": url, "REMOTEHANDS_CLIENT_ID": "a", "REMOTEHANDS_CLIENT_SECRET": "b"}


def test_a_refusal_in_the_middle(desk: Desk, there: Environment, file: Path) -> None:
    desk.before = ["go on", "go on", "go on", refused(400, "Payload 'title' has an invalid value.")]
    done = typed(there, "ticket", "create", "--from", file, "--yes")
    assert done.returncode == 2
    assert [one["id"] for one in json.loads(done.stdout)] == ["WO1000000"]
    assert done.stderr.splitlines()[-4:] == [
        "Payload 'title' has an invalid value.",
        "1 of 3 tickets were opened: WO1000000.",
        "Ticket 2 of the file, 'Second', was not.",
        "From ticket 3 on nothing was sent.",
    ]
    assert len(desk.made) == 1


def test_a_lost_answer_in_the_middle(desk: Desk, there: Environment, file: Path) -> None:
    desk.after = ["go on", "go on", "go on", CUT]
    done = typed(there, "ticket", "create", "--from", file, "--yes")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-4].startswith("It is not known whether the change was made; look before")
    assert done.stderr.splitlines()[-2] == "Ticket 2 of the file, 'Second', may or may not have been."
    assert len(desk.made) == 2


def test_an_interruption_in_the_middle(desk: Desk, there: Environment, file: Path) -> None:
    desk.before = ["go on", "go on", "go on", Reply(429, b"", {"Retry-After": "30"})]
    process = subprocess.Popen(
        [*COMMAND, "ticket", "create", "--from", str(file), "--yes"],
        env=there,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while len(desk.asked) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert [one["id"] for one in json.loads(out)] == ["WO1000000"]
    assert err.splitlines()[-4:-2] == ["Interrupted.", "1 of 3 tickets were opened: WO1000000."]


def test_one_that_is_interrupted_while_it_is_sent(desk: Desk, there: Environment) -> None:
    desk.before = [Reply(429, b"", {"Retry-After": "30"})]
    process = subprocess.Popen([*COMMAND, "ticket", "create", *WHOLE], env=there, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while not desk.asked and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    told = "Interrupted: the change may have been made or not; `remotehands ticket list --limit 10` tells.\n"
    assert (process.returncode, err) == (1, told)


def test_a_site_that_the_account_does_not_have(hands: Hands) -> None:
    done = hands("ticket", "create", *WHOLE, "--site", "FRA003")
    assert (done.returncode, done.stderr) == (4, "The account has no site FRA003, or the site no such location.\n")


def test_one_whose_answer_is_lost(desk: Desk, there: Environment) -> None:
    desk.after = [CUT]
    done = typed(there, "ticket", "create", *WHOLE)
    assert (done.returncode, done.stdout) == (1, "")
    assert "not known whether the change was made" in done.stderr
    assert done.stderr.splitlines()[-1] == "`remotehands ticket list --limit 10` tells."
    assert len(desk.made) == 1
