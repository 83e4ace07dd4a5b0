"""The first calls, for a shell and for Python: token, accounts, a ticket, what became of it."""

import json
import shlex

import msgspec

from remotehandsd.web.developer.own import Own
from remotehandsd.web.developer.samples import client

TICKET = {
    "title": "Reboot the firewall in rack 7",
    "requestType": "Urgent Work",
    "category": "Power cycle or reboot",
}


class Step(msgspec.Struct, frozen=True):
    """One step: `key` names it among the texts."""

    key: str
    shell: str
    python: str


def of_customers(own: Own) -> list[Step]:
    """Return a customer's first calls."""
    bearer = '-H "Authorization: Bearer $TOKEN"'
    pair = f"""-H {_quoted(f"Master-Account-Id: {own.master_id}")} \\
  -H {_quoted(f"Account-Id: {own.account_id}")}"""
    ticket = json.dumps({"title": TICKET["title"], "site": own.site, **TICKET}, indent=2)
    tickets = _quoted(f"{own.base}/v1/remotehands-tickets")
    return [
        Step("token", _token(own), client(own)),
        Step(
            "accounts",
            f"curl -sS {_quoted(f'{own.base}/v1/accounts')} \\\n  {bearer}",
            "for account in client.accounts():\n    print(account.account_id, account.account_name)",
        ),
        Step(
            "create",
            f"""TICKET=$(curl -sS {tickets} \\
  {bearer} \\
  {pair} \\
  -H 'Content-Type: application/json' \\
  -d {_quoted(ticket)} \\
  | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
echo "$TICKET\"""",
            f"""ticket = client.tickets.create(
    title={TICKET["title"]!r},
    site={own.site!r},
    request_type={TICKET["requestType"]!r},
    category={TICKET["category"]!r},
)
print(ticket.id)""",
        ),
        Step(
            "read",
            f"""curl -sS {tickets}/"$TICKET" \\
  {bearer} \\
  {pair}""",
            "ticket = client.tickets.get(ticket.id)\nprint(ticket.status)",
        ),
    ]


def of_staff(own: Own) -> list[Step]:
    """Return the first calls of a program of the operator's."""
    queue = f"{own.base}/operator/v1/tickets"
    return [
        Step(
            "token",
            _token(own),
            f"""import httpx

answer = httpx.post(
    {f"{own.base}/v2/auth/token"!r},
    data={{
        "grant_type": "client_credentials",
        "client_id": {own.client_id!r},
        "client_secret": {own.client_secret!r},
    }},
)
token = answer.raise_for_status().json()["access_token"]""",
        ),
        Step(
            "queue",
            f"""curl -sS {_quoted(queue)} \\
  -H "Authorization: Bearer $TOKEN\"""",
            f"""queue = httpx.get({queue!r}, headers={{"Authorization": f"Bearer {{token}}"}})
for ticket in queue.raise_for_status().json()["content"]:
    print(ticket["id"], ticket["title"])""",
        ),
    ]


def _token(own: Own) -> str:
    return f"""TOKEN=$(curl -sS {_quoted(f"{own.base}/v2/auth/token")} \\
  -d grant_type=client_credentials \\
  --data-urlencode {_quoted(f"client_id={own.client_id}")} \\
  --data-urlencode {_quoted(f"client_secret={own.client_secret}")} \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')"""


_quoted = shlex.quote
