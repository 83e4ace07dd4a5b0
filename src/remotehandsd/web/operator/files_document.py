"""The operations on files, as the operator's OpenAPI document describes them."""

from remotehandsd.web.openapi import BROKEN, Json, answered, listing, operation, ref, refused
from remotehandsd.web.openapi_file import ATTACHMENT_EXAMPLE, FILE_BODY, FILE_ID, FILE_NAME, RANGES, SENT
from remotehandsd.web.openapi_safety import KEY
from remotehandsd.web.openapi_ticket import asked
from remotehandsd.web.operator.operations import SENDING, TICKET_ID

_LOOKING = (401, 403, 404, 429, *BROKEN)

FILES: Json = {
    "/operator/v1/tickets/{id}/attachments": {
        "post": operation(
            "attachFile",
            "Files",
            "Attach a file",
            "Attaches the part `file` for the customer to see, while the ticket is open; it is there whole or not at "
            "all. A photograph (JPEG, PNG or WebP of at most 32 MiB) is made anew: upright, at most 4096 pixels a "
            "side, without position, device and anything else that it says beside the picture; a JPEG, or a PNG where "
            "something shines through. Any staff.",
            {"200": answered("The file.", ref("Attachment"), ATTACHMENT_EXAMPLE), **refused(*SENDING)},
            parameters=[
                TICKET_ID,
                KEY,
                FILE_NAME,
                asked(
                    "photograph",
                    {"type": "boolean", "description": "`true`: the file is a photograph, to be made anew."},
                ),
            ],
            requestBody=FILE_BODY,
        ),
        "get": operation(
            "listFiles",
            "Files",
            "A ticket's files",
            "Lists the files on a ticket, whoever attached them, oldest first. Any staff.",
            {
                "200": answered("The files.", listing(ref("Attachment"), "The files."), [ATTACHMENT_EXAMPLE]),
                **refused(*_LOOKING),
            },
            parameters=[TICKET_ID],
        ),
    },
    "/operator/v1/tickets/{id}/attachments/{file_id}": {
        "get": operation(
            "getFile",
            "Files",
            "A file's bytes",
            "Sends a file as it is kept, or the range of it that was asked for. Any staff.",
            {**SENT, **refused(*_LOOKING)},
            parameters=[TICKET_ID, FILE_ID, *RANGES],
        )
    },
}
