"""How the OpenAPI documents of our own APIs say that they say no: problem documents (RFC 9457)."""

from remotehandsd.web.openapi import ANSWERS, RETRY_AFTER, Json, answered, headers, listing, record, ref, text
from remotehandsd.web.openapi_safety import IN_PROGRESS, LIMITED
from remotehandsd.web.problems import TITLES

PROBLEM = record(
    "How this API says no (RFC 9457).",
    {
        "type": text("Always `about:blank`: the status says it all."),
        "title": text("The status in words."),
        "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The status again."},
        "detail": text("A sentence for the person who asked."),
        "correlationId": text("Joins the answer with the log.", format="uuid"),
        "errors": listing(
            record(
                "One fault.",
                {"field": text('Its wire name, `""` for the body as a whole.'), "message": text("A sentence.")},
            ),
            "Every fault, on 422.",
        ),
    },
    without=("detail", "errors"),
)


def problems(words: dict[int, str], *, field: str) -> Json:
    """Return the refusals of a document as components; `words` says of each status what it means there."""
    return {ANSWERS[status]: _refusal(status, said, field) for status, said in words.items()}


def _refusal(status: int, words: str, field: str) -> Json:
    example: Json = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "correlationId": "6f0b3f0e-3c0f-4b61-9a55-0d6d3a1f0c11",
    }
    if status == 422:
        example["errors"] = [{"field": field, "message": "This is needed."}]
    more = {401: headers(WWW_Authenticate="`Bearer`."), 409: IN_PROGRESS, 429: LIMITED, 503: RETRY_AFTER}
    media = "application/problem+json"
    return answered(words, ref("Problem"), example, headers=more.get(status), media=media)
