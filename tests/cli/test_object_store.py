"""The server and the commands with the files in an object store, as an operator runs them."""

import hashlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from cast import OPENING, Server
from remotehandsd.house import House
from swift import SECRET, InBucket, Line, Swift

ONE_MACHINE = pytest.mark.engine("sqlite")

FORM = {
    "grant_type": "client_credentials",
    "client_id": "ada",
    "client_secret": "secret-of-ada-0123456789abcdef-0123",
}
PAIR = {"Master-Account-Id": "100123", "Account-Id": "0011A00001AaAB1ABC"}
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
TAIL = b"\r\n--b--\r\n"
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}

Command = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., Server]


@pytest.fixture
def environment(environment: dict[str, str], bucket: InBucket, line: Line) -> dict[str, str]:
    """The server reaches the store over a line that can be cut."""
    return environment | {"REMOTEHANDS_FILES_URL": bucket.url(endpoint=line.endpoint)}


class Ada:
    """A customer with one ticket."""

    def __init__(self, server: Server) -> None:
        token = httpx.post(f"{server.url}/v2/auth/token", data=FORM).json()["access_token"]
        self.web = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}", **PAIR}, timeout=120)
        self.ticket = self.web.post("/v1/remotehands-tickets", json=OPENING).json()["id"]

    def attaches(self, content: Any) -> httpx.Response:
        where = f"/v1/attachments?requestId={self.ticket}&file_name=x"
        return self.web.post(where, content=content, headers=MULTIPART)

    def files(self) -> list[dict[str, Any]]:
        return list(self.web.get(f"/v1/attachments/{self.ticket}").json())

    def path(self, file: dict[str, Any]) -> str:
        return f"/v1/attachments/{self.ticket}/file/{file['id']}"


@pytest.fixture
def ada(server: Server) -> Iterator[Ada]:
    ada = Ada(server)
    yield ada
    ada.web.close()


@pytest.fixture
def server(house: House, serve: Serve) -> Server:
    return serve()


def pieces(size: int, piece: bytes = bytes(1 << 20)) -> Iterator[bytes]:
    yield HEAD
    while size > 0:
        yield piece[:size]
        size -= len(piece)
    yield TAIL


def _told_nothing(*texts: str) -> None:
    """The secret stands in none of these, nor does it in the form that the URL has."""
    for text in texts:
        for secret in (SECRET, SECRET[:10], "a%2Bsecret", "secret_access_key="):
            assert secret not in text


@ONE_MACHINE
def test_check_says_how_the_store_is(
    house: House, command: Command, environment: dict[str, str], bucket: InBucket, line: Line
) -> None:
    # Several times: the library's threads must not be in the way of a short command's end.
    for _ in range(4):
        done = command("check")
        assert done.returncode == 0, done.stderr
        assert f"files: good, s3://{bucket.name}/{bucket.PREFIX}\n" in done.stdout
        assert bucket.kept() == []
    _told_nothing(done.stdout, done.stderr)
    for url, words in (
        (bucket.url(secret_access_key="Wrong-" + SECRET), "SignatureDoesNotMatch: the key or its secret is wrong."),
        (bucket.url(bucket="nowhere"), "NoSuchBucket: there is no such bucket."),
        (bucket.url(endpoint="http://127.0.0.1:1"), "The object store: it cannot be reached."),
    ):
        done = command("check", REMOTEHANDS_FILES_URL=url)
        assert done.returncode == 1
        assert done.stderr.startswith("files: ")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
        _told_nothing(done.stdout, done.stderr)


