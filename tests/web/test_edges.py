"""The edges of HTTP on a real server: paths, methods, heads, bodies that are late or broken off."""

import json
import socket
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from cast import OPENING, Person, Server
from places import folder_of
from remotehandsd.house import House
from remotehandsd.web import connection

SECRET = "secret-of-ada-0123456789abcdef-0123"
PAIR = "Master-Account-Id: 100123\r\nAccount-Id: 0011A00001AaAB1ABC\r\n"


@pytest.fixture
def server(house: object, serve: Callable[..., Server]) -> Server:
    """A real server on the cast's database."""
    return serve("--no-worker")


@pytest.fixture
def token(server: Server) -> str:
    form = {"grant_type": "client_credentials", "client_id": "ada", "client_secret": SECRET}
    return str(httpx.post(f"{server.url}/v2/auth/token", data=form).json()["access_token"])


class Line:
    """A bare connection."""

    def __init__(self, server: Server) -> None:
        host, port = server.url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=20)

    def send(self, data: str | bytes) -> None:
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def rest(self) -> bytes:
        """Return all that comes until the server closes."""
        received = b""
        while True:
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                return received
            if not piece:
                return received
            received += piece

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Return one answer that has a Content-Length."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.socket.recv(65536) or b"\r\n\r\n"
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = {line.split(": ")[0].lower(): line.split(": ", 1)[1] for line in lines}
        while len(body) < int(headers["content-length"]):
            body += self.socket.recv(65536)
        return int(status.split()[1]), headers, body


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    line = Line(server)
    yield line
    line.socket.close()


def _get(path: str, token: str, method: str = "GET") -> str:
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{PAIR}\r\n"


def test_paths_are_split_before_they_are_decoded(line: Line, token: str) -> None:
    for path, status in [
        ("/v1/sites", 200),
        ("/v1/sites/", 200),
        ("//v1/sites", 200),
        ("///v1/sites/", 200),
        ("/v1/s%69tes", 200),
        ("/v1%2fsites", 404),
        ("/v1//sites", 404),
        ("/v1/sites//", 404),
        ("/v1/sites%00", 404),
        ("/v1/sites/%ff", 404),
        ("/V1/sites", 404),
        ("/v1", 404),
        ("/v1/../v1/sites", 404),
        ("/v1/remotehands-tickets/a%2fb", 404),
        ("/v1/sites?x=%00%ff&&=&=;", 200),
        ("/v1/sites?" + "x" * 10_000, 200),
        ("http://other.host/v1/sites", 200),
    ]:
        line.send(_get(path, token))
        got, headers, body = line.answer()
        assert got == status, path
        assert headers["content-type"] == "application/json"
        if status == 404:
            assert json.loads(body)["error"]["message"] == "Resource not found."


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST", "OPTIONS", "TRACE"])
def test_wrong_methods(line: Line, token: str, method: str) -> None:
    line.send(_get("/v1/sites", token, method))
    status, headers, body = line.answer()
    assert status == 405
    assert headers["allow"] == "GET, HEAD"
    assert json.loads(body)["error"]["message"] == "Method not allowed."


