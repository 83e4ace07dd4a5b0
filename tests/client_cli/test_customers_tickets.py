"""The verbs that change a ticket, and `watch`."""

import json
from collections.abc import Callable

import pytest

from live import NEW
from remotehands import Client
from terminal import Done, Terminal

pytestmark = pytest.mark.engine("sqlite")
Hands = Callable[..., Done]
AtTerminal = Callable[..., Terminal]


@pytest.fixture
def ticket(customer: Client) -> str:
    return customer.tickets.create(**NEW, customer_reference="A", notification_recipients="a@b.example").id


def test_update(hands: Hands, ticket: str, customer: Client) -> None:
    dry = hands("ticket", "update", ticket, "--reference", "B", "--dry-run")
    assert (json.loads(dry.stdout), dry.stderr) == ({"id": ticket, "customer_reference": "B"}, "Nothing was sent.\n")
    assert customer.tickets.get(ticket).customer_reference == "A"
    done = hands("ticket", "update", ticket, "--reference", "B", "--notify", "c@d.example", "--notify", "e@f.example")
    told = json.loads(done.stdout)
    assert (told["customer_reference"], told["notification_recipients"]) == ("B", "c@d.example, e@f.example")
    assert json.loads(hands("ticket", "update", ticket, "--notify", "").stdout)["notification_recipients"] == ""
    nothing = hands("ticket", "update", ticket)
    assert (nothing.returncode, nothing.stderr.count("\n")) == (2, 1)


def test_comment(hands: Hands, ticket: str, customer: Client) -> None:
    assert hands("ticket", "comment", ticket, "Dry", "--dry-run").stderr == "Nothing was sent.\n"
    assert json.loads(hands("ticket", "comment", ticket, "One").stdout)["commented_by"] == "Ada Example"
    assert hands("ticket", "comment", ticket, "--file", "-", given="Two\nlines").returncode == 0
    assert [one.comment for one in customer.tickets.get(ticket).comments] == ["One", "Two\nlines"]
    assert hands("ticket", "comment", ticket).stderr == "TEXT is missing.\n"
    assert hands("ticket", "comment", ticket, " ").returncode == 2
    assert hands("ticket", "comment", ticket, "x" * 4097).returncode == 2


def test_cancel(hands: Hands, ticket: str, customer: Client) -> None:
    dry = hands("ticket", "cancel", ticket, "--dry-run")
    assert json.loads(dry.stdout) == {"id": ticket, "cancel_reason": "Request no longer needed"}
    assert customer.tickets.get(ticket).status == "New"
    done = hands("ticket", "cancel", ticket, "--reason", "Duplicate request")
    assert json.loads(done.stdout)["message"].startswith("We have received your request for cancellation")
    assert customer.tickets.get(ticket).cancel_reason == "Duplicate request"
    again = hands("ticket", "cancel", ticket)
    assert again.returncode == 5
    assert again.stderr == "The requested operation is not permitted for the status 'Cancellation Requested'.\n"


def test_cancel_is_asked_about_where_a_person_sits(terminal: AtTerminal, ticket: str, customer: Client) -> None:
    shown = terminal("ticket", "cancel", ticket)
    shown.expect(f"{ticket} at PHX015, New: Reboot the firewall in rack 7. Cancel it?")
    shown.answer("n")
    shown.expect("Nothing was sent.")
    assert shown.end() == 0
    assert customer.tickets.get(ticket).status == "New"
    sure = terminal("ticket", "cancel", ticket, "--yes")
    sure.expect("We have received your request")
    assert sure.end() == 0
    assert customer.tickets.get(ticket).status == "Cancellation Requested"


def test_watch_shows_a_ticket_changing(
    terminal: AtTerminal, ticket: str, customer: Client, dora_does: Callable[[str, str], None]
) -> None:
    shown = terminal("ticket", "watch", ticket, "--every", "0.1")
    shown.expect(f"{ticket}  New  Reboot the firewall in rack 7")
    dora_does("start", ticket)
    shown.expect("In Progress")
    customer.tickets.comment(ticket, "The code is 4711.\x1b[2J")
    shown.expect("Ada Example: The code is 4711.\\x1b[2J")
    customer.tickets.update(ticket, customer_reference="B")
    shown.expect("customer reference: B")
    dora_does("complete", ticket)
    shown.expect("Completed")
    assert shown.end() == 0


def test_watch_for_a_program(hands: Hands, ticket: str, dora_does: Callable[[str, str], None]) -> None:
    dora_does("cancel", ticket)
    assert json.loads(hands("ticket", "watch", ticket).stdout)["status"] == "Cancelled"
    assert hands("ticket", "watch", ticket, "-o", "yaml").stdout.startswith("---\nid: WO")


def test_an_interrupted_watch(terminal: AtTerminal, ticket: str) -> None:
    shown = terminal("ticket", "watch", ticket)
    shown.expect("New")
    shown.interrupt()
    shown.expect("Interrupted.")
    assert shown.end() == 1
