"""What is measured: each call's bytes, the status that it is answered with, and its goal."""

from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from benchmarks import servers
from benchmarks.servers import Home
from remotehandsd.cli.fabricate import account_id, master_id

CLIENT, DESK = "bench", "bench-desk"
SECRET = "made-up-secret-of-the-benchmark-0123456789"
LARGE, MIDDLE, WRITTEN = 1, 2, 3
"""Made-up accounts: the first has a tenth of the tickets. What is created goes to one that is not listed."""
MANY = range(4, 36)
"""Made-up accounts that are written to side by side."""
COMMENTED = 32
"""Tickets that share the comments."""

WORLD = f"""
environment = "playground"

[[users]]
email = "bench@example.com"
name = "Bench Example"
accounts = {[account_id(place) for place in (LARGE, MIDDLE, WRITTEN, *MANY)]}
permissions = ["Service Tickets-Remote Hands"]

[[staff]]
email = "desk@example.com"
name = "Desk Example"
roles = ["technician"]

[[apps]]
name = "bench"
user = "bench@example.com"
client_id = "{CLIENT}"
client_secret = "{SECRET}"

[[apps]]
name = "desk"
user = "desk@example.com"
client_id = "{DESK}"
client_secret = "{SECRET}"
"""

TICKETS = "/v1/remotehands-tickets"
OPENING = {
    "title": "Test the patch to switch 2",
    "requestType": "Urgent Work",
    "category": "Equipment troubleshoot or replacement",
    "location": "Hall A",
    "detailedInstruction": "Please reseat the optic in port 12",
    "customerReference": "REF05678",
}
COMMENT = "Please use the spare optic that lies on top of the switch."


HELLO, HELLOS = "hello, 1 process", "hello, 2 processes"
SELECT, INSERT, CREATE = "pgbench select", "pgbench insert", "pgbench create"
"""The floors; the last one is what our own create says to the database, said by pgbench."""
GOALS = {
    "sqlite": {
        "categories": {HELLO: 0.45},
        "get one": {HELLO: 0.3},
        "list": {HELLO: 0.12},
        "create": {HELLO: 0.12},
    },
    "postgres": {
        "get one": {HELLO: 0.15, SELECT: 0.15},
        "create": {INSERT: 0.4},
    },
}
"""For an engine, by the beginning of a call's name: the least fraction of each floor's rate."""


class Measured(msgspec.Struct, frozen=True):
    """One call."""

    name: str
    requests: list[bytes]
    status: int = 200


def add_people(home: Home) -> None:
    """Let an app act for the accounts that are used, and another one at the desk."""
    file = home.folder / "world.toml"
    file.write_text(WORLD)
    servers.run(home, "load", str(file))


def token_form(client: str = CLIENT) -> bytes:
    """Return the body that asks for a token."""
    return f"grant_type=client_credentials&client_id={client}&client_secret={SECRET}".encode()


def signed_in(url: str, client: str = CLIENT) -> str:
    """Return a token."""
    form = httpx.post(
        f"{url}/v2/auth/token",
        content=token_form(client),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    form.raise_for_status()
    return str(form.json()["access_token"])


class Caller:
    """An app with its token."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    def request(self, method: str, path: str, body: object = None) -> bytes:
        """Return a request as it goes over the wire."""
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"host": "127.0.0.1", "accept": "application/json", **self._headers}
        if content:
            headers |= {"content-type": "application/json", "content-length": str(len(content))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content

    def does(self, method: str, path: str, body: object = None, web: httpx.Client | None = None) -> Any:
        """Do it once and return the answer's body; by `web`, a client that keeps its connection, if it is given."""
        ask = web.request if web else httpx.request
        answer = ask(method, self._url + path, json=body, headers=self._headers, timeout=60)
        answer.raise_for_status()
        return answer.json()


class Customer(Caller):
    """The customers' app with its token, on one account."""

    def __init__(self, url: str, token: str, place: int) -> None:
        super().__init__(url, token)
        self._headers |= {"Master-Account-Id": master_id(place), "Account-Id": account_id(place)}

    def opening(self) -> dict[str, str]:
        """Return the fields of a new ticket at one of the account's sites."""
        return OPENING | {"site": self.does("GET", "/v1/sites")[0]["site"]}

    def opens(self, comments: int = 0) -> str:
        """Open a ticket, write on it, and return its id."""
        id_ = str(self.does("POST", TICKETS, self.opening())["id"])
        for number in range(comments):
            self.does("POST", "/v1/comments", {"requestId": id_, "comment": f"{COMMENT} ({number + 1})"})
        return id_

    def completed(self) -> str:
        """Return the path of the newest completed tickets of the account."""
        return f"{TICKETS}?size=25&page=0&status={quote('Completed')}"

    def how_many(self) -> int:
        """Return how many tickets the account has."""
        return int(self.does("GET", f"{TICKETS}?size=1")["pageable"]["totalElements"])


def calls(url: str) -> list[Measured]:
    """Return what is measured, after making the tickets that it needs."""
    token = signed_in(url)
    large, middle, written = (Customer(url, token, place) for place in (LARGE, MIDDLE, WRITTEN))
    with_comments = large.opens(comments=3)
    commented = [written.opens() for _ in range(COMMENTED)]
    asked = f"POST /v2/auth/token HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(token_form())}\r\n"
    return [
        Measured("categories", [large.request("GET", f"{TICKETS}/categories")]),
        Measured("get one, 3 comments", [large.request("GET", f"{TICKETS}/{with_comments}")]),
        Measured(f"list 25 of {large.how_many():,}", [large.request("GET", large.completed())]),
        Measured(f"list 25 of {middle.how_many():,}", [middle.request("GET", middle.completed())]),
        Measured("create", [written.request("POST", TICKETS, written.opening())], 201),
        Measured(
            "comment",
            [written.request("POST", "/v1/comments", {"requestId": id_, "comment": COMMENT}) for id_ in commented],
        ),
        Measured(
            "token",
            [
                f"{asked}content-type: application/x-www-form-urlencoded\r\n\r\n".encode() + token_form(),
            ],
        ),
    ]


def creates(url: str) -> list[Measured]:
    """Return the same creating twice: everybody on one account, and everybody on an account of his own."""
    token = signed_in(url)
    hot = Customer(url, token, WRITTEN)
    spread = [Customer(url, token, place) for place in MANY]
    return [
        Measured("create on one account", [hot.request("POST", TICKETS, hot.opening())], 201),
        Measured(
            f"create on {len(spread)} accounts", [one.request("POST", TICKETS, one.opening()) for one in spread], 201
        ),
    ]
