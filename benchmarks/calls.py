"""What is measured: each call's bytes, the status that it is answered with, and its goal."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from benchmarks import servers
from remotehandsd.cli.fabricate import account_id, master_id

CLIENT = "bench"
SECRET = "made-up-secret-of-the-benchmark-0123456789"
LARGE, MIDDLE, WRITTEN = 1, 2, 3
"""Made-up accounts: the first has a tenth of the tickets. What is created goes to one that is not listed."""
COMMENTED = 32
"""Tickets that share the comments."""

WORLD = f"""
environment = "playground"

[[users]]
email = "bench@example.com"
name = "Bench Example"
accounts = {[account_id(place) for place in (LARGE, MIDDLE, WRITTEN)]}
permissions = ["Service Tickets-Remote Hands"]

[[apps]]
name = "bench"
user = "bench@example.com"
client_id = "{CLIENT}"
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


class Measured(msgspec.Struct, frozen=True):
    """One call; `goal` is the least fraction of the floor's requests a second, 0 for none."""

    name: str
    requests: list[bytes]
    status: int = 200
    goal: float = 0


def add_people(folder: Path) -> None:
    """Let an app act for the accounts that are used."""
    file = folder / "world.toml"
    file.write_text(WORLD)
    servers.run(folder, "load", str(file))


def floor() -> Measured:
    """Return the call of the bare application."""
    return Measured("floor (hello)", [b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"])


def token_form() -> bytes:
    """Return the body that asks for a token."""
    return f"grant_type=client_credentials&client_id={CLIENT}&client_secret={SECRET}".encode()


class Customer:
    """The app with its token, on one account."""

    def __init__(self, url: str, token: str, place: int) -> None:
        self._pair = {"Master-Account-Id": master_id(place), "Account-Id": account_id(place)}
        self._headers = {"Authorization": f"Bearer {token}", **self._pair}
        self._url = url

    def request(self, method: str, path: str, body: object = None) -> bytes:
        """Return a request as it goes over the wire."""
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"host": "127.0.0.1", "accept": "application/json", **self._headers}
        if content:
            headers |= {"content-type": "application/json", "content-length": str(len(content))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content

    def does(self, method: str, path: str, body: object = None) -> Any:
        """Do it once and return the answer's body."""
        answer = httpx.request(method, self._url + path, json=body, headers=self._headers)
        answer.raise_for_status()
        return answer.json()

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
    form = httpx.post(
        f"{url}/v2/auth/token",
        content=token_form(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    form.raise_for_status()
    token = form.json()["access_token"]
    large, middle, written = (Customer(url, token, place) for place in (LARGE, MIDDLE, WRITTEN))
    with_comments = large.opens(comments=3)
    commented = [written.opens() for _ in range(COMMENTED)]
    asked = f"POST /v2/auth/token HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(token_form())}\r\n"
    return [
        Measured("categories", [large.request("GET", f"{TICKETS}/categories")], goal=0.45),
        Measured("get one, 3 comments", [large.request("GET", f"{TICKETS}/{with_comments}")], goal=0.3),
        Measured(f"list 25 of {large.how_many():,}", [large.request("GET", large.completed())], goal=0.12),
        Measured(f"list 25 of {middle.how_many():,}", [middle.request("GET", middle.completed())], goal=0.12),
        Measured("create", [written.request("POST", TICKETS, written.opening())], 201, 0.12),
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
