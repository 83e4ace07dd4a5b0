"""The operations on attachments, as the customers' OpenAPI document describes them."""

from typing import Any

from remotehandsd.web.openapi import (
    Json,
    answered,
    headers,
    in_path,
    listing,
    operation,
    parameter,
    ref,
    refused,
    text,
)
from remotehandsd.web.openapi_ticket import ID
from remotehandsd.web.v1.operations import ONE, OPEN_ONLY, PAIR, PERMISSION, SENDING
from remotehandsd.web.v1.schemas import HEX_32

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
FILE_NAME = rf"^[^{_CONTROLS}]*[^{_CONTROLS}\s][^{_CONTROLS}]*$"

_TICKET = in_path("id", ID)
_FILE = in_path("file_id", text("The file's id.", pattern=HEX_32, examples=["a0b1c2d3e4f5061728394a5b6c7d8e9f"]))
_RANGES = [
    parameter("Range", "header", text("One range of bytes.", examples=["bytes=0-1023"])),
    parameter("If-Range", "header", text("The range is wanted only of the file with this ETag.")),
    parameter("If-None-Match", "header", text("The file is wanted only if its ETag is none of these.")),
]
_BYTES = headers(
    Content_Disposition="The file's name, in an ASCII form and in the true one.",
    ETag="The file's hash, in quotes.",
    Accept_Ranges="`bytes`.",
)

ATTACHMENT_EXAMPLE = {
    "id": "a0b1c2d3e4f5061728394a5b6c7d8e9f",
    "filename": "report.pdf",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "createdBy": "Ada Example",
    "createdOn": "2030-08-30 12:30:00",
}


def _sent(description: str, **more: str) -> Json:
    return {
        "description": description,
        "headers": _BYTES | headers(**more),
        "content": {"*/*": {"schema": {"description": "Bytes, of the media type that was attached."}}},
    }


def _download(id_: str, parameters: list[Json], **more: Any) -> Json:
    return operation(
        id_,
        "Attachments",
        "A file's bytes",
        "Sends a file as it came, or the range of it that was asked for. More than one range gets the whole file. "
        f"{PERMISSION}",
        {
            "200": _sent("The file."),
            "206": _sent("The range.", Content_Range="Which bytes of how many."),
            "304": {"description": "The file is one that the caller has.", "headers": headers(ETag="Its hash.")},
            **refused(*ONE),
            "416": {
                "description": "The file has nothing in this range.",
                "headers": headers(Content_Range="How many bytes it has."),
            },
        },
        parameters=[*PAIR, *parameters, *_RANGES],
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
                parameter("requestId", "query", ID, required=True),
                parameter(
                    "file_name",
                    "query",
                    text(
                        "The file's name, without control characters: this one counts, not the part's own.",
                        most=255,
                        minLength=1,
                        pattern=FILE_NAME,
                        examples=["report.pdf"],
                    ),
                    required=True,
                ),
            ],
            requestBody={
                "required": True,
                "content": {
                    "multipart/form-data": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "file": {
                                    "type": "string",
                                    "format": "binary",
                                    "minLength": 1,
                                    "description": "The file's bytes, at least one.",
                                }
                            },
                            "required": ["file"],
                        }
                    }
                },
            },
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
    "/v1/attachments/{id}/file/{file_id}": {"get": _download("getFile", [_TICKET, _FILE])},
    "/v1/attachments/file/{file_id}": {"get": _download("getFileByOldAddress", [_FILE], deprecated=True)},
}
