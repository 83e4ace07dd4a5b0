"""A real object store for the tests: Debian's Swift with its S3 face, which checks signatures, on loopback."""

import hashlib
import hmac
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote, urlencode

import httpx
import pytest
from benchmarks.debian import install

PACKAGES = ["swift-proxy", "swift-account", "swift-container", "swift-object", "python3-swift"]
PROGRAMS = [f"swift-{kind}-server" for kind in ("proxy", "account", "container", "object")]
KEY_ID = "tests:ada"
SECRET = "a+secret/of-the=store&0123456789"  # with everything that a URL must quote
STORAGE = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
log_level = WARNING
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {folder}
log_level = WARNING
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck listing_formats cache s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:cache]
paste.filter_factory = forgetful:factory
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_tests_ada = {secret} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
FORGETFUL = """
class Cache:
    def get(self, *args, **kwargs):
        return None
    set = delete = incr = decr = get

def factory(conf, **local):
    def with_cache(app):
        def call(env, start):
            env["swift.cache"] = Cache()
            return app(env, start)
        return call
    return with_cache
"""
"""Swift asks for a cache; one that forgets everything is always right."""
RINGS = """
import sys
from swift.common.ring import RingBuilder
folder, *ports = sys.argv[1:]
for kind, port in zip(("account", "container", "object"), ports):
    ring = RingBuilder(2, 1, 1)
    ring.add_dev({"region": 1, "zone": 1, "ip": "127.0.0.1", "port": int(port), "device": "one", "weight": 1.0})
    ring.rebalance()
    ring.get_ring().save(f"{folder}/{kind}.ring.gz")
"""


def skipped(reason: str) -> None:
    """Skip, or fail where nothing may be skipped."""
    if os.environ.get("TESTS_MAY_NOT_SKIP"):
        pytest.fail(reason)
    pytest.skip(reason)


def _installed() -> bool:
    return all(shutil.which(program) for program in PROGRAMS)


def _free_ports(count: int) -> list[int]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in taken]
    for one in taken:
        one.close()
    return ports


def _folder_with_attributes() -> Path:
    """Return a new folder in which files may have attributes of their own, as Swift wants them."""
    for above in (tempfile.gettempdir(), "/var/tmp", Path.cwd()):
        folder = Path(tempfile.mkdtemp(prefix="swift-", dir=above))
        try:
            os.setxattr(folder, "user.swift", b"x")
        except OSError:
            folder.rmdir()
        else:
            return folder
    skipped("an object store needs a file system with extended attributes")
    raise AssertionError


