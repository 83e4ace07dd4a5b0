"""What the customers' OpenAPI document and the operator's both say of a file on a ticket."""

from remotehandsd.web.openapi import Json, headers, in_path, parameter, record, text, time

HEX_32 = "^[0-9a-f]{32}$"
_CONTROLS = r"\x00-\x1f\x7f-\x9f"
_FILE_NAME = rf"^[^{_CONTROLS}]*[^{_CONTROLS}\s][^{_CONTROLS}]*$"

FILE_ID = in_path("file_id", text("The file's id.", pattern=HEX_32, examples=["a0b1c2d3e4f5061728394a5b6c7d8e9f"]))
FILE_NAME = parameter(
    "file_name",
    "query",
    text(
        "The file's name, without control characters: this one counts, not the part's own.",
        most=255,
        minLength=1,
        pattern=_FILE_NAME,
        examples=["report.pdf"],
    ),
    required=True,
)
RANGES = [
    parameter("Range", "header", text("One range of bytes.", examples=["bytes=0-1023"])),
    parameter("If-Range", "header", text("The range is wanted only of the file with this ETag.")),
    parameter("If-None-Match", "header", text("The file is wanted only if its ETag is none of these.")),
]
_BYTES = headers(
    Content_Disposition="The file's name, in an ASCII form and in the true one.",
    ETag="The file's hash, in quotes.",
    Accept_Ranges="`bytes`.",
)
FILE_BODY: Json = {
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
}


def _sent(description: str, **more: str) -> Json:
    return {
        "description": description,
        "headers": _BYTES | headers(**more),
        "content": {"*/*": {"schema": {"description": "Bytes, of the media type that was attached."}}},
    }


SENT: Json = {
    "200": _sent("The file."),
    "206": _sent("The range.", Content_Range="Which bytes of how many."),
    "304": {"description": "The file is one that the caller has.", "headers": headers(ETag="Its hash.")},
    "416": {
        "description": "The file has nothing in this range.",
        "headers": headers(Content_Range="How many bytes it has."),
    },
}
"""How a file is sent, by status."""

ATTACHMENT_EXAMPLE = {
    "id": "a0b1c2d3e4f5061728394a5b6c7d8e9f",
    "filename": "report.pdf",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "createdBy": "Ada Example",
    "createdOn": "2030-08-30 12:30:00",
}
ATTACHMENT = record(
    "A file on a ticket.",
    {
        "id": text("The file's id.", pattern=HEX_32, examples=["a0b1c2d3e4f5061728394a5b6c7d8e9f"]),
        "filename": text("The name that was given when it was attached.", most=255, examples=["report.pdf"]),
        "hash": text("SHA-256 of its bytes in hex.", pattern="^[0-9a-f]{64}$"),
        "createdBy": text("Who attached it, by the name that people know.", examples=["Ada Example"]),
        "createdOn": time("When it was attached.", "2030-08-30 12:30:00"),
    },
)
