"""What the OpenAPI documents are built from: schemas, operations, answers."""

from collections.abc import Iterable
from typing import Any

from remotehandsd.settings import Settings
from remotehandsd.tickets.ticket import LIMITS
from remotehandsd.wire import NAMES

Json = dict[str, Any]

TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"

ANSWERS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "NotPossibleNow",
    412: "Changed",
    413: "TooLarge",
    415: "UnsupportedMediaType",
    422: "InvalidInput",
    429: "TooManyRequests",
    500: "SystemError",
    503: "Unavailable",
}
"""What a refusal is called among the components, by its status."""

BROKEN = (500, 503)
"""What can befall every operation that needs the database."""


# Schemas


def text(description: str, *, most: int | None = None, **more: Any) -> Json:
    """Return the schema of a text of at most so many Unicode characters."""
    limit = {} if most is None else {"maxLength": most}
    return {"type": "string", "description": description, **limit, **more}


def field(name: str, description: str, **more: Any) -> Json:
    """Return the property of one of our fields: its wire name, and its limit if the nouns have one for it."""
    return {NAMES[name]: text(description, most=LIMITS.get(name), **more)}


def choice(description: str, values: Iterable[str], **more: Any) -> Json:
    """Return the schema of a text out of a closed set."""
    return {"type": "string", "description": description, "enum": [str(value) for value in values], **more}


def time(description: str, example: str, *, may_be_empty: bool = False) -> Json:
    """Return the schema of a time as the wire writes it."""
    pattern = f"^(?:{TIME})?$" if may_be_empty else f"^{TIME}$"
    return text(f"{description} `yyyy-MM-dd HH:mm:ss` in UTC.", pattern=pattern, examples=[example])


def optional(schema: Json) -> Json:
    """Return a schema that null satisfies too: in a body that is as if the field were not given."""
    allowed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **allowed}


def record(description: str, properties: Json, *, without: Iterable[str] = (), **more: Any) -> Json:
    """Return an object that has all of these properties but perhaps those named in `without`."""
    required = [name for name in properties if name not in set(without)]
    needed = {"required": required} if required else {}
    return {"type": "object", "description": description, "properties": properties, **needed, **more}


def listing(schema: Json, description: str) -> Json:
    """Return the schema of an array."""
    return {"type": "array", "description": description, "items": schema}


def ref(name: str, kind: str = "schemas") -> Json:
    """Point at a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


# Operations


def parameter(name: str, where: str, schema: Json, *, required: bool = False, **more: Any) -> Json:
    """Return a parameter; its description is the schema's."""
    about = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": name,
        "in": where,
        "description": schema["description"],
        "required": required,
        "schema": about,
        **more,
    }


def in_path(name: str, schema: Json) -> Json:
    """Return a part of the path."""
    return parameter(name, "path", schema, required=True)


def json_body(schema: Json, example: Any, *, required: bool = True) -> Json:
    """Return a JSON body."""
    return {"required": required, "content": {"application/json": {"schema": schema, "example": example}}}


def answered(
    description: str, schema: Json, example: Any, *, headers: Json | None = None, media: str = "application/json"
) -> Json:
    """Return an answer with a body."""
    return {
        "description": description,
        **({"headers": headers} if headers else {}),
        "content": {media: {"schema": schema, "example": example}},
    }


def refused(*statuses: int) -> Json:
    """Return the refusals of an operation, by status, as components."""
    return {str(status): ref(ANSWERS[status], "responses") for status in statuses}


def operation(id_: str, tag: str, summary: str, description: str, responses: Json, **more: Any) -> Json:
    """Return an operation."""
    return {
        "operationId": id_,
        "tags": [tag],
        "summary": summary,
        "description": description,
        **more,
        "responses": responses,
    }


def headers(**of: str) -> Json:
    """Return response headers of text, by name (underscores for dashes) with their descriptions."""
    return {name.replace("_", "-"): {"description": said, "schema": {"type": "string"}} for name, said in of.items()}


RETRY_AFTER: Json = {
    "Retry-After": {"description": "Seconds to wait before another try.", "schema": {"type": "integer", "minimum": 0}}
}


def security_schemes(public_url: str) -> Json:
    """Return how a caller shows who he is."""
    scopes = {f"{name}_api": f"The {name} environment." for name in ("playground", "sandbox", "production")}
    grant = {"tokenUrl": f"{public_url}/oauth2/token", "scopes": scopes}
    return {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A token from either token call. The word Bearer may be left out, for old clients.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "The standard way to the same token. The app's own environment is its only scope.",
            "flows": {"clientCredentials": grant},
        },
    }


PAIR = [ref("MasterAccountId", "parameters"), ref("AccountId", "parameters")]
"""The headers that name the account."""


def account_headers(settings: Settings) -> Json:
    """Return the two headers that name the account, in the forms that the settings allow."""

    def header(name: str, what: str, pattern: str, example: str) -> Json:
        schema = text(f"Id of the {what}.", pattern=f"^(?:{pattern})$", examples=[example])
        return parameter(name, "header", schema, required=True)

    master, account = settings.master_account_pattern.pattern, settings.account_pattern.pattern
    return {
        "MasterAccountId": header("Master-Account-Id", "master account", master, "100123"),
        "AccountId": header("Account-Id", "account", account, "0011A00001AaAB1ABC"),
    }
