"""Sending a small picture of a file that is a picture: made by us, so that nothing of the file itself is run."""

from starlette.responses import Response

from remotehandsd.errors import NotFound
from remotehandsd.kit.pictures import PREVIEW_MEDIA_TYPE
from remotehandsd.tickets import Attachment
from remotehandsd.web.call import Call

ENDINGS = ("jpg", "jpeg", "png", "webp", "gif")
MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
KEPT_SECONDS = 86_400


def may_have_preview(file: Attachment) -> bool:
    """Tell whether a file says that it is a picture; whether it is one, its bytes will say."""
    return file.media_type in MEDIA_TYPES or file.filename.lower().rpartition(".")[2] in ENDINGS


async def send_preview(call: Call, file: Attachment) -> Response:
    """Answer with a small picture of a file; NotFound for what is none."""
    etag = f'"preview-{file.sha256}"'
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": f"private, max-age={KEPT_SECONDS}",
        "ETag": etag,
    }
    if etag in {candidate.strip() for candidate in call.header("if-none-match").split(",")}:
        return Response(status_code=304, headers=headers)
    made = await call.house.pictures.preview(
        file.sha256, file.size, lambda length: call.house.files.open(file.file, 0, length)
    )
    if made is None:
        raise NotFound("This file has no preview.")
    return Response(made, headers=headers, media_type=PREVIEW_MEDIA_TYPE)
