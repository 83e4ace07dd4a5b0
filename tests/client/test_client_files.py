"""Files on their way up and down: their names, their bytes, and what is left when something breaks."""

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odd import CUT, Family, Reply, Seen, serving
from remotehands import AsyncClient, Client, FileFault, NotFound
from remotehands.receiving import safe_name

CONTENT = bytes(range(256)) * 2000
HASH = hashlib.sha256(CONTENT).hexdigest()
ID = "f" * 32


class Shelf(Family):
    """A server with one file; what it says of the file can be changed."""

    def __init__(self) -> None:
        super().__init__()
        self.file: dict[str, Any] = {"id": ID, "filename": "report.pdf", "hash": HASH}
        self.replies: list[Reply | None] = []

    def _carried_out(self, seen: Seen) -> Reply:
        if seen.path == f"/v1/attachments/WO1/file/{ID}":
            return self.replies.pop(0) if self.replies else Reply(200, CONTENT)  # type: ignore[return-value]
        return Reply(200, [self.file])


@pytest.fixture
def family() -> Shelf:
    return Shelf()


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\system.ini", "system.ini"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("..", "otherwise"),
        ("a/..", "otherwise"),
        ("", "otherwise"),
        (" . ", "otherwise"),
        ("folder/", "otherwise"),
        (".bashrc", "bashrc"),
        ("a\x00b\x1b[31m\n.txt", "ab[31m.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("aux .txt", "_aux .txt"),
        ("x" * 199 + " .  y" + "z" * 30, "x" * 199),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("file.txt:stream", "file.txt_stream"),
        ("ends. . ", "ends"),
        ("Grüße.txt", "Grüße.txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("ü" * 300, "ü" * 100),
    ],
)
def test_names(sent: str, kept: str) -> None:
    assert safe_name(sent, "otherwise") == kept


@given(
    st.text(alphabet=st.one_of(st.sampled_from("./\\:*\x00\n\x1b~ CONul\u202e\ud800"), st.characters()), max_size=300)
)
def test_a_name_is_harmless_whatever_was_sent(sent: str) -> None:
    kept = safe_name(sent, "otherwise")
    assert kept
    assert PurePosixPath(kept).name == kept
    assert PureWindowsPath(kept).name == kept
    assert not kept.startswith(".")
    assert kept == kept.rstrip(". ")
    assert len(kept.encode()) <= 255
    assert not any(unicodedata.category(one).startswith("C") for one in kept)
    assert safe_name(kept, "otherwise") == kept


def test_down_into_a_folder(client: Client, there: Path) -> None:
    told = []
    path = client.tickets.download("WO1", ID, there, progress=lambda done, size: told.append((done, size)))
    assert path == there / "report.pdf"
    assert path.read_bytes() == CONTENT
    assert names(there) == ["report.pdf"]
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


async def test_down_under_asyncio(async_client: AsyncClient, there: Path) -> None:
    async with async_client as client:
        assert (await client.tickets.download("WO1", ID, there)).read_bytes() == CONTENT
    assert names(there) == ["report.pdf"]


def test_down_as_the_umask_says(client: Client, there: Path) -> None:
    before = os.umask(0o027)
    try:
        path = client.tickets.download("WO1", ID, there / "another name")
    finally:
        os.umask(before)
    assert path == there / "another name"
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_hostile_name_stays_in_the_folder(family: Shelf, client: Client, there: Path) -> None:
    family.file["filename"] = "../../../outside.txt"
    assert client.tickets.download("WO1", ID, there) == there / "outside.txt"
    family.file["filename"] = ".."
    assert client.tickets.download("WO1", ID, there) == there / ID


def test_nothing_is_overwritten_unless_told(family: Shelf, client: Client, there: Path) -> None:
    (there / "report.pdf").write_text("mine")
    (there / "link").symlink_to(there / "nowhere")
    for path in (there, there / "report.pdf", there / "link"):
        with pytest.raises(FileExistsError, match="nothing was overwritten"):
            client.tickets.download("WO1", ID, path)
    assert (there / "report.pdf").read_text() == "mine"
    assert names(there) == ["link", "report.pdf"]
    client.tickets.download("WO1", ID, there, overwrite=True)
    assert (there / "report.pdf").read_bytes() == CONTENT


def test_nothing_is_overwritten_that_comes_meanwhile(client: Client, there: Path) -> None:
    def somebody_else(*_: object) -> None:
        (there / "report.pdf").write_text("theirs")

    with pytest.raises(FileExistsError):
        client.tickets.download("WO1", ID, there, progress=somebody_else)
    assert (there / "report.pdf").read_text() == "theirs"
    assert names(there) == ["report.pdf"]


