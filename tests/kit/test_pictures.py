"""Pictures within bounds: what is decoded takes the memory that is promised."""

import io

import pytest
from PIL import Image

from remotehandsd.kit.pictures import reading
from remotehandsd.kit.pictures.reading import NoPicture, read

SIDE = 5000
"""25 million pixels: more than may be decoded of several scans."""


def jpeg(side: int, *, progressive: bool) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (side, side), (200, 30, 30)).save(content, "JPEG", progressive=progressive)
    return content.getvalue()


def one_colour_first(content: bytes) -> bytes:
    """Say of a JPEG that its first scan holds one colour of three, so that the others come in scans of their own."""
    at = content.index(b"\xff\xda") + 4
    assert content[at] == 3
    return content[:at] + b"\x01" + content[at + 1 :]


def test_one_scan_may_be_large() -> None:
    assert read(io.BytesIO(jpeg(SIDE, progressive=False)), ("JPEG",), 1000).size == (1000, 1000)


def test_several_scans_may_be_as_large_as_other_pictures() -> None:
    assert read(io.BytesIO(jpeg(1200, progressive=True)), ("JPEG",), 1000).size == (1000, 1000)
    with pytest.raises(NoPicture) as none:
        read(io.BytesIO(jpeg(SIDE, progressive=True)), ("JPEG",), 1000)
    assert none.value.sentence == "The picture has too many pixels."
    with pytest.raises(NoPicture) as none:
        read(io.BytesIO(one_colour_first(jpeg(SIDE, progressive=False))), ("JPEG",), 1000)
    assert none.value.sentence == "The picture has too many pixels."


def test_before_the_picture_may_stand_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    content = jpeg(SIDE, progressive=False)
    small = b"\xff\xfe\x00\x02" * 100
    assert read(io.BytesIO(content[:2] + small + content[2:]), ("JPEG",), 1000).size == (1000, 1000)
    monkeypatch.setattr(reading, "MOST_SEGMENTS", 100)
    with pytest.raises(NoPicture):
        read(io.BytesIO(content[:2] + small + content[2:]), ("JPEG",), 1000)


def test_fill_bytes_hide_no_scan() -> None:
    content = one_colour_first(jpeg(SIDE, progressive=False))
    comment = b"\xff\xff\xfe\x00\x10\xff\xda\x00\x0c\x03" + b"x" * 9
    with pytest.raises(NoPicture) as none:
        read(io.BytesIO(content[:2] + comment + content[2:]), ("JPEG",), 1000)
    assert none.value.sentence == "The picture has too many pixels."


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("RGBA", "WEBP")])
def test_what_takes_more_a_pixel_may_have_fewer(mode: str, kind: str) -> None:
    content = io.BytesIO()
    Image.new(mode, (SIDE, SIDE)).save(content, kind, **({"lossless": True} if kind == "WEBP" else {}))
    with pytest.raises(NoPicture) as none:
        read(content, (kind,), 1000)
    assert none.value.sentence == "The picture has too many pixels."
