"""Photographs and files, sent by the ticket's page: plain forms, several at once, odd ones, and each of them once."""

import asyncio
import hashlib
import io
import struct
import zlib

import httpx
import pytest
from PIL import Image

from cast import Desk, Person
from desk_pages import OURS, AtDesk, at_desk, picture
from remotehandsd.house import House

pytestmark = pytest.mark.usefixtures("cheap")

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture
async def tom_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "tom@operator.example")


async def files(tom: Desk, id_: str) -> list[dict[str, str]]:
    return list((await tom.get(f"/operator/v1/tickets/{id_}/attachments")).json())


async def fetched(visitor: AtDesk, id_: str, file: dict[str, str], more: str = "") -> httpx.Response:
    return await visitor.get(f"/desk/tickets/{id_}/files/{file['id']}{more}")


def bomb() -> bytes:
    """Return a PNG that says it is 50,000 pixels wide and high, in a few bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


async def test_a_photograph(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    exif = Image.Exif()
    exif[0x0110] = "A phone of Tom's"
    answer = await tom_there.sends(id_, ("IMG_1.jpg", picture(exif=exif), "image/jpeg"))
    assert answer.headers["location"] == f"/desk/tickets/{id_}?done=attached#files"
    (file,) = await files(tom, id_)
    assert (file["filename"], file["createdBy"]) == ("IMG_1.jpg", "Tom Technician")
    sent = await fetched(tom_there, id_, file)
    assert sent.headers["content-disposition"].startswith("attachment")
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent.headers["content-security-policy"]
    assert not Image.open(io.BytesIO(sent.content)).getexif(), "what the camera said is gone"
    small = await fetched(tom_there, id_, file, "/preview")
    assert small.headers["content-type"] == "image/webp"
    assert small.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(small.content)).size == (480, 360)
    page = await tom_there.sees(id_)
    assert f'src="/desk/tickets/{id_}/files/{file["id"]}/preview"' in page
    assert "Tom Technician attached IMG_1.jpg" in page


async def test_several_at_once_and_each_once(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    three = [(f"{name}.jpg", picture(), "image/jpeg") for name in "abc"]
    for _ in range(2):
        assert (await tom_there.sends(id_, *three)).status_code == 303
    assert [file["filename"] for file in await files(tom, id_)] == ["a.jpg", "b.jpg", "c.jpg"]
    # The same picture under another name, or another one under the same, is another file.
    await tom_there.sends(id_, ("d.jpg", three[0][1], "image/jpeg"), ("a.jpg", picture(), "image/jpeg"))
    assert len(await files(tom, id_)) == 5


async def test_the_same_at_once_is_there_once(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    one = ("a.jpg", picture(), "image/jpeg")
    answers = await asyncio.gather(*(tom_there.sends(id_, one) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await files(tom, id_)) == 1


async def test_what_is_sent_twice_leaves_nothing_behind(
    ada: Person, tom_there: AtDesk, house: House, engine: str
) -> None:
    del engine
    id_ = await ada.opens()
    one = ("a.jpg", picture(), "image/jpeg")
    for _ in range(3):
        await tom_there.sends(id_, one)
    for kind in ("photograph", "file"):
        await tom_there.sends(id_, ("x.svg", SVG * (kind == "photograph"), "image/svg+xml"), kind=kind)
    kept = [path for path in (house.settings.data / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1


async def test_a_file_as_it_is(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    odd = [
        ("drawing.svg", SVG, "image/svg+xml"),
        ("page.html", HTML, "text/html"),
        ("gif.html", b"GIF89a" + HTML, "text/html"),
        ("bomb.png", bomb(), "image/png"),
        ("lies.png", HTML, "image/png"),
        ("../../etc/passwd", b"x", "text/plain"),
        ("C:\\photos\\rack.txt", b"y", "text/plain"),
        ("<script>alert(1)</script>.txt", b"z", "text/plain"),
        ("\u202egnp.exe", b"w", "application/x-msdownload"),
    ]
    assert (await tom_there.sends(id_, *odd, kind="file")).status_code == 303
    kept = await files(tom, id_)
    assert [file["hash"] for file in kept] == [hashlib.sha256(content).hexdigest() for _, content, _ in odd]
    assert kept[5]["filename"] == "passwd"
    assert kept[6]["filename"] == "rack.txt"
    for file in kept:
        sent = await fetched(tom_there, id_, file)
        assert sent.headers["content-disposition"].startswith("attachment"), "never run, never inline"
        assert sent.headers["content-security-policy"] == "default-src 'none'; sandbox"
        small = await fetched(tom_there, id_, file, "/preview")
        assert small.status_code == 404, file
        assert small.headers["content-type"].startswith("text/html")
        assert "alert" not in small.text
    page = await tom_there.sees(id_)
    assert "<script>alert" not in page


async def test_what_is_no_photograph(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    answer = await tom_there.sends(
        id_,
        ("good.jpg", picture(), "image/jpeg"),
        ("drawing.svg", SVG, "image/svg+xml"),
        ("page.jpg", HTML, "image/jpeg"),
        ("bomb.png", bomb(), "image/png"),
        ("half.jpg", picture()[:2000], "image/jpeg"),
        ("empty.jpg", b"", "image/jpeg"),
        ("x" * 300 + ".jpg", picture(), "image/jpeg"),
        ("last.png", picture("PNG"), "image/png"),
    )
    assert answer.status_code == 422
    assert "6 files are not on the ticket." in answer.text
    assert "Attach it as a file instead." in answer.text
    assert "too many pixels" in answer.text
    assert "This file is empty." in answer.text
    assert "too long" in answer.text
    assert [file["filename"] for file in await files(tom, id_)] == ["good.jpg", "last.jpg"], "the good ones are there"


async def test_a_polyglot_is_made_anew(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    await tom_there.sends(id_, ("both.jpg", picture() + HTML + SVG, "image/jpeg"))
    (file,) = await files(tom, id_)
    sent = await fetched(tom_there, id_, file)
    assert b"script" not in sent.content


async def test_no_file_and_no_form(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    at = f"/desk/tickets/{id_}/files"
    assert "No file was chosen." in (await tom_there.sends(id_, ("", b"", "application/octet-stream"))).text
    assert (await tom_there.post(at)).status_code == 415
    for body in (b"", b"--x", b"--x\r\n\r\n", b"garbage"):  # their fields cannot be read, so whose they are
        headers = tom_there.headers | OURS | {"Content-Type": "multipart/form-data; boundary=x"}
        assert (await tom_there.web.post(at, content=body, headers=headers)).status_code in {400, 403}
    assert await files(tom, id_) == []


async def test_a_form_that_breaks_off(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()

    def part(head: str, content: bytes) -> bytes:
        return b"--x\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + content + b"\r\n"

    body = part('name="_environment"', b"playground") + part('name="kind"', b"file")
    body += part('name="file"; filename="whole.txt"', b"all of it") + part('name="file"; filename="half.txt"', b"half")
    headers = tom_there.headers | OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await tom_there.web.post(f"/desk/tickets/{id_}/files", content=body[:-3], headers=headers)
    assert answer.status_code == 422
    assert "The files did not arrive whole." in answer.text
    assert [file["filename"] for file in await files(tom, id_)] == ["whole.txt"]


class TestNoRoom:
    """Where the disk is as good as full."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MIN_FREE": "99.9%"}

    async def test_it_is_worth_another_try(self, ada: Person, tom: Desk, tom_there: AtDesk) -> None:
        id_ = await ada.opens()
        answer = await tom_there.sends(id_, ("a.jpg", picture(), "image/jpeg"))
        assert answer.status_code == 503, "the browser keeps it and sends it again"
        assert "Files cannot be kept just now." in answer.text
        assert await files(tom, id_) == []


