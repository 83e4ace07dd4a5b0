"""The operations on attachments, as the customers' OpenAPI document describes them."""

from typing import Any

from remotehandsd.web.openapi import (
    PAIR,
    Json,
    answered,
    in_path,
    listing,
    operation,
    parameter,
    ref,
    refused,
)
from remotehandsd.web.openapi_file import ATTACHMENT_EXAMPLE, FILE_BODY, FILE_ID, FILE_NAME, RANGES, SENT
from remotehandsd.web.openapi_safety import KEY
from remotehandsd.web.openapi_ticket import ID
from remotehandsd.web.v1.operations import ONE, OPEN_ONLY, PERMISSION, SENDING

_TICKET = in_path("id", ID)


def _download(id_: str, parameters: list[Json], **more: Any) -> Json:
    return operation(
        id_,
        "Attachments",
        "A file's bytes",
        "Sends a file as it came, or the range of it that was asked for. More than one range gets the whole file. "
        f"{PERMISSION}",
        {
            **SENT,
            **refused(*ONE),
        },
        parameters=[*PAIR, *parameters, *RANGES],
        **more,
    )


ATTACHMENTS: Json = {
    "/v1/attachments": {
        "post": operation(
            "createAttachment",
            "Attachments",
            "Attach a file",
            f"Attaches the part `file`, one a call, of any media type. It is there whole or not at all. {OPEN_ONLY} "
            f"{PERMISSION}",
            {
                "200": answered("The file (200, not 201).", ref("Attachment"), ATTACHMENT_EXAMPLE),
                **refused(*SENDING),
            },
            parameters=[
                *PAIR,
                KEY,
                parameter("requestId", "query", ID, required=True),
                FILE_NAME,
            ],
            requestBody=FILE_BODY,
        )
    },
    "/v1/attachments/{id}": {
        "get": operation(
            "listAttachments",
            "Attachments",
            "A ticket's files",
            f"Lists the files on a ticket, oldest first. {PERMISSION}",
            {
                "200": answered("The files.", listing(ref("Attachment"), "The files."), [ATTACHMENT_EXAMPLE]),
                **refused(*ONE),
            },
            parameters=[*PAIR, _TICKET],
        )
    },
    "/v1/attachments/{id}/file/{file_id}": {"get": _download("getFile", [_TICKET, FILE_ID])},
    "/v1/attachments/file/{file_id}": {"get": _download("getFileByOldAddress", [FILE_ID], deprecated=True)},
}
