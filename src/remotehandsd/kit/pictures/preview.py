"""Small pictures of pictures."""

import io

from remotehandsd.kit.pictures.reading import bare, read

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
PREVIEW_SIDE = 480
"""Largest width and height of a preview in pixels."""
PREVIEW_MEDIA_TYPE = "image/webp"
QUALITY = 75


def preview(content: bytes) -> bytes:
    """Return a small WebP of a JPEG, PNG, WebP or GIF (of this the first frame); NoPicture for anything else."""
    made = io.BytesIO()
    bare(read(io.BytesIO(content), KINDS, PREVIEW_SIDE)).save(made, "WEBP", quality=QUALITY)
    return made.getvalue()
