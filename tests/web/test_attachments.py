"""Files on tickets (contract.md sections 15.4 to 15.6)."""

import asyncio
import hashlib
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from cast import Desk, Person, message
from conftest import SettableClock
from places import OnDisk, Place
from remotehandsd.house import House
from remotehandsd.worker.sweep import sweep

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9


@pytest.fixture
def place(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """The files lie as people have them: beside the embedded database in a folder, beside PostgreSQL in a bucket."""
    if engine == "sqlite":
        return OnDisk(tmp_path / "data" / "files")
    bucket: Place = request.getfixturevalue("bucket")
    return bucket


@pytest.fixture
def environment(environment: dict[str, str], place: Place) -> dict[str, str]:
    return environment | place.settings


async def test_a_file_goes_up_and_comes_back(ada: Person, place: Place) -> None:
    id_ = await ada.opens()
    answer = await ada.request(
        "POST",
        "/v1/attachments",
        params={"requestId": id_, "file_name": "test"},
        files={"file": ("another-name.png", PNG, "image/png")},
    )
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["id", "filename", "hash", "createdBy", "createdOn"]
    assert re.fullmatch("[0-9a-f]{32}", body["id"])
    assert body["filename"] == "test", "the query's name, not the part's"
    assert body["hash"] == hashlib.sha256(PNG).hexdigest()
    assert body["createdBy"] == "Ada Example"
    assert (await ada.get(f"/v1/attachments/{id_}")).json() == [body]
    for path in (
        f"/v1/attachments/{id_}/file/{body['id']}",
        f"/v1/attachments/{id_}/file/{body['id']}/",
        f"/v1/attachments/file/{body['id']}",
    ):
        file = await ada.get(path)
        assert file.status_code == 200
        assert file.content == PNG
        assert file.headers["content-type"] == "image/png"
        assert file.headers["content-disposition"] == "attachment; filename=\"test\"; filename*=UTF-8''test"
        assert file.headers["x-content-type-options"] == "nosniff"
        assert file.headers["etag"] == f'"{body["hash"]}"'
    [path] = place.kept()
    assert place.read(path) == PNG
    assert re.fullmatch("([0-9a-f]{2})/\\1[0-9a-f]{30}", path), "under a name of our own"
    if isinstance(place, OnDisk):
        assert (place.folder / path).stat().st_mode & 0o077 == 0


async def test_several_files_oldest_first(ada: Person) -> None:
    id_ = await ada.opens()
    for name in ("one", "two", "three"):
        await ada.attaches(id_, name.encode(), name)
    assert [file["filename"] for file in (await ada.get(f"/v1/attachments/{id_}")).json()] == ["one", "two", "three"]
    assert (await ada.get("/v1/attachments/WO7568")).status_code == 404


async def test_ranges(ada: Person) -> None:
    id_ = await ada.opens()
    file = (await ada.attaches(id_, b"0123456789")).json()
    path = f"/v1/attachments/{id_}/file/{file['id']}"

    async def part(value: str, **more: str) -> tuple[int, bytes, str | None]:
        answer = await ada.get(path, headers={"Range": value, **more})
        return answer.status_code, answer.content, answer.headers.get("content-range")

    assert await part("bytes=2-4") == (206, b"234", "bytes 2-4/10")
    assert await part("bytes=7-") == (206, b"789", "bytes 7-9/10")
    assert await part("bytes=-3") == (206, b"789", "bytes 7-9/10")
    assert await part("bytes=-99") == (206, b"0123456789", "bytes 0-9/10")
    assert await part("bytes=8-99") == (206, b"89", "bytes 8-9/10")
    assert await part("bytes=10-") == (416, b"", "bytes */10")
    assert await part("bytes=-0") == (416, b"", "bytes */10")
    for whole in ("bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=", "bytes=x-"):
        assert await part(whole) == (200, b"0123456789", None)
    assert (await part("bytes=2-4", **{"If-Range": f'"{file["hash"]}"'}))[0] == 206
    assert (await part("bytes=2-4", **{"If-Range": '"other"'}))[0] == 200
    assert (await ada.get(path, headers={"If-None-Match": f'"{file["hash"]}"'})).status_code == 304
    headed = await ada.request("HEAD", path)
    assert (headed.status_code, headed.headers["content-length"], headed.content) == (200, "10", b"")


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("report.pdf", "report.pdf", "report.pdf"),
        ('a"b\\c.txt', "a_b_c.txt", "a%22b%5Cc.txt"),
        ("../../etc/passwd", ".._.._etc_passwd", "..%2F..%2Fetc%2Fpasswd"),
        ("фото \U0001f4f7.png", "____ _.png", "%D1%84%D0%BE%D1%82%D0%BE%20%F0%9F%93%B7.png"),
        ("100%.txt", "100_.txt", "100%25.txt"),
        (" x ", " x ", "%20x%20"),
        ("n" * 255, "n" * 255, "n" * 255),
    ],
)
async def test_names_come_back_as_sent(ada: Person, place: Place, name: str, plain: str, encoded: str) -> None:
    id_ = await ada.opens()
    body = (await ada.attaches(id_, b"x", name)).json()
    assert body["filename"] == name
    file = await ada.get(f"/v1/attachments/{id_}/file/{body['id']}")
    assert file.headers["content-disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
    assert len(place.kept()) == 1


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
        ("IMAGE/PNG", "IMAGE/PNG"),
        ("nonsense", "application/octet-stream"),
        ("text/plain; <script>", "application/octet-stream"),
        ('text/html;\n\nx="<script>"', "application/octet-stream"),
        ("text/html;\x0bx=y", "application/octet-stream"),
        ("x" * 300 + "/y", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
async def test_media_types(ada: Person, sent: str | None, shown: str) -> None:
    id_ = await ada.opens()
    header = f"Content-Type: {sent}\r\n" if sent else ""
    content = f'--b\r\nContent-Disposition: form-data; name="file"\r\n{header}\r\nhello\r\n--b--\r\n'
    body = (await _post(ada, id_, content.encode())).json()
    assert (await ada.get(f"/v1/attachments/{id_}/file/{body['id']}")).headers["content-type"] == shown


async def _post(ada: Person, id_: str, content: Any, content_type: str = "multipart/form-data; boundary=b") -> Any:
    return await ada.request(
        "POST",
        "/v1/attachments",
        params={"requestId": id_, "file_name": "name"},
        content=content,
        headers={"Content-Type": content_type},
    )


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhello\r\n'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "Bad request was submitted."),
        (b"no multipart at all", "Bad request was submitted."),
        (PART, "Bad request was submitted."),
        (PART + b"--b", "Bad request was submitted."),
        (b"--b\r\nno header\r\n\r\nx\r\n--b--\r\n", "Bad request was submitted."),
        (b"--b\r\n" + b"X: y\r\n" * 100 + b"\r\nx\r\n--b--\r\n", "Bad request was submitted."),
        (b"--b--\r\n", "Mandatory payload 'file' is null or empty."),
        (PART.replace(b'"file"', b'"other"') + b"--b--\r\n", "Mandatory payload 'file' is null or empty."),
        (PART.replace(b"hello", b"") + b"--b--\r\n", "Mandatory payload 'file' is null or empty."),
        (PART + PART + b"--b--\r\n", "Payload 'file' has an invalid value."),
    ],
)
async def test_malformed_uploads_keep_nothing(ada: Person, place: Place, content: bytes, text: str) -> None:
    id_ = await ada.opens()
    assert message(await _post(ada, id_, content)) == text
    assert place.kept() == []
    assert (await ada.get(f"/v1/attachments/{id_}")).json() == []


