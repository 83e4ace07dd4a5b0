"""Files from the desk: as they are, or as photographs made anew (the operator's API)."""

import hashlib
import io
from typing import Any

import httpx
import pytest
from PIL import Image
from test_operator import problem

from cast import Desk, Person
from remotehandsd.house import House


async def _attaches(
    desk: Desk, id_: str, content: bytes, name: str = "proof.jpg", media_type: str = "image/jpeg", **query: str
) -> httpx.Response:
    return await desk.person.request(
        "POST",
        f"/operator/v1/tickets/{id_}/attachments",
        params={"file_name": name, **query},
        files={"file": ("x", content, media_type)},
    )


async def _file(desk: Desk, id_: str, file: str) -> httpx.Response:
    return await desk.get(f"/operator/v1/tickets/{id_}/attachments/{file}")


SECRET = b"NINE-ONE-ONE"


def picture(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    """A picture, red on the left and blue on the right, that says a secret in every place that it has."""
    image = Image.new(mode, size, (255, 0, 0, 255)[: len(mode)])
    image.paste((0, 0, 255, 255)[: len(mode)], (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    exif[0x0112] = more.pop("orientation", 1)
    said = {"exif": exif, "xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>", **more}
    if kind == "JPEG":
        said["comment"] = SECRET
    content = io.BytesIO()
    image.save(content, kind, **said)
    assert SECRET in content.getvalue()
    return content.getvalue()


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


async def test_a_file_is_kept_as_it_is(ada: Person, tess: Desk) -> None:
    id_ = await ada.opens()
    content = picture()
    body = (await _attaches(tess, id_, content, "box 7.jpg")).json()
    assert list(body) == ["id", "filename", "hash", "createdBy", "createdOn"]
    assert (body["filename"], body["createdBy"]) == ("box 7.jpg", "Tess Technician")
    assert body["hash"] == hashlib.sha256(content).hexdigest()
    assert (await ada.get(f"/v1/attachments/{id_}")).json() == [body], "the customer sees it"
    assert (await ada.get(f"/v1/attachments/{id_}/file/{body['id']}")).content == content
    theirs = (await ada.attaches(id_, b"from the customer")).json()
    assert (await tess.get(f"/operator/v1/tickets/{id_}/attachments")).json() == [body, theirs]
    answer = await _file(tess, id_, theirs["id"])
    assert (answer.content, answer.headers["x-content-type-options"]) == (b"from the customer", "nosniff")
    assert (await tess.sees(id_))["history"][1]["type"] == "ticket.attachment_added"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photograph_says_nothing_beside_the_picture(ada: Person, tess: Desk, kind: str) -> None:
    id_ = await ada.opens()
    body = (await _attaches(tess, id_, picture(kind), f"box.{kind.lower()}", photograph="true")).json()
    assert body["filename"] == ("box.jpeg" if kind == "JPEG" else "box.jpg")
    answer = await _file(tess, id_, body["id"])
    assert answer.headers["content-type"] == "image/jpeg"
    assert hashlib.sha256(answer.content).hexdigest() == body["hash"]
    assert SECRET not in answer.content
    image = opened(answer)
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (60, 40), {})
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
    assert image.getpixel((5, 20))[0] > 200  # type: ignore[index]
    assert image.getpixel((55, 20))[2] > 200  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_it_stands_upright(ada: Person, tess: Desk, kind: str) -> None:
    """Orientation 6: the camera was held upright, the first row is the right side."""
    id_ = await ada.opens()
    body = (await _attaches(tess, id_, picture(kind, orientation=6), photograph="true")).json()
    image = opened(await _file(tess, id_, body["id"]))
    assert image.size == (40, 60)
    assert image.getpixel((20, 5))[0] > 200  # type: ignore[index]
    assert image.getpixel((20, 55))[2] > 200  # type: ignore[index]


async def test_what_shines_through_stays_a_png(ada: Person, tess: Desk) -> None:
    id_ = await ada.opens()
    image = Image.new("RGBA", (10, 10), (255, 0, 0, 100))
    content = io.BytesIO()
    image.save(content, "PNG")
    body = (await _attaches(tess, id_, content.getvalue(), "plan.png", photograph="true")).json()
    answer = await _file(tess, id_, body["id"])
    assert (body["filename"], answer.headers["content-type"]) == ("plan.png", "image/png")
    assert opened(answer).getpixel((3, 3)) == (255, 0, 0, 100)
    opaque = (await _attaches(tess, id_, picture("PNG", "RGBA"), "plan.png", photograph="true")).json()
    assert opaque["filename"] == "plan.jpg", "an alpha channel through which nothing shines is none"


async def test_a_large_one_is_made_smaller(ada: Person, tess: Desk) -> None:
    id_ = await ada.opens()
    body = (await _attaches(tess, id_, picture(size=(6000, 3000)), photograph="true")).json()
    assert opened(await _file(tess, id_, body["id"])).size == (4096, 2048)


def _bomb() -> bytes:
    """Some kilobytes of PNG that are 400 million pixels."""
    content = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xd8\xff\xe0 but nothing more", "damaged"),
        (picture()[:-200], "damaged"),
        (picture("PNG")[:120], "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"<html><script>alert(1)</script>", "no picture"),
        (b"%PDF-1.7", "no picture"),
        (b"GIF89a" + bytes(50), "no picture"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "no picture"),
        (b"x", "no picture"),
    ],
)
async def test_what_is_no_photograph(ada: Person, tess: Desk, content: bytes, sentence: str) -> None:
    id_ = await ada.opens()
    [error] = problem(await _attaches(tess, id_, content, photograph="true"), 422)["errors"]
    assert error["field"] == "file"
    assert sentence in error["message"]
    assert (await tess.get(f"/operator/v1/tickets/{id_}/attachments")).json() == []


async def test_a_bomb_is_not_decoded(ada: Person, tess: Desk) -> None:
    id_ = await ada.opens()
    content = _bomb()
    assert len(content) < 200_000
    [error] = problem(await _attaches(tess, id_, content, photograph="true"), 422)["errors"]
    assert error["message"] == "The picture has too many pixels."


def _of_many_scans() -> bytes:
    """Return a small JPEG whose last scan comes a thousand times: each is decoded over the whole picture."""
    image = io.BytesIO()
    Image.new("L", (2000, 2000), 128).save(image, "JPEG", progressive=True)
    whole, end = image.getvalue()[:-2], image.getvalue()[-2:]
    last = whole[whole.rindex(b"\xff\xda") :]
    return whole + last * 1000 + end


async def test_a_picture_of_very_many_scans_is_not_decoded(house: House, ada: Person, tess: Desk) -> None:
    id_ = await ada.opens()
    content = _of_many_scans()
    assert len(content) < 200_000
    [error] = problem(await _attaches(tess, id_, content, photograph="true"), 422)["errors"]
    assert error["message"] == "The picture has too many layers."

    async def pieces(length: int) -> Any:
        yield content[:length]

    assert await house.pictures.preview("many-scans", len(content), pieces) is None
    honest = io.BytesIO()
    Image.effect_noise((300, 200), 60).convert("RGB").save(honest, "JPEG", progressive=True)
    assert (await _attaches(tess, id_, honest.getvalue(), photograph="true")).status_code == 200


async def test_what_cannot_be_attached(ada: Person, tess: Desk, dora: Desk) -> None:
    id_ = await ada.opens()
    for query, field in (({"name": ""}, "file_name"), ({"photograph": "yes"}, "photograph")):
        [error] = problem(await _attaches(tess, id_, b"x", **query), 422)["errors"]
        assert error["field"] == field
    [error] = problem(await _attaches(tess, id_, b""), 422)["errors"]
    assert error["field"] == "file"
    problem(await tess.does("attachments", id_, {}), 415)
    problem(await _attaches(tess, id_, b"x" * (33 * 1024 * 1024), photograph="true"), 413)
    body = (await _attaches(tess, id_, b"x")).json()
    problem(await _file(tess, await ada.opens(), body["id"]), 404)
    problem(await _file(tess, id_, "0" * 32), 404)
    await dora.does("cancel", id_)
    for photograph in ("true", "false"):
        problem(await _attaches(tess, id_, picture(), photograph=photograph), 409)


LINES = [("POST", "attachments?file_name=x"), ("GET", "attachments"), ("GET", "attachments/" + "0" * 32)]


@pytest.mark.parametrize(("method", "path"), LINES)
async def test_who_may_not(ada: Person, tom: Desk, tess: Desk, method: str, path: str) -> None:
    """Tom works at PHX015 only."""
    file = {"files": {"file": ("x", b"x", "text/plain")}} if method == "POST" else {}
    elsewhere = f"/operator/v1/tickets/{await ada.opens(site='IAD024')}/{path}"
    problem(await ada.web.request(method, elsewhere, **file), 401)  # type: ignore[arg-type]
    problem(await ada.request(method, elsewhere, **file), 403)
    problem(await tom.person.request(method, elsewhere, **file), 404)
    problem(await tess.person.request(method, f"/operator/v1/tickets/WO7568/{path}", **file), 404)


async def test_previews(house: House, ada: Person) -> None:
    made = 0

    async def preview(content: bytes, name: str = "") -> bytes | None:
        async def pieces(length: int) -> Any:
            nonlocal made
            made += length
            yield content[:length]

        return await house.pictures.preview(name or hashlib.sha256(content).hexdigest(), len(content), pieces)

    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        image = io.BytesIO()
        Image.new("RGB", (1000, 500), (255, 0, 0)).save(image, kind)
        small = await preview(image.getvalue())
        assert small is not None
        shown = Image.open(io.BytesIO(small))
        assert (shown.format, shown.size) == ("WEBP", (480, 240))
    small = await preview(picture(orientation=6))
    assert small is not None
    assert SECRET not in small
    assert Image.open(io.BytesIO(small)).size == (40, 60)
    before = made
    assert await preview(picture(orientation=6)) == small
    assert made == before, "it is remembered"
    for content in (
        b"<svg/>",
        b"<html>",
        b"%PDF-1.7",
        b"",
        b"x",
        _bomb(),
        picture()[:-200],
        b"\xff\xd8\xff" + bytes(9),
    ):
        assert await preview(content) is None
    long = b"not a picture" * 100_000
    before = made
    assert await preview(long) is None
    assert made == before + 16, "what does not begin like a picture is not read"


async def test_previews_that_are_kept_are_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remotehandsd.kit.pictures.darkroom.KEPT_BYTES", 3000)
    reads = []

    async def preview(number: int) -> None:
        content = picture(size=(100 + number, 10))

        async def pieces(length: int) -> Any:
            reads.append(number)
            yield content[:length]

        assert await house.pictures.preview(str(number), len(content), pieces)

    for number in (*range(50), 49, 0):
        await preview(number)
    assert reads.count(49) == 2, "read twice for the one making: its beginning, and all of it"
    assert reads.count(0) == 4, "and this one had to go"
