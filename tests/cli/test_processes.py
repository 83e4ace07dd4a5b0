"""`remotehandsd serve --workers N`: several server processes on one database, behind one address."""

import hashlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import pytest

from cast import OPENING, Server
from remotehandsd.house import House

pytestmark = pytest.mark.engine("postgres")

FORM = {
    "grant_type": "client_credentials",
    "client_id": "ada",
    "client_secret": "secret-of-ada-0123456789abcdef-0123",
}
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
RETIRED = """
environment = "playground"
[[apps]]
name = "tests"
user = "ada@example.com"
client_id = "ada"
retired = true
"""
Serve = Callable[..., Server]
Command = Callable[..., subprocess.CompletedProcess[str]]


OPEN: list[http.client.HTTPConnection] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


class Line:
    """One connection that is kept, so that one process answers all that is asked on it."""

    def __init__(self, server: Server) -> None:
        address = urlsplit(server.url)
        self._http = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        self._http.connect()
        OPEN.append(self._http)
        self.port = self._http.sock.getsockname()[1]

    def ask(self, path: str, *, token: str = "", form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {token}", **PAIR} if token else {}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._http.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = self._http.getresponse()
        return answer.status, answer.read().decode()

    def send(self, path: str) -> None:
        """Ask without waiting for the answer."""
        self._http.request("GET", path)

    def receive(self) -> tuple[int, str]:
        answer = self._http.getresponse()
        return answer.status, answer.read().decode()

    def token(self) -> str:
        status, text = self.ask("/v2/auth/token", form=FORM)
        assert status == 200, text
        return str(json.loads(text)["access_token"])


def pids(server: Server) -> list[int]:
    """Return the server's processes without their parent."""
    return sorted(child.pid for child in psutil.Process(server.process.pid).children(recursive=True))


def ports_of(pid: int) -> set[int]:
    """Return the clients' ends of a process's connections."""
    return {one.raddr.port for one in psutil.Process(pid).net_connections("tcp") if one.raddr}


def line_to_each(server: Server) -> dict[int, Line]:
    """Connect until there is a line to each process."""
    found: dict[int, Line] = {}
    for _ in range(64):
        line = Line(server)
        assert line.ask("/healthz")[0] == 200
        (pid,) = [pid for pid in pids(server) if line.port in ports_of(pid)]
        found.setdefault(pid, line)
        if len(found) == len(pids(server)):
            break
    return found


def lines(server: Server, event: str) -> list[dict[str, Any]]:
    """Return what was logged under this name."""
    return [line for line in map(json.loads, server.log.read_text().splitlines()) if line["event"] == event]


def waits(for_: Callable[[], Any], seconds: float = 10) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := for_()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != "zombie"
    except psutil.NoSuchProcess:
        return False


def are_gone(all_: list[int]) -> bool:
    return not any(map(lives, all_))


def figures(text: str) -> dict[str, float]:
    """Return the counters of requests from what /metrics said."""
    return {
        name: float(value)
        for name, value in re.findall(r"^(remotehands_request\S+(?:_total|_count|_bucket)\{.*\}) (\S+)$", text, re.M)
    }


class Upload(threading.Thread):
    """An upload that is in the middle until it is told to go on."""

    def __init__(self, server: Server, line: Line) -> None:
        super().__init__(daemon=True)
        self._token = line.token()
        self._server = server
        self.may_end = threading.Event()
        self.status = 0
        self.answer: dict[str, Any] = {}
        self.start()
        time.sleep(0.5)

    def _body(self) -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nfirst half, '
        self.may_end.wait(25)
        yield b"second half\r\n--b--\r\n"

    def run(self) -> None:
        address = urlsplit(self._server.url)
        web = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        headers = {"Authorization": f"Bearer {self._token}", **PAIR, "Content-Type": "application/json"}
        OPEN.append(web)
        web.request("POST", "/v1/remotehands-tickets", json.dumps(OPENING), headers)
        id_ = json.loads(web.getresponse().read())["id"]
        headers["Content-Type"] = "multipart/form-data; boundary=b"
        try:
            path = f"/v1/attachments?requestId={id_}&file_name=slow"
            web.request("POST", path, self._body(), headers, encode_chunked=True)
            answer = web.getresponse()
            self.status, self.answer = answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            self.status = -1


def test_every_process_serves_and_one_of_them_works(house: House, serve: Serve) -> None:
    server = serve("--workers", "3", "--playground")
    processes = pids(server)
    assert len(processes) == 3
    assert server.output.count("serves on") == 1
    by_pid = line_to_each(server)
    assert sorted(by_pid) == processes
    for pid, line in by_pid.items():
        assert line.ask("/readyz") == (200, '{"status":"ready"}')
        waits(lambda pid=pid: [one for one in lines(server, "request") if one["pid"] == pid])
    waits(lambda: len(lines(server, "takes over")) == 2)
    time.sleep(2.5)
    taken = lines(server, "takes over")
    assert sorted(line["name"] for line in taken) == ["robot", "timers"], "whoever asks after them is told no"
    assert {line["pid"] for line in taken} < set(processes)
    assert psutil.Process(server.process.pid).num_threads() == 1, "a fork leaves threads behind"
    assert server.end() == 0
    assert are_gone(processes)
    assert len(lines(server, "draining")) == 3


def test_without_the_worker_none_works(house: House, serve: Serve) -> None:
    server = serve("--workers", "2", "--no-worker")
    line_to_each(server)
    assert server.end() == 0
    assert lines(server, "takes over") == []


def test_tokens_are_good_everywhere_and_a_retired_app_nowhere(
    house: House, serve: Serve, command: Command, tmp_path: Path
) -> None:
    server = serve("--workers", "2")
    one, other = line_to_each(server).values()
    tokens = {line: line.token() for line in (one, other)}
    assert one.ask("/v1/sites", token=tokens[other])[0] == 200
    assert other.ask("/v1/sites", token=tokens[one])[0] == 200
    assert one.ask("/.well-known/jwks.json") == other.ask("/.well-known/jwks.json")

    retired = tmp_path / "retired.toml"
    retired.write_text(RETIRED)
    assert command("load", retired).returncode == 0
    time.sleep(5)
    for line in (one, other):
        assert {line.ask("/v1/sites", token=token)[0] for token in tokens.values()} == {401}
        assert line.ask("/v2/auth/token", form=FORM)[0] == 401


def test_it_ends_well(house: House, serve: Serve) -> None:
    """On SIGTERM every process says so on /readyz, what runs is finished, the exit code is 0."""
    server = serve("--workers", "2")
    by_pid = line_to_each(server)
    upload = Upload(server, next(iter(by_pid.values())))
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert [line.ask("/readyz")[0] for line in by_pid.values()] == [503, 503]
    waits(lambda: len(pids(server)) == 1)
    assert upload.status == 0, "whoever has nothing to finish need not wait"
    upload.may_end.set()
    assert server.process.wait(10) == 0
    upload.join()
    assert upload.status == 200
    assert upload.answer["hash"] == hashlib.sha256(b"first half, second half").hexdigest()
    assert are_gone(list(by_pid))


def test_a_signal_that_reaches_all_processes_is_one_signal(house: House, serve: Serve) -> None:
    """As systemd sends it, and a terminal. Only the second one hurries."""
    server = serve("--workers", "2")
    processes = pids(server)
    upload = Upload(server, Line(server))
    for pid in (server.process.pid, *processes):
        os.kill(pid, signal.SIGINT)
    time.sleep(1)
    assert server.process.poll() is None
    assert upload.status == 0
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(5) == 0
    assert are_gone(processes)
    upload.may_end.set()
    upload.join()
    assert upload.status != 200, "what ran was broken off"


def test_a_killed_process_is_replaced_and_no_connection_is_lost(house: House, serve: Serve) -> None:
    server = serve("--workers", "2")
    victim, other = pids(server)
    os.kill(victim, signal.SIGSTOP)
    waiting = [Line(server) for _ in range(32)]
    for line in waiting:
        line.send("/readyz")
    waits(lambda: len(ports_of(other) & {line.port for line in waiting}) > 3)
    os.kill(victim, signal.SIGKILL)
    assert Counter(line.receive()[0] for line in waiting) == {200: 32}
    (ended,) = lines(server, "server process ended")
    assert (ended["child"], ended["how"], ended["again_in"]) == (victim, "signal 9", 0.0)
    assert set(pids(server)) > {other}
    assert victim not in pids(server)
    assert set(line_to_each(server)) == set(pids(server))
    assert server.end() == 0


def test_who_dies_again_and_again_is_started_with_pauses(house: House, serve: Serve) -> None:
    server = serve("--workers", "2", "--no-worker")
    known = set(pids(server)[:1])
    for _ in range(3):
        (victim,) = waits(lambda: set(pids(server)) - known)
        known.add(victim)
        os.kill(victim, signal.SIGKILL)
    waits(lambda: set(pids(server)) - known)
    assert [line["again_in"] for line in lines(server, "server process ended")] == [0.0, 0.5, 1.0]
    assert len(line_to_each(server)) == 2


def test_the_figures_are_of_all_processes_and_never_fall(house: House, serve: Serve) -> None:
    server = serve("--workers", "2", "--no-worker")
    by_pid = line_to_each(server)
    token = next(iter(by_pid.values())).token()
    for asked, line in enumerate(by_pid.values(), 3):
        for _ in range(asked):
            assert line.ask("/v1/sites", token=token)[0] == 200
    said = [line.ask("/metrics")[1] for line in by_pid.values()]
    for text in said:
        assert figures(text)['remotehands_requests_total{method="GET",route="/v1/sites",status="200"}'] == 7
        assert figures(text)['remotehands_request_seconds_count{route="/v1/sites"}'] == 7
        for number, pid in enumerate(pids(server), 1):
            memory = re.search(rf'^process_resident_memory_bytes{{process="{number}"}} (\S+)$', text, re.M)
            assert memory
            assert 0.5 < float(memory[1]) / psutil.Process(pid).memory_info().rss < 2
            assert f'process_starts_total{{process="{number}"}} 1.0' in text
    victim, line = by_pid.popitem()
    before = figures(line.ask("/metrics")[1])
    os.kill(victim, signal.SIGKILL)
    waits(lambda: len(set(pids(server)) - {victim}) == 2)
    for line in line_to_each(server).values():
        assert line.ask("/v1/sites", token=token)[0] == 200
        text = line.ask("/metrics")[1]
        now = figures(text)
        assert {name: value for name, value in before.items() if now[name] < value} == {}
        before = now
    assert now['remotehands_requests_total{method="GET",route="/v1/sites",status="200"}'] == 9
    starts = dict(re.findall(r'^remotehands_process_starts_total{process="(\d)"} (\S+)$', text, re.M))
    assert sorted(starts.values()) == ["1.0", "2.0"]


def test_nothing_is_left_when_the_parent_is_killed(house: House, serve: Serve) -> None:
    server = serve("--workers", "2")
    processes = pids(server)
    upload = Upload(server, Line(server))
    server.kill()
    upload.may_end.set()
    upload.join()
    assert upload.status == 200, "what ran was finished"
    waits(lambda: are_gone(processes))
    with socket.create_server(("127.0.0.1", int(server.url.rsplit(":", 1)[1]))):
        pass


def test_the_port_is_one_servers(house: House, serve: Serve, command: Command) -> None:
    server = serve("--workers", "2", "--no-worker")
    done = command("serve", "--workers", "2", "--port", server.url.rsplit(":", 1)[1])
    assert done.returncode == 1
    assert "Cannot listen on 127.0.0.1" in done.stderr


def test_processes_that_cannot_start_end_the_server(
    house: House, serve: Serve, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import os\nos.register_at_fork(after_in_child=lambda: os._exit(6))\n")
    environment["PYTHONPATH"] = str(folder)
    server = serve("--workers", "2", wait=False)
    assert server.process.wait(30) == 6
    assert server.output == ""
    assert lines(server, "server process ended")[0]["how"] == "exit code 6"
