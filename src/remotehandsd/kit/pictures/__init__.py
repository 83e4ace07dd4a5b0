"""Pictures: photographs made anew without what they tell beside the picture, and small previews."""

from remotehandsd.kit.pictures.darkroom import Darkroom
from remotehandsd.kit.pictures.photograph import MOST_BYTES, Photograph
from remotehandsd.kit.pictures.preview import PREVIEW_MEDIA_TYPE, PREVIEW_SIDE
from remotehandsd.kit.pictures.reading import NoPicture

__all__ = ["MOST_BYTES", "PREVIEW_MEDIA_TYPE", "PREVIEW_SIDE", "Darkroom", "NoPicture", "Photograph"]