class Swift:
    """Four processes of an ordinary user in a folder that goes away with them."""

    def __init__(self) -> None:
        self.user = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("swift")
        self.folder = _folder_with_attributes()
        self.ports = dict(zip(("account", "container", "object", "proxy"), _free_ports(4), strict=True))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.endpoint = f"http://127.0.0.1:{self.ports['proxy']}"

    def start(self) -> None:
        (self.folder / "devices" / "one").mkdir(parents=True)
        for kind, port in self.ports.items():
            text = PROXY if kind == "proxy" else STORAGE
            filled = text.format(kind=kind, port=port, user=self.user.pw_name, folder=self.folder, secret=SECRET)
            (self.folder / f"{kind}-server.conf").write_text(filled)
        (self.folder / "forgetful.py").write_text(FORGETFUL)
        storage = [str(self.ports[kind]) for kind in ("account", "container", "object")]
        subprocess.run(
            ["/usr/bin/python3", "-I", "-c", RINGS, str(self.folder), *storage], check=True, capture_output=True
        )
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        for kind in self.ports:
            self.start_one(kind)
        self.wait()

    def start_one(self, kind: str) -> None:
        as_user = {} if os.geteuid() else {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        with (self.folder / f"{kind}.log").open("ab") as log:
            self.processes[kind] = subprocess.Popen(
                [f"/usr/bin/swift-{kind}-server", str(self.folder / f"{kind}-server.conf"), "-v"],
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **as_user,  # type: ignore[call-overload]
            )

    def wait(self) -> None:
        """Wait until all four answer: a bucket can be made."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if self.ask("PUT", "first").status_code in {200, 409}:
                    return
            time.sleep(0.1)
        raise AssertionError("\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.log")))

    def kill(self, kind: str) -> None:
        """Kill one of the four, as a crash would."""
        process = self.processes.pop(kind)
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def end(self) -> None:
        for kind in list(self.processes):
            self.kill(kind)
        shutil.rmtree(self.folder)

    # What is in it, asked past the program under test

    def ask(self, method: str, path: str, query: dict[str, str] | None = None) -> httpx.Response:
        """Send a request that is signed as the S3 interface wants it (version 4)."""
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        asked = urlencode(sorted((query or {}).items()), quote_via=quote)
        empty = hashlib.sha256().hexdigest()
        headers = {"host": self.endpoint.removeprefix("http://"), "x-amz-content-sha256": empty, "x-amz-date": at}
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = f"{method}\n/{quote(path)}\n{asked}\n{lines}\n{names}\n{empty}"
        scope = f"{at[:8]}/us-east-1/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return httpx.request(method, f"{self.endpoint}/{quote(path)}?{asked}", headers=headers, timeout=20)

    def objects(self, bucket: str) -> list[str]:
        """Return the names of a bucket's objects."""
        answer = self.ask("GET", bucket)
        assert answer.status_code == 200, answer.text
        return re.findall(r"<Key>([^<]*)</Key>", answer.text)

    def uploads(self, bucket: str) -> list[str]:
        """Return the names for which a multipart upload is under way."""
        answer = self.ask("GET", bucket, {"uploads": ""})
        assert answer.status_code == 200, answer.text
        return re.findall(r"<Key>([^<]*)</Key>", answer.text)


class Line:
    """A line to the store that can be cut or fall silent, and that remembers what was sent over it."""

    def __init__(self, port: int) -> None:
        self.sent = bytearray()
        self.state = "open"
        self.cut_after: int | None = None
        """Bytes that still come back before it is cut."""
        self._port = port
        self._ends: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if self.state == "cut":
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
                self._ends += [near, far]
                threading.Thread(target=self._carry, args=(near, far, self.sent), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, None), daemon=True).start()

    def _carry(self, from_: socket.socket, to: socket.socket, sent: bytearray | None) -> None:
        with suppress(OSError):
            while data := from_.recv(65536):
                while self.state == "silent":
                    time.sleep(0.02)
                if self.state == "cut":
                    from_.shutdown(socket.SHUT_RDWR)
                    break
                if sent is not None:
                    sent += data
                elif self.cut_after is not None:
                    to.sendall(data[: self.cut_after])
                    self.cut_after -= len(data)
                    if self.cut_after <= 0:
                        self.cut()
                    continue
                to.sendall(data)
        with suppress(OSError):
            to.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Break off every connection and take no new one."""
        self.state = "cut"
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Carry again."""
        self.state = "open"
        self.cut_after = None

    def end(self) -> None:
        self.cut()
        for end in (self._listening, *self._ends):
            end.close()


class InBucket:
    """A bucket of a test's own, with a folder for the files in it. See Place."""

    PREFIX = "attach/ments"

    def __init__(self, swift: Swift) -> None:
        self.swift = swift
        self.name = f"bucket-{token_hex(6)}"
        assert swift.ask("PUT", self.name).status_code == 200

    def url(self, **changed: str) -> str:
        """Return the URL that the server is given; what is named is changed, and left out when it is empty."""
        bucket = changed.pop("bucket", self.name)
        parameters = {
            "endpoint": self.swift.endpoint,
            "access_key_id": KEY_ID,
            "secret_access_key": SECRET,
            "allow_http": "yes",
        } | changed
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items() if value)
        return f"s3://{bucket}/{self.PREFIX}?{query}"

    @property
    def settings(self) -> dict[str, str]:
        return {"REMOTEHANDS_FILES_URL": self.url()}

    def kept(self) -> list[str]:
        return [name.removeprefix(f"{self.PREFIX}/") for name in self.swift.objects(self.name)]

    def read(self, path: str) -> bytes:
        return self.swift.ask("GET", f"{self.name}/{self.PREFIX}/{path}").content

    def unfinished(self) -> list[str]:
        """Return the names for which parts are kept that nobody has joined."""
        segments = self.swift.ask("GET", f"{self.name}+segments")
        if segments.status_code == 404:
            return []
        return self.swift.uploads(self.name)


@pytest.fixture(scope="session")
def swift() -> Iterator[Swift]:
    """The object store, started when the first test asks for it."""
    if not _installed():
        install(*PACKAGES)
    if not _installed():
        skipped(f"an object store is needed: apt-get install {' '.join(PACKAGES)}")
    store = Swift()
    try:
        store.start()
        yield store
    finally:
        store.end()


@pytest.fixture
def bucket(swift: Swift) -> InBucket:
    """A new bucket in the object store."""
    return InBucket(swift)


@pytest.fixture
def line(swift: Swift) -> Iterator[Line]:
    """A line to the object store that a test may cut."""
    line = Line(swift.ports["proxy"])
    yield line
    line.end()