async def test_other_fields_beside_the_file_are_ignored(ada: Person) -> None:
    id_ = await ada.opens()
    other = PART.replace(b'"file"', b'"note"')
    assert (await _post(ada, id_, other + PART + other + b"--b--\r\nepilogue")).status_code == 200
    file = (await ada.get(f"/v1/attachments/{id_}")).json()[0]
    assert file["hash"] == hashlib.sha256(b"hello").hexdigest()


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 415),
        ("", 415),
        ("multipart/mixed; boundary=b", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ("multipart/form-data; boundary=" + "b" * 300, 400),
    ],
)
async def test_content_types(ada: Person, content_type: str, status: int) -> None:
    assert message(await _post(ada, await ada.opens(), PART + b"--b--\r\n", content_type), status)


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ("requestId={}&filename=x", 400, "Mandatory query parameter 'file_name' is null or empty."),
        ("requestId={}&file_name=", 400, "Mandatory query parameter 'file_name' is null or empty."),
        ("requestId={}&file_name=%20", 400, "Mandatory query parameter 'file_name' is null or empty."),
        ("requestId={}&file_name=" + "n" * 256, 400, "Mandatory query parameter 'file_name' is null or empty."),
        ("requestId={}&file_name=a%00b", 400, "Query parameter 'file_name' has an invalid value."),
        ("requestId={}&file_name=a%0D%0Ab", 400, "Query parameter 'file_name' has an invalid value."),
        ("requestId=&file_name=", 404, "Resource not found."),
        ("file_name=x", 404, "Resource not found."),
        ("requestId=WO7568&file_name=x", 404, "Resource not found."),
    ],
)
async def test_bad_queries(ada: Person, place: Place, query: str, status: int, text: str) -> None:
    id_ = await ada.opens()
    answer = await ada.request("POST", f"/v1/attachments?{query.format(id_)}", files={"file": b"x"})
    assert message(answer, status) == text
    assert place.kept() == []


