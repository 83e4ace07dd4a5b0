"""What both OpenAPI documents say of requests that are sent again, of tags, and of limits."""

from remotehandsd.repeats import LONGEST_KEY
from remotehandsd.web.openapi import RETRY_AFTER, Json, headers, parameter, text

KEY = parameter(
    "Idempotency-Key",
    "header",
    text(
        "A text made up for this request, such as a UUID. Sent again with it within 24 hours, the request is answered "
        "as before and not done again. A refusal frees it.",
        most=LONGEST_KEY,
        minLength=1,
        pattern="^[!-~]*$",
        examples=["1c5b2f0e-6d2a-4d8e-9f3b-0a5c7e9d1b24"],
    ),
)
IF_MATCH = parameter(
    "If-Match",
    "header",
    text(
        "Only if the ticket's ETag is one of these; 412 when it is not. `*`: whatever it is.",
        examples=['"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"'],
    ),
)
IF_NONE_MATCH = parameter(
    "If-None-Match", "header", text("Only if the ticket's ETag is none of these; 304 when it is one.")
)
TAG = headers(ETag="A hash of the body, in quotes.")
NOT_MODIFIED: Json = {"304": {"description": "The caller has it as it is.", "headers": TAG}}
IN_PROGRESS = RETRY_AFTER
LIMITED: Json = {
    **RETRY_AFTER,
    **headers(
        RateLimit='What is left: `"default";r=0;t=42`, r requests for t seconds.',
        RateLimit_Policy='What is allowed: `"default";q=600;w=60`, q requests in w seconds.',
    ),
}
SAID = """
Every POST and PUT but the token calls takes an `Idempotency-Key`; `Remotehands-Features: idempotency` on every answer \
says so. Where the operator limits an app's requests, every answer to it carries `RateLimit-Policy` and `RateLimit`, \
and too many are 429.\
"""