async def test_on_a_closed_ticket(ada: Person, tom: Desk, dora: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    await dora.does("cancel", id_, {})
    answer = await tom_there.sends(id_, ("late.jpg", picture(), "image/jpeg"))
    assert answer.status_code == 409
    assert "This is not possible while the ticket is Cancelled." in answer.text
    assert await files(tom, id_) == []


class TestTooLarge:
    """Where files may have 20,000 bytes, and a ticket's together 30,000."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MAX_FILE_BYTES": "20000", "REMOTEHANDS_MAX_TICKET_BYTES": "30000"}

    async def test_one_of_several(self, ada: Person, tom: Desk, tom_there: AtDesk) -> None:
        id_ = await ada.opens()
        answer = await tom_there.sends(
            id_, ("large.txt", b"x" * 20_001, "text/plain"), ("small.txt", b"x" * 100, "text/plain"), kind="file"
        )
        assert answer.status_code == 422
        assert "This file is larger than is allowed." in answer.text
        assert [file["filename"] for file in await files(tom, id_)] == ["small.txt"]

    async def test_all_together(self, ada: Person, tom: Desk, tom_there: AtDesk) -> None:
        id_ = await ada.opens()
        two = [(name, name.encode() * 19_000, "text/plain") for name in "ab"]
        answer = await tom_there.sends(id_, *two, kind="file")
        assert answer.status_code == 422
        assert "too large together" in answer.text
        assert [file["filename"] for file in await files(tom, id_)] == ["a"]


async def test_files_of_another_ticket(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_, other = await ada.opens(), await ada.opens()
    await tom_there.sends(id_, ("a.jpg", picture(), "image/jpeg"))
    (file,) = await files(tom, id_)
    for more in ("", "/preview"):
        assert (await fetched(tom_there, other, file, more)).status_code == 404
    for odd in ("x", "%00", "0" * 32, "../x"):
        assert (await tom_there.get(f"/desk/tickets/{id_}/files/{odd}/preview")).status_code == 404