async def test_unknown_pairs(ada: Person, bob: Person, max: Person) -> None:
    one, other = await ada.opens(), await ada.opens()
    file = (await ada.attaches(one, b"x")).json()["id"]
    for person, path in (
        (ada, f"/v1/attachments/{other}/file/{file}"),
        (ada, f"/v1/attachments/{one}/file/{'0' * 32}"),
        (ada, f"/v1/attachments/nonsense/file/{file}"),
        (max, f"/v1/attachments/{one}/file/{file}"),
        (max, f"/v1/attachments/file/{file}"),
    ):
        assert message(await person.get(path), 404) == "Resource not found."
    assert (await bob.get(f"/v1/attachments/{one}/file/{file}")).content == b"x"


class TestLimits:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MAX_FILE_BYTES": "100000", "REMOTEHANDS_MAX_TICKET_BYTES": "150000"}

    async def test_a_file_and_a_ticket(self, ada: Person, place: Place) -> None:
        id_ = await ada.opens()
        assert message(await ada.attaches(id_, b"x" * 100_001), 413) == "Payload too large."
        assert message(await ada.attaches(id_, b"x" * 10_000_000), 413) == "Payload too large."
        assert place.kept() == []
        assert (await ada.attaches(id_, b"x" * 100_000)).status_code == 200
        assert message(await ada.attaches(id_, b"x" * 50_001), 413) == "Payload too large."
        assert (await ada.attaches(id_, b"x" * 50_000)).status_code == 200
        assert message(await ada.attaches(id_, b"x"), 413) == "Payload too large."
        assert (await ada.attaches(await ada.opens(), b"x")).status_code == 200, "another ticket has its own room"
        assert len(place.kept()) == 3

    @pytest.mark.parametrize("before", [True, False])
    async def test_what_stands_around_the_file_is_limited_too(self, ada: Person, place: Place, before: bool) -> None:
        sent = 0

        async def padded() -> Any:
            nonlocal sent
            yield b"preamble" if before else PART + b"--b--\r\n"
            while sent < 50_000_000:
                sent += 100_000
                yield b"x" * 100_000

        assert message(await _post(ada, await ada.opens(), padded()), 413) == "Payload too large."
        assert sent < 50_000_000
        assert place.kept() == []

    async def test_the_declared_length_comes_before_the_ticket(self, ada: Person) -> None:
        assert message(await ada.attaches("WO7568", b"x" * 200_000), 413) == "Payload too large."
        assert message(await ada.attaches("WO7568", b"x"), 404) == "Resource not found."


