"""What the command prints, for people and for programs."""

import csv
import io
import json
from collections.abc import Callable
from importlib.metadata import version

import pytest
import yaml

from remotehands import Client
from remotehands.cli.printing import _csv_cell, fits
from remotehands.cli.words import line, plain
from terminal import Done, Terminal

pytestmark = pytest.mark.engine("sqlite")
Hands = Callable[..., Done]
HOSTILE = "=1+1 \x1b]0;owned\x07 \x9b31m \u202egnp.exe"


@pytest.fixture
def ticket(customer: Client) -> str:
    return customer.tickets.create(
        title=HOSTILE,
        site="PHX015",
        request_type="Urgent Work",
        category="Other",
        detailed_instruction="Grüße\n\x1b[2Jsecond: line",
    ).id


def test_json_where_there_is_no_terminal(hands: Hands, ticket: str, customer: Client) -> None:
    done = hands("ticket", "show", ticket)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    there = customer.tickets.get(ticket)
    assert list(told) == list(there.__struct_fields__)
    assert (told["title"], told["detailed_instruction"]) == (HOSTILE, there.detailed_instruction)
    assert told["created_on"] == f"{there.created_on:%Y-%m-%dT%H:%M:%SZ}"
    assert (told["closed_on"], told["comments"]) == (None, [])
    assert hands("ticket", "list", "--limit", "1").stdout.startswith(f'[{{"id": "{ticket}"')


@pytest.mark.parametrize("form", ["table", "json", "yaml", "csv"])
def test_nothing_that_a_server_sends_reaches_the_terminal_raw(hands: Hands, ticket: str, form: str) -> None:
    for arguments in (("show", ticket), ("list", "--limit", "1")):
        printed = hands("ticket", *arguments, "-o", form).stdout
        assert "Gr" in printed or "list" in arguments
        assert not set(printed) & set("\x1b\x07\x9b\u202e\x7f")
        assert "owned" in printed


