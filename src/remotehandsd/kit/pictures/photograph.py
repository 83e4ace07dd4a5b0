"""Photographs made anew: upright, not too large, and without position, device, names and comments."""

import io
from typing import BinaryIO

import msgspec
from PIL import Image, ImageCms

from remotehandsd.kit.pictures.reading import FAULTS, bare, read

KINDS = ("JPEG", "PNG", "WEBP")
SIDE = 4096
"""Largest width and height in pixels."""
QUALITY = 85
MOST_BYTES = 32 * 1024 * 1024
"""Largest file that is taken for a photograph."""


class Photograph(msgspec.Struct, frozen=True):
    """A picture made anew, its media type, and how names of such files end."""

    content: bytes
    media_type: str
    ending: str

    def name(self, filename: str) -> str:
        """Return a file's name with an ending that is true of this picture."""
        stem, dot, ending = filename.rpartition(".")
        endings = {".jpg": {"jpg", "jpeg"}, ".png": {"png"}}[self.ending]
        if dot and stem.strip() and ending.lower() in endings:
            return filename
        if not (dot and stem.strip() and ending.lower() in {"jpg", "jpeg", "png", "webp", "heic"}):
            stem = filename
        return stem[: 255 - len(self.ending)] + self.ending


def photograph(file: BinaryIO) -> Photograph:
    """Return a JPEG, PNG or WebP made anew as a JPEG, or as a PNG where something shines through."""
    image = read(file, KINDS, SIDE)
    image = bare(_in_common_colours(image))
    made = io.BytesIO()
    if image.mode == "RGBA":
        image.save(made, "PNG")
        return Photograph(made.getvalue(), "image/png", ".png")
    image.save(made, "JPEG", quality=QUALITY)
    return Photograph(made.getvalue(), "image/jpeg", ".jpg")


def _in_common_colours(image: Image.Image) -> Image.Image:
    """Convert to sRGB, for which anybody takes a picture without a profile. A wrong profile is no profile."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=image.mode)
    except (*FAULTS, ImageCms.PyCMSError):
        return image
    return converted or image
