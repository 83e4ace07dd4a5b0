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