@ONE_MACHINE
def test_a_wrong_secret_at_run_time(house: House, serve: Serve, environment: dict[str, str], bucket: InBucket) -> None:
    for changed, words in (
        ({"secret_access_key": "Wrong-" + SECRET}, "SignatureDoesNotMatch"),
        ({"bucket": "nowhere"}, "NoSuchBucket"),
    ):
        environment["REMOTEHANDS_FILES_URL"] = bucket.url(**changed)
        server = serve()
        ada = Ada(server)
        for size in (5, 20_000_000):
            answer = ada.attaches(pieces(size))
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert answer.json()["error"]["message"] == "Service is unavailable. Please try again."
        assert ada.files() == []
        ada.web.close()
        assert server.end() == 0
        text = server.log.read_text()
        assert words in text
        assert '"reason":"The object store says' in text, "the sweep, too, says why it did nothing"
        assert "Traceback" not in text
        _told_nothing(text, server.output)


@ONE_MACHINE
def test_the_store_goes_away_and_comes_back(ada: Ada, server: Server, bucket: InBucket, line: Line) -> None:
    kept = ada.attaches(pieces(9_000_000)).json()

    def cut_on_the_way() -> Iterator[bytes]:
        for number, piece in enumerate(pieces(40_000_000)):
            if number == 15:
                line.cut()
            yield piece

    began = time.monotonic()
    answer = ada.attaches(cut_on_the_way())
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    for asked in (
        ada.attaches(pieces(5)),
        ada.web.get(ada.path(kept)),
        ada.web.get(ada.path(kept), headers={"Range": "bytes=5-9"}),
    ):
        assert asked.status_code == 503
        assert int(asked.headers["retry-after"]) > 0
    assert time.monotonic() - began < 30
    assert ada.web.head(ada.path(kept)).status_code == 200
    assert httpx.get(f"{server.url}/readyz").status_code == 200, "tickets still work"
    assert len(ada.files()) == 1
    line.mend()
    assert ada.attaches(pieces(5)).status_code == 200
    assert ada.web.get(ada.path(kept)).content == bytes(9_000_000)
    assert len(bucket.kept()) == 2


@ONE_MACHINE
def test_a_download_that_breaks_in_the_middle_is_no_whole_one(ada: Ada, server: Server, line: Line) -> None:
    kept = ada.attaches(pieces(30_000_000)).json()
    got = 0
    with pytest.raises(httpx.RemoteProtocolError), ada.web.stream("GET", ada.path(kept)) as download:
        assert download.status_code == 200
        for chunk in download.iter_raw(1 << 20):
            got += len(chunk)
            line.cut_after = 1_000_000
    assert 0 < got < 30_000_000
    line.mend()
    rest = ada.web.get(ada.path(kept), headers={"Range": f"bytes={got}-"})
    assert rest.status_code == 206
    assert got + len(rest.content) == 30_000_000
    assert server.end() == 0
    assert "answer broke off" in server.log.read_text()
    _told_nothing(server.log.read_text())


@ONE_MACHINE
def test_a_client_that_goes_away_leaves_nothing(ada: Ada, bucket: InBucket) -> None:
    def half() -> Iterator[bytes]:
        yield HEAD
        for _ in range(12):
            yield bytes(1 << 20)
        _until(lambda: bucket.unfinished() != [])
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        ada.attaches(half())
    _until(lambda: bucket.unfinished() == [])
    assert bucket.kept() == []
    assert ada.files() == []


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@ONE_MACHINE
def test_a_server_that_is_ended_in_the_middle_of_an_upload_clears_up(
    ada: Ada, server: Server, bucket: InBucket
) -> None:
    """A second signal hurries: what still comes is broken off, and its parts go."""
    may_go_on = threading.Event()
    answers: list[int] = []

    def slow() -> Iterator[bytes]:
        yield HEAD
        for _ in range(12):
            yield bytes(1 << 20)
        may_go_on.wait(30)

    def send() -> None:
        with suppress(httpx.TransportError):
            answers.append(ada.attaches(slow()).status_code)

    sending = threading.Thread(target=send)
    sending.start()
    _until(lambda: bucket.unfinished() != [])
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == 0
    may_go_on.set()
    sending.join(20)
    assert 200 not in answers
    assert bucket.unfinished() == []
    assert bucket.kept() == []