def test_unknown_paths_come_before_everything(line: Line) -> None:
    for path in ("/", "/nothing", "/v1/nothing", "/v2/auth", "/v9/x"):
        line.send(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        status, _, body = line.answer()
        assert status == (405 if path == "/" else 404)
        if path != "/":
            assert json.loads(body)["error"]["message"] == "Resource not found."


def test_a_head_of_megabytes_is_cut_off(line: Line, token: str) -> None:
    line.send(f"GET /v1/sites HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{PAIR}")
    try:
        for number in range(2000):
            line.send(f"X-{number}: {'x' * 1000}\r\n")
    except (BrokenPipeError, ConnectionResetError):
        return
    answer = line.rest()
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


def test_one_long_header_line_is_cut_off(line: Line) -> None:
    line.send("GET /v1/sites HTTP/1.1\r\nHost: x\r\nX: ")
    line.send("x" * 70_000)
    assert line.rest().startswith(b"HTTP/1.1 431 ")


def test_a_head_in_one_piece_that_is_too_large(line: Line) -> None:
    line.send("GET /v1/sites HTTP/1.1\r\nHost: x\r\n" + f"X: {'x' * 60_000}\r\nY: {'y' * 60_000}\r\n\r\n")
    assert line.rest().startswith(b"HTTP/1.1 431 ")


def test_a_head_just_under_the_limit(line: Line, token: str) -> None:
    head = _get("/v1/sites", token)[:-2] + f"X: {'x' * 60_000}\r\n\r\n"
    for _ in range(3):
        line.send(head)
        assert line.answer()[0] == 200


def test_what_is_no_http_at_all(line: Line) -> None:
    line.send(b"\x16\x03\x01\x02\x00 this is TLS or worse\r\n\r\n")
    answer = line.rest()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"text/plain" in answer


def test_a_slow_head_is_not_waited_for_long(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(server)
    began = time.monotonic()
    line.send("GET /v1/sites HTTP/1.1\r\nHost: x\r\n")
    line.socket.settimeout(connection.HEAD_SECONDS + 5)
    answer = line.rest()
    line.socket.close()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert connection.HEAD_SECONDS - 1 < time.monotonic() - began < connection.HEAD_SECONDS + 4


def _post(token: str, body: str, length: int | None = None, more: str = "") -> str:
    length = len(body) if length is None else length
    return (
        f"POST /v1/remotehands-tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{PAIR}{more}"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )


async def test_half_a_request_stores_nothing(server: Server, token: str, ada: Person) -> None:
    line = Line(server)
    line.send(_post(token, json.dumps(OPENING), length=5000))
    line.socket.close()
    line = Line(server)
    line.send(_get("/v1/remotehands-tickets", token))
    assert json.loads(line.answer()[2])["pageable"]["totalElements"] == 0
    line.socket.close()


async def test_half_an_upload_keeps_nothing(server: Server, token: str, ada: Person, house: House) -> None:
    id_ = await ada.opens()
    line = Line(server)
    line.send(
        f"POST /v1/attachments?requestId={id_}&file_name=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"{PAIR}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + "x" * 3_000_000
    )
    files = folder_of(house)
    deadline = time.monotonic() + 10
    while not [path for path in files.rglob("*") if path.is_file()] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [path for path in files.rglob("*") if path.is_file()], "it was on its way"
    line.socket.close()
    while [path for path in files.rglob("*") if path.is_file()] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert (await ada.get(f"/v1/attachments/{id_}")).json() == []


def test_a_refused_body_is_read_to_its_end_and_the_connection_goes_on(line: Line, token: str) -> None:
    line.send(_post("garbage", "x" * 1_000_000))
    status, headers, _ = line.answer()
    assert status == 401
    assert "connection" not in headers
    line.send(_get("/v1/sites", token))
    assert line.answer()[0] == 200


def test_a_huge_refused_body_ends_the_connection(line: Line) -> None:
    line.send(_post("garbage", "", length=50_000_000))
    try:
        for _ in range(100):
            line.send("x" * 500_000)
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = line.rest()
    assert answer == b"" or (answer.startswith(b"HTTP/1.1 401 ") and b"connection: close" in answer.lower())


def test_who_waits_for_100_continue_is_answered_at_once(line: Line) -> None:
    line.send(_post("garbage", "", length=5_000_000, more="Expect: 100-continue\r\n"))
    status, headers, _ = line.answer()
    assert status == 401
    assert headers["connection"] == "close"


def test_who_waits_for_100_continue_may_go_on(line: Line, token: str) -> None:
    body = json.dumps(OPENING)
    line.send(_post(token, "", length=len(body), more="Expect: 100-continue\r\n"))
    assert line.socket.recv(1000).startswith(b"HTTP/1.1 100 ")
    line.send(body)
    assert line.answer()[0] == 201


def test_pipelined_requests_are_answered_in_order(line: Line, token: str) -> None:
    line.send(_get("/v1/sites", token) + _get("/v1/nothing", token) + _post(token, json.dumps(OPENING)))
    received = b""
    while received.count(b"HTTP/1.1 ") < 3 or not received.endswith(b"}"):
        received += line.socket.recv(65536)
    statuses = [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"404", b"201"]


def test_http_1_0(line: Line, token: str) -> None:
    line.send(_get("/v1/sites", token).replace("HTTP/1.1", "HTTP/1.0"))
    assert line.rest().startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "head",
    [
        "GET /v1/sites HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /v1/sites HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "POST /v1/comments HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST /v1/comments HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        "NONSENSE / HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /v1/comments HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
def test_odd_heads_are_the_clients_fault(server: Server, line: Line, head: str) -> None:
    line.send(head.encode("latin-1"))
    line.socket.settimeout(10)
    try:
        start = line.socket.recv(65536)
    except ConnectionResetError:
        start = b""
    assert start == b"" or start.startswith(b"HTTP/1.1 4"), start
    assert httpx.get(f"{server.url}/healthz").status_code == 200


CHUNKED = "POST /v1/comments HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{}\r\n2\r\n{{}}\r\n0\r\n{}\r\n"


def test_trailers_are_no_headers(line: Line, token: str) -> None:
    """A proxy that sets or strips headers does not look at trailers: nobody may sign in with them."""
    signed = f"Authorization: Bearer {token}\r\n{PAIR}Content-Type: application/json\r\n"
    line.send(CHUNKED.format("", signed))
    assert line.answer()[0] == 401
    line.send(CHUNKED.format(signed, "Authorization: Bearer garbage\r\nAccount-Id: x\r\n"))
    status, _, body = line.answer()
    assert (status, b"Mandatory payload" in body) == (400, True)


@pytest.mark.parametrize("piece", ["a: " + "z" * 4000 + "\r\n", "z" * 4000])
def test_endless_trailers_are_cut_off(line: Line, piece: str) -> None:
    line.send("POST /nope HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: y")
    sent = 0
    try:
        while sent < 50_000_000:
            line.send(piece * 100)
            sent += len(piece) * 100
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert sent < 50_000_000


def test_a_second_head_in_the_same_packet_has_the_same_limit(line: Line) -> None:
    line.send(
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + f"GET /healthz HTTP/1.1\r\nHost: x\r\nA: {'a' * 70_000}\r\n\r\n"
    )
    assert line.rest().count(b"HTTP/1.1 200") <= 1


def test_a_second_head_that_comes_in_two_pieces_has_the_same_limit(line: Line) -> None:
    line.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + f"GET /healthz HTTP/1.1\r\nHost: x\r\nA: {'a' * 60_000}")
    time.sleep(0.3)
    line.send(f"{'a' * 10_000}\r\n\r\n")
    assert line.rest().count(b"HTTP/1.1 200") == 1


def test_a_body_in_many_chunks_after_another_request(line: Line, token: str) -> None:
    body = json.dumps(OPENING | {"other": "x" * 300_000})
    for _ in range(2):
        line.send(
            f"POST /v1/remotehands-tickets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{PAIR}"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for start in range(0, len(body), 5000):
            piece = body[start : start + 5000]
            line.send(f"{len(piece):x}\r\n{piece}\r\n")
        line.send("0\r\n\r\n")
        assert line.answer()[0] == 201
