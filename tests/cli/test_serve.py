"""`remotehandsd serve` as a user starts it: its greeting, its end, its logs, its robot, its crashes."""

import asyncio
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from cast import OPENING, Server
from remotehandsd.app import opened_house
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT

SECRET = "secret-of-{}-0123456789abcdef-0123"
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
Serve = Callable[..., Server]


def _client(server: Server, name: str = "ada", secret: str | None = None) -> httpx.Client:
    form = {
        "grant_type": "client_credentials",
        "client_id": name,
        "client_secret": secret or SECRET.format(name),
    }
    answer = httpx.post(f"{server.url}/v2/auth/token", data=form)
    assert answer.status_code == 200, answer.text
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}", **PAIR}
    return httpx.Client(base_url=server.url, headers=headers, timeout=30)


def _lines(server: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def test_the_playground_greets_with_values_that_work(serve: Serve, environment: dict[str, str]) -> None:
    server = serve("--playground")
    said = server.output
    told = dict(line.strip().split(None, 2)[::2] for line in said.splitlines() if line.startswith("  client"))
    assert set(told) == {"client"}
    secret = next(line.split()[-1] for line in said.splitlines() if "client secret" in line)
    assert f"{server.url}/" in said
    assert environment["REMOTEHANDS_DATA"] in said
    with _client(server, "playground-ada", secret) as ada:
        assert ada.get("/v1/sites").status_code == 200
    curl = said[said.index("  curl ") :].replace("\\\n", " ")
    answer = subprocess.run(["bash", "-c", curl.strip()], capture_output=True, text=True, timeout=20, check=True)
    assert json.loads(answer.stdout)["token_type"] == "BearerToken"
    world = Path(environment["REMOTEHANDS_DATA"], "playground.toml")
    assert world.stat().st_mode & 0o777 == 0o600
    assert secret in world.read_text()
    page = httpx.get(server.url).text
    assert secret in page
    assert server.end() == 0
    again = serve("--playground")
    assert secret in again.output, "a second start keeps the world that was made"


def test_it_ends_well(house: House, serve: Serve) -> None:
    """On SIGTERM: 503 on /readyz, what runs is finished, exit 0."""
    server = serve()
    with _client(server) as ada:
        id_ = ada.post("/v1/remotehands-tickets", json=OPENING).json()["id"]
    may_end = threading.Event()

    def slow() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nfirst half, '
        may_end.wait(15)
        yield b"second half\r\n--b--\r\n"

    answers: list[httpx.Response] = []

    def upload() -> None:
        with _client(server) as ada:
            answers.append(
                ada.post(
                    f"/v1/attachments?requestId={id_}&file_name=slow",
                    content=slow(),
                    headers={"Content-Type": "multipart/form-data; boundary=b"},
                )
            )

    thread = threading.Thread(target=upload)
    thread.start()
    time.sleep(0.5)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(1.5)
    assert server.process.poll() is None
    assert httpx.get(f"{server.url}/readyz").status_code == 503
    may_end.set()
    thread.join(20)
    assert answers[0].status_code == 200
    assert answers[0].json()["hash"] == hashlib.sha256(b"first half, second half").hexdigest()
    assert server.process.wait(20) == 0


def test_ctrl_c_ends_it_with_0_too(house: House, serve: Serve) -> None:
    assert serve().end(signal.SIGINT) == 0


def test_an_idle_server_says_that_it_is_draining(house: House, serve: Serve) -> None:
    server = serve()
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert httpx.get(f"{server.url}/readyz").status_code == 503
    assert server.process.wait(10) == 0


def test_a_port_that_is_taken(serve: Serve, command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("serve", "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "Cannot listen on 127.0.0.1" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.engine("sqlite")
def test_more_workers_need_another_database(command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = command("serve", "--workers", "2")
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr


def test_logs_are_json_with_correlation_ids_and_hold_no_secret(house: House, serve: Serve) -> None:
    server = serve()
    form = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": SECRET.format("ada")}
    tokens = [
        httpx.post(f"{server.url}{path}", data=form).json()["access_token"]
        for path in ("/v2/auth/token", "/oauth2/token")
    ]
    httpx.post(f"{server.url}/oauth2/token", data={"grant_type": "client_credentials"}, auth=("ada", "wrong-secret-1"))
    httpx.post(f"{server.url}/v2/auth/token", data=form | {"client_secret": "wrong-secret-2"})
    headers = {"Authorization": f"Bearer {tokens[0]}", **PAIR}
    failed = httpx.get(f"{server.url}/v1/remotehands-tickets/WO7568?token={tokens[1]}", headers=headers)
    httpx.get(f"{server.url}/v1/sites", headers={"Authorization": "Bearer garbage-token"})
    httpx.get(f"{server.url}/{tokens[0]}")
    httpx.get(f"{server.url}/v1/remotehands-tickets/{tokens[0]}", headers=headers)
    httpx.post(
        f"{server.url}/v1/remotehands-tickets", headers=headers, json=OPENING | {"title": "what the customer wrote"}
    )
    assert server.end() == 0
    lines = _lines(server)
    assert all("timestamp" in line and "level" in line for line in lines)
    wanted = failed.json()["error"]["correlationId"]
    [line] = [line for line in lines if line.get("correlation_id") == wanted]
    assert (line["status"], line["route"], line["client_id"]) == (404, "/v1/remotehands-tickets/{id}", "ada")
    text = server.log.read_text()
    for secret in (*tokens, SECRET.format("ada"), "wrong-secret", "garbage-token", "what the customer wrote"):
        assert secret not in text
        assert secret[:20] not in text


def test_the_robot_lives_a_tickets_whole_life(serve: Serve, environment: dict[str, str]) -> None:
    environment["REMOTEHANDS_ROBOT_SECONDS"] = "0.5"
    server = serve("--playground")
    secret = next(line.split()[-1] for line in server.output.splitlines() if "client secret" in line)
    with _client(server, "playground-ada", secret) as ada:

        def opens(title: str, *, cancelled: bool) -> str:
            id_ = str(ada.post("/v1/remotehands-tickets", json=OPENING | {"title": title}).json()["id"])
            if cancelled:
                assert ada.put(f"/v1/remotehands-tickets/{id_}/cancel").status_code == 200
            return id_

        done, granted, refused = (
            opens("plain", cancelled=False),
            opens("call me off", cancelled=True),
            opens("It is Too Late for this", cancelled=True),
        )
        ends = {done: "Completed", granted: "Cancelled", refused: "Completed"}
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            tickets = {id_: ada.get(f"/v1/remotehands-tickets/{id_}").json() for id_ in ends}
            if all(tickets[id_]["status"] == status for id_, status in ends.items()):
                break
            time.sleep(0.2)
        assert {id_: ticket["status"] for id_, ticket in tickets.items()} == ends
        assert [one["commentedBy"] for one in tickets[done]["comments"]] == ["Robot Technician"]
        assert tickets[refused]["comments"][0]["comment"] == "The work is too far along to be called off."
        assert tickets[refused]["cancelReason"] is None


def test_the_robot_leaves_other_environments_alone(house: House, serve: Serve, environment: dict[str, str]) -> None:
    environment["REMOTEHANDS_ROBOT_SECONDS"] = "0.2"
    server = serve("--playground")
    with _client(server, "pia") as pia, _client(server, "ada") as ada:
        true = pia.post("/v1/remotehands-tickets", json=OPENING).json()["id"]
        pretended = ada.post("/v1/remotehands-tickets", json=OPENING).json()["id"]
        deadline = time.monotonic() + 20
        while ada.get(f"/v1/remotehands-tickets/{pretended}").json()["status"] != "Completed":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert pia.get(f"/v1/remotehands-tickets/{true}").json()["status"] == "New"


def test_a_gigabyte_goes_up_and_down_in_flat_memory(house: House, serve: Serve, tmp_path: Path) -> None:
    server = serve("--no-worker")
    process = psutil.Process(server.process.pid)
    piece = os.urandom(1 << 20)
    pieces = 1023
    size = len(piece) * pieces

    def body() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
        for _ in range(pieces):
            yield piece
        yield b"\r\n--b--\r\n"

    whole = hashlib.sha256()
    for _ in range(pieces):
        whole.update(piece)
    before = process.memory_info().rss
    most = [before]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most.append(process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with _client(server) as ada:
            ada.timeout = 120
            id_ = ada.post("/v1/remotehands-tickets", json=OPENING).json()["id"]
            answer = ada.post(
                f"/v1/attachments?requestId={id_}&file_name=large.bin",
                content=body(),
                headers={"Content-Type": "multipart/form-data; boundary=b"},
            )
            assert answer.status_code == 200, answer.text
            assert answer.json()["hash"] == whole.hexdigest()
            back, got = hashlib.sha256(), 0
            with ada.stream("GET", f"/v1/attachments/{id_}/file/{answer.json()['id']}") as download:
                for chunk in download.iter_bytes():
                    back.update(chunk)
                    got += len(chunk)
            assert got == size
            assert back.digest() == whole.digest()
    finally:
        done.set()
        watcher.join()
    assert max(most) - before < 40_000_000


def test_twenty_kills_under_load_lose_nothing(house: House, serve: Serve) -> None:
    """Every ticket that was acknowledged is there afterwards, whole; the server starts by itself each time."""
    acknowledged: dict[str, str] = {}
    dice = random.Random(7)  # noqa: S311
    for round_ in range(20):
        server = serve("--no-worker")
        asyncio.run(_load_until_killed(server, acknowledged, dice.randint(6, 100), round_))
    server = serve("--no-worker")
    with _client(server) as ada:
        found: dict[str, dict[str, Any]] = {}
        page = 0
        while True:
            body = ada.get(f"/v1/remotehands-tickets?size=1000&page={page}").json()
            found |= {item["id"]: item for item in body["content"]}
            page += 1
            if body["pageable"]["last"]:
                break
        assert len(found) == body["pageable"]["totalElements"]
        assert len(acknowledged) > 20 * 5
        for id_, title in acknowledged.items():
            assert found[id_]["title"] == title
    assert server.end() == 0
    torn = asyncio.run(_torn(house))
    assert torn == []


async def _load_until_killed(server: Server, acknowledged: dict[str, str], more: int, round_: int) -> None:
    form = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": SECRET.format("ada")}
    async with httpx.AsyncClient(base_url=server.url) as web:
        token = (await web.post("/v2/auth/token", data=form)).json()["access_token"]
        web.headers.update({"Authorization": f"Bearer {token}", **PAIR})

        async def create(line: int) -> None:
            number = 0
            while True:
                title = f"round {round_} line {line} number {number}"
                try:
                    answer = await web.post("/v1/remotehands-tickets", json=OPENING | {"title": title})
                except httpx.TransportError:
                    return
                assert answer.status_code == 201
                acknowledged[answer.json()["id"]] = title
                number += 1

        lines = [asyncio.create_task(create(line)) for line in range(8)]
        enough = len(acknowledged) + more
        while len(acknowledged) < enough and not any(line.done() for line in lines):
            await asyncio.sleep(0.002)
        server.kill()
        await asyncio.gather(*lines)


async def _torn(house: House) -> list[Any]:
    """Return tickets without exactly one event of creation, and events without a ticket."""
    async with opened_house(house.settings) as looking, looking.db.read(EVERY_TENANT) as tx:
        return await tx.all(
            """
            SELECT t.number, COUNT(e.id) FROM tickets t
            LEFT JOIN events e ON e.ticket = t.number AND e.type = 'ticket.created'
            GROUP BY t.number HAVING COUNT(e.id) <> 1
            UNION ALL
            SELECT e.ticket, 0 FROM events e LEFT JOIN tickets t ON t.number = e.ticket
            WHERE e.ticket IS NOT NULL AND t.number IS NULL
            """
        )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("REMOTEHANDS_NONSENSE", "1", "no such setting"),
        ("REMOTEHANDS_TOKEN_SECONDS", "soon", "whole number"),
        ("REMOTEHANDS_MASTER_KEY", "short", "REMOTEHANDS_MASTER_KEY: is not base64"),
        ("REMOTEHANDS_DATABASE_URL", "mysql://x", "must be sqlite:///path or postgresql://"),
    ],
)
def test_wrong_settings_are_clear_lines(
    command: Callable[..., subprocess.CompletedProcess[str]], name: str, value: str, words: str
) -> None:
    done = command("serve", "--port", "0", **{name: value})
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


ISSUER = "/.well-known/oauth-authorization-server"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"], ids=["loopback", "everywhere"])  # noqa: S104 - for a moment
async def test_a_playground_on_another_port_names_that_port(serve: Callable[..., Server], host: str) -> None:
    server = serve("--playground", "--host", host)
    reached = server.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 - for a moment
    found = httpx.get(f"{reached}{ISSUER}").json()
    assert found["issuer"] == reached
    assert found["token_endpoint"] == f"{reached}/oauth2/token"


async def test_an_address_that_is_given_stays(serve: Callable[..., Server], environment: dict[str, str]) -> None:
    given = "https://hands.example.com"
    environment["REMOTEHANDS_PUBLIC_URL"] = given
    server = serve("--playground")
    assert httpx.get(f"{server.url}{ISSUER}").json()["issuer"] == given


async def test_a_server_without_a_playground_keeps_to_the_default(serve: Callable[..., Server]) -> None:
    assert httpx.get(f"{serve().url}{ISSUER}").json()["issuer"] == "http://127.0.0.1:8000"


@pytest.mark.engine("sqlite")
async def test_a_folder_has_one_server(serve: Callable[..., Server], environment: dict[str, str]) -> None:
    first = serve()
    second = serve(wait=False)
    assert second.process.wait(30) == 1
    assert second.log.read_text() == (
        f"{environment['REMOTEHANDS_DATA']} is served already, by process {first.process.pid}.\n"
        "Stop that one first, or give this one another folder: REMOTEHANDS_DATA.\n"
    )
    assert httpx.get(f"{first.url}/readyz").status_code == 200
    first.kill()
    assert httpx.get(f"{serve().url}/readyz").status_code == 200, "what was killed holds nothing"