@pytest.mark.engine("sqlite")
class TestAFullDisk:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MIN_FREE": str(10**17)}

    async def test_uploads_are_refused_while_tickets_still_work(self, ada: Person, place: Place) -> None:
        id_ = await ada.opens()
        answer = await ada.attaches(id_, b"x")
        assert message(answer, 503) == "Service is unavailable. Please try again."
        assert int(answer.headers["retry-after"]) > 0
        assert place.kept() == []
        assert (await ada.comments(id_, "still here")).status_code == 200


@pytest.mark.engine("sqlite")
class TestADiskThatFills:
    @pytest.fixture
    def environment(self, environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MIN_FREE": str(shutil.disk_usage(tmp_path).free - 30_000_000)}

    async def test_an_upload_without_a_length_stops_at_the_reserve(self, ada: Person, place: Place) -> None:
        id_ = await ada.opens()
        sent = 0

        async def endless() -> Any:
            nonlocal sent
            yield PART[:-7]
            while sent < 400_000_000:
                sent += 1_000_000
                yield b"x" * 1_000_000
            yield b"\r\n--b--\r\n"

        answer = await _post(ada, id_, endless())
        assert message(answer, 503) == "Service is unavailable. Please try again."
        assert sent < 400_000_000
        assert place.kept() == []


async def test_a_ticket_that_closes_while_the_file_comes(ada: Person, dora: Desk, place: Place) -> None:
    id_ = await ada.opens()

    async def slow() -> Any:
        yield PART[:-7]
        await dora.does("start", id_)
        await dora.does("complete", id_)
        yield b"hello\r\n--b--\r\n"

    answer = await ada.request(
        "POST",
        "/v1/attachments",
        params={"requestId": id_, "file_name": "late"},
        content=slow(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert message(answer) == "The requested operation is not permitted for the status 'Completed'."
    assert place.kept() == []
    assert (await ada.get(f"/v1/attachments/{id_}")).json() == []


@pytest.mark.engine("sqlite")
async def test_the_sweep_removes_what_no_row_names(ada: Person, house: House, place: OnDisk) -> None:
    """What a crash leaves: a file without a row. What is young may still be on its way in."""
    await ada.attaches(await ada.opens(), b"named")
    [named] = place.kept()
    left, young = f"aa/{'a' * 32}", f"bb/{'b' * 32}"
    for path, age in ((left, 7200), (young, 60)):
        (place.folder / path).parent.mkdir(exist_ok=True)
        (place.folder / path).write_bytes(b"left over")
        os.utime(place.folder / path, (time.time(), time.time() - age))
    os.utime(place.folder / named, (1, 1))
    assert await sweep(house) == 1
    assert set(place.kept()) == {named, young}


@pytest.mark.engine("sqlite")
async def test_the_sweep_of_a_database_without_any_file_removes_nothing(house: House, place: OnDisk) -> None:
    """As when a server is started on an empty database beside files that are in use."""
    path = f"aa/{'a' * 32}"
    (place.folder / path).parent.mkdir(parents=True)
    (place.folder / path).write_bytes(b"somebody's")
    os.utime(place.folder / path, (1, 1))
    assert await sweep(house) == 0
    assert place.kept() == [path]


@pytest.mark.engine("postgres")
async def test_the_sweep_removes_what_no_row_names_from_a_bucket(
    ada: Person, house: House, place: Place, clock: SettableClock
) -> None:
    """The store says how old a file is; its seconds are whole."""
    await ada.attaches(await ada.opens(), b"named")
    [named] = place.kept()
    left, young = house.files.receive(), house.files.receive()
    await left.finish()
    clock.ahead = 1800
    assert await sweep(house) == 0
    await asyncio.sleep(3)
    kept = await young.finish()
    clock.ahead = 3600 - 1.5
    assert await sweep(house) == 1
    assert set(place.kept()) == {named, f"{kept.name[:2]}/{kept.name}"}
