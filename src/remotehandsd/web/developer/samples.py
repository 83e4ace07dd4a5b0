"""An operation as a `curl` and as Python, with the reader's own values."""

import json
import re
import shlex
from collections.abc import Callable
from typing import Any

from remotehandsd.web.developer.described import Operation
from remotehandsd.web.developer.own import Own
from remotehandsd.web.pages import segment

ID, FILE_ID = "WO1000001", "a0b1c2d3e4f5061728394a5b6c7d8e9f"
STANDING = {"id": ID, "file_id": FILE_ID, "fileId": FILE_ID, "requestId": ID, "file_name": "rack-7.jpg"}


def values_of(operation: Operation, own: Own) -> dict[tuple[str, str], str]:
    """Return a value for each parameter that is needed, by where it goes and its name."""
    known = {
        **(STANDING if operation.part != "api" else {}),
        "Master-Account-Id": own.master_id,
        "Account-Id": own.account_id,
        "site": own.site,
    }
    return {
        (one["in"], one["name"]): known.get(one["name"]) or str((one["schema"].get("examples") or ["..."])[0])
        for one in operation.parameters
        if one["required"]
    }


def body_of(operation: Operation, own: Own) -> Any:
    """Return an example of what is sent, at a site of the reader's."""
    if operation.body is None:
        return None
    example = operation.body[1].get("example")
    if isinstance(example, dict):
        known = {"site": own.site, "requestId": ID}
        return {name: known.get(name, value) for name, value in example.items()}
    return example


def address_of(operation: Operation, own: Own) -> str:
    """Return the whole address, with the query that is needed."""
    values = values_of(operation, own)
    path = re.sub(r"\{(\w+)\}", lambda found: segment(values["path", found[1]]), operation.path)
    query = [f"{segment(name)}={segment(value)}" for (where, name), value in values.items() if where == "query"]
    return f"{own.base}{path}" + (f"?{'&'.join(query)}" if query else "")


def curl(operation: Operation, own: Own) -> str:
    """Return the operation for a shell in which `TOKEN` holds a token."""
    lines = [f"curl -sS {shlex.quote(address_of(operation, own))}"]
    if operation.method not in {"GET", "POST"}:
        lines[0] = f"curl -sS -X {operation.method} {shlex.quote(address_of(operation, own))}"
    if operation.needs_token:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    lines += [
        f"-H {shlex.quote(f'{name}: {value}')}"
        for (where, name), value in values_of(operation, own).items()
        if where == "header"
    ]
    lines += _sent(operation, own)
    if operation.method == "POST" and not _sent(operation, own):
        lines.insert(1, "-X POST")
    return " \\\n  ".join(lines)


def _sent(operation: Operation, own: Own) -> list[str]:
    match operation.body:
        case None:
            return []
        case "application/x-www-form-urlencoded", _:
            of_app = (("client_id", own.client_id), ("client_secret", own.client_secret))
            pairs = (("grant_type", "client_credentials"), *of_app)
            return [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in pairs]
        case "multipart/form-data", _:
            return ["-F 'file=@rack-7.jpg'"]
        case _:
            sent = json.dumps(body_of(operation, own), indent=2, ensure_ascii=False)
            return ["-H 'Content-Type: application/json'", f"-d {shlex.quote(sent)}"]


def client(own: Own) -> str:
    """Return how the published client is made; it fetches and renews tokens by itself."""
    return "\n".join(
        (
            "from remotehands import Client",
            "",
            "client = Client(",
            f"    base_url={own.base!r},",
            f"    client_id={own.client_id!r},",
            f"    client_secret={own.client_secret!r},",
            f"    account={own.account_id!r},",
            ")",
        )
    )


def _keywords(fields: dict[str, Any]) -> str:
    return "".join(f"    {_snake(name)}={value!r},\n" for name, value in fields.items())


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _created(operation: Operation, own: Own) -> str:
    return f"ticket = client.tickets.create(\n{_keywords(body_of(operation, own))})\nprint(ticket.id, ticket.status)"


def _updated(operation: Operation, own: Own) -> str:
    return f"client.tickets.update(\n    {ID!r},\n{_keywords(body_of(operation, own))})"


WITH_CLIENT: dict[str, str | Callable[[Operation, Own], str]] = {
    "issueToken": "# The client fetches a token with its first call, and another one in time.",
    "issueStandardToken": "# The client fetches a token with its first call, and another one in time.",
    "listAccounts": "for account in client.accounts():\n    print(account.account_id, account.account_name)",
    "listSites": "for site in client.sites():\n    print(site.site, site.city)",
    "listLocations": lambda _, own: f"for one in client.locations({own.site!r}):\n    print(one.location)",
    "listCategories": "for one in client.categories():\n    print(one.request_type, one.category)",
    "createTicket": _created,
    "listTickets": "for ticket in client.tickets.list(status='In Progress'):\n    print(ticket.id, ticket.title)",
    "getTicket": f"ticket = client.tickets.get({ID!r})\nprint(ticket.status, ticket.comments)",
    "updateTicket": _updated,
    "cancelTicket": f"print(client.tickets.cancel({ID!r}, 'Duplicate request'))",
    "createComment": f"client.tickets.comment({ID!r}, 'The door code is 4711.')",
    "listComments": f"for comment in client.tickets.get({ID!r}).comments:\n    print(comment.comment)",
    "createAttachment": f"client.tickets.attach({ID!r}, 'rack-7.jpg')",
    "listAttachments": f"for file in client.tickets.attachments({ID!r}):\n    print(file.id, file.filename)",
    "getFile": f"client.tickets.download({ID!r}, {FILE_ID!r}, '.')",
}
"""The customers' operations in the published client's words; any other is shown as plain HTTP."""


def python(operation: Operation, own: Own) -> str:
    """Return the operation in Python: by the published client where it has it, else by `httpx`."""
    words = WITH_CLIENT.get(operation.given["operationId"]) if operation.part == "customers" else None
    if words is None:
        return _by_httpx(operation, own)
    return f"{client(own)}\n{words(operation, own) if callable(words) else words}"


def _by_httpx(operation: Operation, own: Own) -> str:
    headers = [
        f"        {name!r}: {value!r},"
        for (where, name), value in values_of(operation, own).items()
        if where == "header"
    ]
    if operation.needs_token:
        headers.insert(0, '        "Authorization": f"Bearer {token}",')
    sent = body_of(operation, own)
    token = ['token = "YOUR_TOKEN"'] if operation.needs_token else []
    lines = ["import httpx", "", *token, "answer = httpx.request(", f"    {operation.method!r},"]
    lines.append(f"    {address_of(operation, own)!r},")
    if headers:
        lines += ["    headers={", *headers, "    },"]
    if sent is not None:
        lines.append(f"    json={sent!r},")
    return "\n".join([*lines, ")", "answer.raise_for_status()", "print(answer.json())"])