def test_yaml_and_csv_say_the_same(hands: Hands, ticket: str) -> None:
    told = json.loads(hands("ticket", "show", ticket).stdout)
    assert yaml.safe_load(hands("ticket", "show", ticket, "-o", "yaml").stdout) == told
    (row,) = csv.DictReader(io.StringIO(hands("ticket", "show", ticket, "-o", "csv").stdout))
    assert list(row) == list(told)
    assert row["id"] == ticket
    assert row["detailed_instruction"] == "Grüße\n\\x1b[2Jsecond: line"
    assert row["title"].startswith("'=1+1 \\x1b]0;owned")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_csv_cell_is_never_a_formula(start: str) -> None:
    assert _csv_cell(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert _csv_cell("plain = text") == "plain = text"
    assert _csv_cell(None) == ""


def test_text_is_made_plain() -> None:
    assert plain("a\x1b[31m\tb\nc\x9b\u202e\x7fü") == "a\\x1b[31m\tb\nc\\x9b\\u202e\\x7fü"
    assert line("a\r\nb\rc\td") == "a\\nb\\rc d"


def test_a_table_at_a_terminal(terminal: Callable[..., Terminal], ticket: str) -> None:
    for arguments in (("ticket", "list", "--limit", "1"), ("ticket", "show", ticket)):
        shown = terminal(*arguments)
        assert shown.end() == 0
        assert ticket in shown.said
        assert "=1+1 \\x1b]0;owned\\x07 \\x9b31m" in shown.said
        assert "\\u202egnp.exe" in shown.said
        assert "\x1b]0" not in shown.raw
        assert not shown.said.lstrip().startswith(("[", "{"))


def test_no_color(terminal: Callable[..., Terminal], ticket: str) -> None:
    shown = terminal("ticket", "show", ticket, NO_COLOR="1")
    assert shown.end() == 0
    assert "\x1b[3" not in shown.raw


def test_lists(hands: Hands) -> None:
    assert [one["default_account"] for one in json.loads(hands("accounts").stdout)] == [True, False]
    assert [one["site"] for one in json.loads(hands("sites").stdout)] == ["IAD024", "PHX015"]
    assert json.loads(hands("locations", "PHX015").stdout)[0]["location"] == "Data Hall A"
    assert len(json.loads(hands("categories").stdout)) == 13
    assert len(json.loads(hands("categories", "--request-type", "Urgent Work").stdout)) == 5
    empty = hands("locations", "NOSITE")
    assert (empty.returncode, json.loads(empty.stdout)) == (0, [])
    assert empty.stderr == "The account has no site NOSITE, or it has no locations.\n"
    assert hands("--quiet", "locations", "NOSITE").stderr == ""
    assert (
        hands("ticket", "list", "--status", "Completed", "--created-by", "Nobody", "-o", "csv").stdout.count("\n") == 1
    )


def test_another_account(hands: Hands) -> None:
    assert [one["site"] for one in json.loads(hands("--account", "0011A00001BbCD2DEF", "sites").stdout)] == ["IAD024"]


def test_verbose_tells_requests_and_no_secret(hands: Hands) -> None:
    done = hands("--verbose", "sites")
    assert [told.split(":")[0] for told in done.stderr.splitlines()] == [
        "POST /v2/auth/token",
        "GET /v1/accounts",
        "GET /v1/sites",
    ]
    assert "secret" not in done.stderr
    assert json.loads(done.stdout)


def test_help_loads_no_more_than_it_needs(hands: Hands) -> None:
    done = hands("--help", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0
    loaded = {told.rpartition("|")[2].strip() for told in done.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"httpx2", "msgspec", "rich", "yaml", "ssl", "asyncio"}


def test_the_version(hands: Hands) -> None:
    assert hands("--version").stdout == f"{version('remotehands')}\n"


def test_completion(hands: Hands) -> None:
    assert "_REMOTEHANDS_COMPLETE" in hands("--show-completion", SHELL="/bin/bash").stdout
    words = {"_REMOTEHANDS_COMPLETE": "complete_bash", "COMP_WORDS": "remotehands ticket ca", "COMP_CWORD": "2"}
    assert hands(**words).stdout.split() == ["cancel"]


def test_a_filter_that_cannot_be_is_explained(hands: Hands) -> None:
    done = hands("ticket", "list", "--status", "Done", "--request-type", "Urgent", "--category", "Nothing")
    said = done.stderr
    assert (done.returncode, done.stdout) == (2, "")
    assert "--status 'Done' is none of: New, In Progress, Cancellation Requested, Completed, Cancelled.\n" in said
    assert "--request-type 'Urgent' is none of: Planned Work, Urgent Work.\n" in said
    assert "--category: `remotehands categories` shows what is possible.\n" in said
    assert "Request is invalid." in said


def test_a_list_leaves_columns_out_where_there_is_little_room() -> None:
    head = ["id", "status", "title", "site", "location", "category", "created on", "created by"]
    row = [
        "WO1000001",
        "Cancellation Requested",
        "Reboot it",
        "PHX015",
        "Data Hall A",
        "Equipment troubleshoot",
        "2030-05-26 21:07:32Z",
        "Ada",
    ]
    assert [fits([head, row], width) for width in (20, 60, 80, 200)] == [4, 5, 7, 8]
    assert fits([head], 80) == 8
    assert fits([["id"]], 80) == 1
    assert fits([["id", "title"], ["WO1", "x" * 500]], 10) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "--notify", "foo"), "--notify takes one e-mail address"),
        (("create", "--request-type", "Urgent"), "--request-type is one of: Planned Work, Urgent Work."),
        (("create", "--category", "Nothing"), "`remotehands categories` shows what is possible."),
        (("cancel", "{ticket}", "--reason", "nope", "--yes"), "--reason is one of: Request no longer needed,"),
        (("update", "{ticket}", "--notify", "foo"), "--notify takes one e-mail address"),
    ],
    ids=["notify", "request type", "category", "reason", "update"],
)
def test_a_refusal_names_the_option(hands: Hands, ticket: str, arguments: tuple[str, ...], said: str) -> None:
    given = [one.format(ticket=ticket) for one in arguments]
    if given[0] == "create":
        wanted = {"--title": "x", "--site": "PHX015", "--request-type": "Urgent Work", "--category": "Other"}
        given += [word for name, value in wanted.items() if name not in given for word in (name, value)]
    done = hands("ticket", *given)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