@pytest.mark.parametrize("etag", ["", f'"{HASH}"'])
def test_other_bytes_than_announced_are_not_kept(family: Shelf, client: Client, there: Path, etag: str) -> None:
    family.file["hash"] = "" if etag else HASH
    family.replies = [Reply(200, CONTENT[:-1] + b"!", {"ETag": etag} if etag else {})]
    with pytest.raises(FileFault, match=r"report\.pdf came with other bytes"):
        client.tickets.download("WO1", ID, there)
    assert names(there) == []


def test_a_hash_of_another_kind_is_not_compared(family: Shelf, client: Client, there: Path) -> None:
    family.file["hash"] = "d41d8cd98f00b204e9800998ecf8427e"
    assert client.tickets.download("WO1", ID, there).read_bytes() == CONTENT


def test_a_broken_download_begins_anew(family: Shelf, client: Client, there: Path) -> None:
    family.replies = [Reply(200, CONTENT[:300_000], length=len(CONTENT)), CUT]
    assert client.tickets.download("WO1", ID, there).read_bytes() == CONTENT


def test_nothing_of_a_broken_download_is_left_in_the_next(family: Shelf, client: Client, there: Path) -> None:
    short = b"the file was replaced"
    family.file["hash"] = hashlib.sha256(short).hexdigest()
    family.replies = [Reply(200, CONTENT, length=len(CONTENT) + 1), Reply(200, short)]
    assert client.tickets.download("WO1", ID, there).read_bytes() == short


def test_an_interrupted_download_leaves_nothing(client: Client, there: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.tickets.download("WO1", ID, there, progress=interrupt)
    assert names(there) == []


def test_a_file_that_the_ticket_does_not_have(client: Client, there: Path) -> None:
    with pytest.raises(NotFound, match="has no file"):
        client.tickets.download("WO1", "0" * 32, there)
    assert names(there) == []


class Uploads(Family):
    """A server that takes files."""

    def _carried_out(self, seen: Seen) -> Reply:
        return Reply(
            200, {"id": ID, "filename": seen.query["file_name"], "hash": "", "createdOn": "2030-08-30 12:30:00"}
        )


@pytest.fixture
def uploads() -> Iterator[tuple[Uploads, Client]]:
    family = Uploads()
    with serving(family) as url, Client(url, "id", "secret") as client:
        yield family, client


def test_up_with_a_known_length(uploads: tuple[Uploads, Client], tmp_path: Path) -> None:
    family, client = uploads
    file = tmp_path / 'Grüße "x".txt'
    file.write_bytes(CONTENT)
    told = []
    client.tickets.attach("WO1", file, progress=lambda done, size: told.append((done, size)))
    (asked,) = family.asked
    assert asked.query == {"requestId": "WO1", "file_name": file.name}
    assert "transfer-encoding" not in asked.headers
    head, _, rest = asked.body.partition(b"\r\n\r\n")
    assert b'name="file"' in head
    assert b"Content-Type: text/plain" in head
    assert rest.startswith(CONTENT + b"\r\n--")
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_a_file_that_shrinks_while_it_is_read(uploads: tuple[Uploads, Client], tmp_path: Path) -> None:
    family, client = uploads
    file = tmp_path / "log.txt"
    file.write_bytes(CONTENT)
    with pytest.raises(FileFault, match=r"log\.txt became shorter while it was read"):
        client.tickets.attach("WO1", file, progress=lambda *_: os.truncate(file, 10))
    assert family.asked == []


def test_a_file_that_grows_is_sent_as_it_was(uploads: tuple[Uploads, Client], tmp_path: Path) -> None:
    family, client = uploads
    file = tmp_path / "log.txt"
    file.write_bytes(CONTENT)

    def grow(*_: object) -> None:
        with file.open("ab") as more:
            more.write(b"more")

    client.tickets.attach("WO1", file, progress=grow)
    assert b"more" not in family.asked[0].body
    assert CONTENT in family.asked[0].body


def test_a_file_that_vanishes_is_read_to_its_end(uploads: tuple[Uploads, Client], tmp_path: Path) -> None:
    """Whoever has opened a file keeps it; on Windows it cannot vanish."""
    family, client = uploads
    file = tmp_path / "log.txt"
    file.write_bytes(CONTENT)
    client.tickets.attach("WO1", file, progress=lambda *_: file.unlink(missing_ok=True))
    assert CONTENT in family.asked[0].body


def test_a_file_that_is_not_there(uploads: tuple[Uploads, Client], tmp_path: Path) -> None:
    family, client = uploads
    with pytest.raises(FileNotFoundError):
        client.tickets.attach("WO1", tmp_path / "nothing")
    with pytest.raises(IsADirectoryError):
        client.tickets.attach("WO1", tmp_path)
    assert family.asked == []