@ONE_MACHINE
def test_much_goes_up_and_down_in_flat_memory(ada: Ada, server: Server, bucket: InBucket) -> None:
    process = psutil.Process(server.process.pid)
    piece = os.urandom(1 << 20)
    size = 330 << 20
    whole = hashlib.sha256()
    for _ in range(330):
        whole.update(piece)
    before = process.memory_info().rss
    most = [before]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            most.append(process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        answer = ada.attaches(pieces(size, piece))
        assert answer.status_code == 200, answer.text
        assert answer.json()["hash"] == whole.hexdigest()
        back, got = hashlib.sha256(), 0
        with ada.web.stream("GET", ada.path(answer.json())) as download:
            for chunk in download.iter_bytes():
                back.update(chunk)
                got += len(chunk)
        assert got == size
        assert back.digest() == whole.digest()
    finally:
        done.set()
        watcher.join()
    assert max(most) - before < 60_000_000


@ONE_MACHINE
def test_backup_and_restore(
    ada: Ada, server: Server, command: Command, serve: Serve, environment: dict[str, str], swift: Swift, tmp_path: Path
) -> None:
    kept = [ada.attaches(pieces(size)).json() for size in (5, 17_000_000)]
    done = command("backup", tmp_path / "copy")
    assert (done.returncode, "2 files" in done.stdout) == (0, True), done.stderr
    copied = [path for path in (tmp_path / "copy" / "files").rglob("*") if path.is_file()]
    assert sorted(path.stat().st_size for path in copied) == [5, 17_000_000]
    assert all(path.stat().st_mode & 0o077 == 0 for path in copied)
    assert server.end() == 0

    environment["REMOTEHANDS_DATA"] = str(tmp_path / "elsewhere" / "data")
    refused = command("restore", tmp_path / "copy")
    assert refused.returncode == 5, "not over files that are in use: the sweep would take the newer ones"
    assert refused.stderr.startswith("s3://")
    assert refused.stderr.endswith("is not empty.\n")
    assert not (tmp_path / "elsewhere").exists()

    elsewhere = InBucket(swift)
    environment["REMOTEHANDS_FILES_URL"] = elsewhere.url()
    restored = command("restore", tmp_path / "copy")
    assert restored.returncode == 0, restored.stderr
    assert len(elsewhere.kept()) == 2
    _told_nothing(done.stdout, done.stderr, refused.stdout, refused.stderr, restored.stdout, restored.stderr)
    other = Ada(serve())
    for file, size in zip(kept, (5, 17_000_000), strict=True):
        assert other.web.get(f"/v1/attachments/{ada.ticket}/file/{file['id']}").content == bytes(size)
    other.web.close()


@ONE_MACHINE
def test_commands_while_the_store_is_away(
    ada: Ada, command: Command, environment: dict[str, str], line: Line, tmp_path: Path
) -> None:
    assert ada.attaches(pieces(5)).status_code == 200
    good = command("backup", tmp_path / "copy")
    line.cut()
    for done in (
        command("backup", tmp_path / "other"),
        command("restore", tmp_path / "copy", REMOTEHANDS_DATA=str(tmp_path / "empty")),
    ):
        assert done.returncode == 6
        assert done.stderr == "The object store: it cannot be reached.\n" or "broke off" in done.stderr
        _told_nothing(done.stdout, done.stderr)
    assert good.returncode == 0


@pytest.mark.engine("postgres")
def test_two_processes_share_the_bucket(house: House, serve: Serve, bucket: InBucket) -> None:
    server = serve("--workers", "2")
    customers = [Ada(server) for _ in range(6)]
    sizes = (5, 9_000_000, 70_000, 12_000_000, 1, 20_000_000)
    kept = [ada.attaches(pieces(size)).json() for ada, size in zip(customers, sizes, strict=True)]
    for ada, file, size in zip(customers, kept, sizes, strict=True):
        assert ada.web.get(ada.path(file)).content == bytes(size)
        ada.web.close()
    assert len(bucket.kept()) == 6
    assert bucket.unfinished() == []
    assert server.end() == 0
