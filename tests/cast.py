"""Who appears in the tests, and how they speak to the server."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

WORLDS = sorted((Path(__file__).parent / "worlds").glob("*.toml"))

OPENING = {
    "title": "Reboot the firewall in rack 7",
    "site": "PHX015",
    "requestType": "Urgent Work",
    "category": "Power cycle or reboot",
}
"""The least that a ticket needs."""


class Person:
    """Somebody with a token; a customer also sends the pair of account headers."""

    def __init__(self, web: httpx.AsyncClient, token: str, pair: tuple[str, str] | None) -> None:
        self.web = web
        self.token = token
        self.headers = {"Authorization": f"Bearer {token}"}
        if pair:
            self.headers |= {"Master-Account-Id": pair[0], "Account-Id": pair[1]}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return await self.request("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return await self.request("POST", path, json=json, **more)

    async def put(self, path: str, json: Any = None, **more: Any) -> httpx.Response:
        return await self.request("PUT", path, json=json, **more)

    async def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        return await self.web.request(method, path, headers=self.headers | (headers or {}), **more)

    async def opens(self, **fields: Any) -> str:
        """Open a ticket and return its id."""
        answer = await self.post("/v1/remotehands-tickets", OPENING | fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def ticket(self, id_: str) -> dict[str, Any]:
        answer = await self.get(f"/v1/remotehands-tickets/{id_}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def cancels(self, id_: str) -> httpx.Response:
        return await self.put(f"/v1/remotehands-tickets/{id_}/cancel", {})

    async def comments(self, id_: str, text: str) -> httpx.Response:
        return await self.post("/v1/comments", {"requestId": id_, "comment": text})

    async def attaches(self, id_: str, content: bytes, name: str = "report.txt") -> httpx.Response:
        return await self.request(
            "POST",
            "/v1/attachments",
            params={"requestId": id_, "file_name": name},
            files={"file": (name, content, "text/plain")},
        )


class Desk:
    """A member of the operator's staff."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.headers = person.headers
        self.get = person.get
        self.post = person.post

    async def does(self, move: str, id_: str, body: Any = None) -> httpx.Response:
        """Make a move such as `start` on a ticket."""
        return await self.person.post(f"/operator/v1/tickets/{id_}/{move}", body)

    async def sees(self, id_: str) -> dict[str, Any]:
        answer = await self.person.get(f"/operator/v1/tickets/{id_}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


def message(answer: httpx.Response, status: int = 400) -> str:
    """Return the message of the family's error envelope, after a look at its shape."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert list(answer.json()) == ["error"]
    assert list(error) == ["correlationId", "type", "message"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", error["correlationId"])
    assert error["type"] == ("client" if status < 500 else "server")
    return str(error["message"])


class Server:
    """`remotehandsd serve` in a process of its own, on a free port."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        data = Path(environment["REMOTEHANDS_DATA"])
        data.mkdir(parents=True, exist_ok=True)
        self.log = data.parent / f"server-{time.monotonic_ns()}.log"
        self._out = data.parent / f"{self.log.stem}.out"
        with self.log.open("w") as err, self._out.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "remotehandsd", "serve", "--port", "0", *options],
                env={"PATH": os.environ["PATH"], **environment},
                stdout=out,
                stderr=err,
            )
        self.url = ""

    @property
    def output(self) -> str:
        return self._out.read_text()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log.read_text()}")
            found = re.search(r"http://\S+", self.output)
            if found:
                self.url = found[0]
                with suppress(httpx.TransportError):
                    if httpx.get(f"{self.url}/readyz").status_code == 200:
                        return
            time.sleep(0.02)
        raise AssertionError("the server did not get ready")

    def end(self, number: int = signal.SIGTERM, wait: float = 30) -> int:
        """Ask the server to end and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(wait)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
