"""Reading a picture that may be anything: by its bytes, within bounds, and never trusting what it says of itself."""

import struct
from os import SEEK_CUR
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, JpegImagePlugin

MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 24_000_000, "WEBP": 12_000_000, "GIF": 24_000_000}
"""Largest pictures that are decoded. Each takes some 450 MB at most, for a moment; two are in hand at a time."""
MOST_PIXELS_IN_SCANS = 24_000_000
"""The same for a JPEG of several scans, of which six bytes more a pixel are kept until the last one is read, and for
one in the colours of print, which is decoded whole and then once more."""
MOST_SCANS = 64
"""Scans of one JPEG; an honest progressive one has about ten."""
MOST_SEGMENTS = 2000
"""Segments before the picture itself; an honest JPEG has some dozen, its colours and previews included."""
PIECE = 1 << 20
LONGEST_SIDE = 32_767

FAULTS = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    NotImplementedError,
    MemoryError,
    RuntimeError,
    struct.error,
)
"""What the library raises on pictures that are broken, by accident or on purpose."""

# Its own limit warns or raises after a look at the head; ours stands below, and knows the kinds apart.
Image.MAX_IMAGE_PIXELS = None


class NoPicture(Exception):  # noqa: N818
    """What came is no picture that can be read here; a sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def kind_of(head: bytes) -> str | None:
    """Return which kind of picture begins with these bytes (16 are enough), None for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return "GIF"
    return None


def read(file: BinaryIO, kinds: tuple[str, ...], side: int) -> Image.Image:
    """Return a picture of one of these kinds, upright, in RGB or RGBA (only if something shines through).

    Of several frames it is the first. It is at most `side` pixels wide and high. NoPicture for anything else, for one
    that is damaged or cut short, and for one that is too large to be decoded.
    """
    file.seek(0)
    kind = kind_of(file.read(16))
    file.seek(0)
    if kind not in kinds:
        raise NoPicture(f"This is no picture in one of the forms {', '.join(kinds)}.")
    assert kind is not None
    if kind == "JPEG" and _scans(file) > MOST_SCANS:
        raise NoPicture("The picture has too many layers.")
    try:
        opened = Image.open(file, formats=[kind])
        if opened.width * opened.height > _most_pixels(opened, file) or max(opened.size) > LONGEST_SIDE:
            raise NoPicture("The picture has too many pixels.")
        image: Image.Image = opened
        # A JPEG can be decoded at a half, a quarter or an eighth: never smaller than asked for.
        image.draft("RGB", (side, side))
        image.load()
        profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA"} else None
        # Made smaller before it is turned, and copied only where it must be: each copy of a large one is as much again.
        image = _coloured(image)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        image = _upright(image)
    except FAULTS as error:
        raise NoPicture("The picture is damaged.") from error
    if profile:
        image.info["icc_profile"] = profile
    return image


def _scans(file: BinaryIO) -> int:
    """Count the scans of a JPEG. Each is decoded over the whole picture: thousands of tiny ones would take hours."""
    file.seek(0)
    count, last = 0, b""
    while piece := file.read(PIECE):
        count += (last + piece).count(b"\xff\xda")
        last = piece[-1:]
    file.seek(0)
    return count


def _most_pixels(image: ImageFile.ImageFile, file: BinaryIO) -> int:
    """Return how many pixels may be decoded of a picture that was opened."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile):
        return MOST_PIXELS[image.format or ""]
    is_whole = image.mode != "CMYK" and "progressive" not in image.info and _colours_of_first_scan(file) == image.layers
    return MOST_PIXELS["JPEG"] if is_whole else MOST_PIXELS_IN_SCANS


def _colours_of_first_scan(file: BinaryIO) -> int:
    """Return how many of a JPEG's colours its first scan holds, 0 where none is found."""
    at = file.tell()
    file.seek(2)
    for _ in range(MOST_SEGMENTS):
        marker = file.read(2)
        if marker == b"\xff\xff":
            # Any number of these may stand before a marker.
            file.seek(-1, SEEK_CUR)
            continue
        length = file.read(2)
        if marker == b"\xff\xda":
            held = file.read(1)
            break
        file.seek(max(0, int.from_bytes(length) - 2), SEEK_CUR)
    else:
        held = b""
    file.seek(at)
    return int.from_bytes(held)


def _coloured(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    see_through = image if image.mode == "RGBA" else image.convert("RGBA")
    least, _ = see_through.getchannel("A").getextrema()
    return see_through if least != 255 else see_through.convert("RGB")


def _upright(image: Image.Image) -> Image.Image:
    """Turn a picture as its orientation says; one whose EXIF is broken stays as it is."""
    try:
        return ImageOps.exif_transpose(image)
    except FAULTS:
        return image


def bare(image: Image.Image) -> Image.Image:
    """Return the pixels alone, without anything that the picture says beside them."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean
