"""`/openapi.json`: the customers' API, as OpenAPI 3.1."""

from functools import lru_cache

from starlette.responses import Response

from remotehandsd import wire
from remotehandsd.settings import Settings
from remotehandsd.web.call import Call
from remotehandsd.web.openapi import (
    BROKEN,
    RETRY_AFTER,
    Json,
    account_headers,
    answered,
    choice,
    headers,
    listing,
    operation,
    record,
    ref,
    refused,
    security_schemes,
    text,
)
from remotehandsd.web.openapi_safety import SAID
from remotehandsd.web.openapi_ticket import SOMETHING
from remotehandsd.web.v1.file_operations import ATTACHMENTS
from remotehandsd.web.v1.operations import ACCOUNTS_AND_SITES, COMMENTS, TICKETS
from remotehandsd.web.v1.schemas import RESPONSES, SCHEMAS

DESCRIPTION = """\
Remote hands: people on site do what you ask for in a ticket.

Get a token, list your accounts, and send the pair of account headers with every other call. Times are UTC. \
Paths may end with a slash, unknown headers, query parameters and properties are ignored, and of a repeated query \
parameter the last counts. HEAD answers as GET without a body. A method that an address does not have is 405. \
What is not HTTP at all is answered by the HTTP server itself, in plain text.
"""
TAGS = {
    "Tokens": "From an app's credential to a token.",
    "Accounts": "The accounts that an app may use.",
    "Sites": "Where the work is done.",
    "Tickets": "The work that is asked for.",
    "Comments": "What is written on a ticket.",
    "Attachments": "Files on a ticket.",
    "Server": "How the server is.",
}
TOKEN = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln"  # noqa: S105 - invented
NO_STORE = headers(Cache_Control="`no-store`.")

CLIENT = {"type": "http", "scheme": "basic", "description": "Client id and secret, each form-encoded."}

_ID = text("The app's client id, at most 64 characters.", minLength=1, pattern=SOMETHING, examples=["3f6c1d2e-app"])
_SECRET = text("The app's client secret, at most 64 characters.", minLength=1, pattern=SOMETHING)
_GRANT = choice("The only grant.", ["client_credentials"])


def _form(properties: Json, *, without: tuple[str, ...] = ()) -> Json:
    schema = record("A form.", properties, without=without)
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}


def _standard_refusal(description: str, error: str, **more: str) -> Json:
    example = {"error": error, "error_description": "What is wrong with it."}
    return answered(description, ref("TokenError"), example, headers=NO_STORE | headers(**more))


STANDARD_TOKEN = record(
    "A token, as RFC 6749 section 5.1 has it.",
    {
        "access_token": text("What goes into `Authorization: Bearer <access_token>`."),
        "token_type": choice("Always this word.", ["Bearer"]),
        "expires_in": {"type": "integer", "minimum": 1, "description": "Seconds for which it can be used."},
        "scope": text("The environment that the app belongs to.", examples=["playground_api"]),
    },
)
TOKEN_ERROR = record(
    "How the standard token call says no (RFC 6749 section 5.2).",
    {
        "error": choice(
            "What is wrong.",
            [
                "invalid_request",
                "invalid_client",
                "unsupported_grant_type",
                "invalid_scope",
                "server_error",
                "temporarily_unavailable",
            ],
        ),
        "error_description": text("The same in a sentence."),
    },
)
KEYS = record(
    "The keys that verify tokens (RFC 7517).",
    {
        "keys": listing(
            record(
                "One key.",
                {
                    "kty": choice("Kind of key.", ["RSA"]),
                    "kid": text("Its id."),
                    "use": choice("What it is for.", ["sig"]),
                    "alg": choice("Algorithm.", ["RS256"]),
                    "n": text("Modulus."),
                    "e": text("Exponent."),
                },
            ),
            "All that a living token can be signed with, oldest first.",
        )
    },
)
METADATA = record(
    "Where everything is (RFC 8414).",
    {
        "issuer": text("Who issues the tokens."),
        "token_endpoint": text("Where to get one."),
        "jwks_uri": text("Where the keys are that verify it."),
        "scopes_supported": listing({"type": "string"}, "One for each environment."),
        "response_types_supported": listing({"type": "string"}, "None."),
        "grant_types_supported": listing({"type": "string"}, "`client_credentials`."),
        "token_endpoint_auth_methods_supported": listing({"type": "string"}, "In the header or in the body."),
    },
)
STATE = record("How the server is.", {"status": text("A word or two.", examples=["ready"])})

TOKENS: Json = {
    "/v2/auth/token": {
        "post": operation(
            "issueToken",
            "Tokens",
            "A token, in the family's dialect",
            "Exchanges an app's credential for a token. Many tokens may be alive at once; there is no refresh token. "
            "401 is a wrong client id or secret.",
            {
                "200": answered(
                    "The token.",
                    ref("FamilyToken"),
                    {
                        "access_token": TOKEN,
                        "token_type": "BearerToken",
                        "expires_in": "3599",
                        "scope": "playground_api",
                    },
                    headers=NO_STORE,
                ),
                **refused(400, 401, 413, 415, 429, *BROKEN),
            },
            security=[],
            requestBody=_form({"client_id": _ID, "client_secret": _SECRET, "grant_type": _GRANT}),
        )
    },
    "/oauth2/token": {
        "post": operation(
            "issueStandardToken",
            "Tokens",
            "A token, in the standard's dialect",
            "Exchanges an app's credential for the same token by the client credentials grant of RFC 6749 section "
            "4.4. The credential comes in an HTTP Basic header or in the body, not in both.",
            {
                "200": answered(
                    "The token.",
                    ref("StandardToken"),
                    {
                        "access_token": TOKEN,
                        "token_type": "Bearer",
                        "expires_in": 3599,
                        "scope": "playground_api",
                    },
                    headers=NO_STORE,
                ),
                "400": _standard_refusal("The request cannot be.", "invalid_request"),
                "401": _standard_refusal(
                    "Client id or secret is missing or wrong.", "invalid_client", WWW_Authenticate="`Basic`."
                ),
                "413": _standard_refusal("The form is too large.", "invalid_request"),
                "429": {
                    **_standard_refusal("Too many wrong credentials.", "temporarily_unavailable"),
                    "headers": NO_STORE | RETRY_AFTER,
                },
                "500": _standard_refusal("A fault on the operator's side.", "server_error"),
                "503": {
                    **_standard_refusal("The service cannot work just now.", "temporarily_unavailable"),
                    "headers": NO_STORE | RETRY_AFTER,
                },
            },
            security=[{"client": []}, {}],
            requestBody=_form(
                {
                    "grant_type": _GRANT,
                    "client_id": _ID,
                    "client_secret": _SECRET,
                    "scope": text("The app's own scope, or nothing.", examples=["playground_api"]),
                },
                without=("client_id", "client_secret", "scope"),
            ),
        )
    },
    "/.well-known/jwks.json": {
        "get": operation(
            "getKeys",
            "Tokens",
            "The keys that verify tokens",
            "Publishes the public keys. A new key is published before its first use.",
            {
                "200": answered("The keys.", ref("Keys"), {"keys": []}, headers=headers(Cache_Control="Seconds.")),
                **refused(*BROKEN),
            },
            security=[],
        )
    },
}


def _metadata(url: str) -> Json:
    example = {
        "issuer": url,
        "token_endpoint": f"{url}/oauth2/token",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "scopes_supported": ["playground_api", "sandbox_api", "production_api"],
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    return operation(
        "getMetadata",
        "Tokens",
        "Where everything is",
        "Says where the token call and the keys are, for programs that find out by themselves.",
        {"200": answered("The addresses.", ref("Metadata"), example), **refused(500)},
        security=[],
    )


SERVER: Json = {
    "/healthz": {
        "get": operation(
            "getHealth",
            "Server",
            "Whether the process lives",
            "Answers as long as the process lives.",
            {"200": answered("It lives.", ref("State"), {"status": "alive"})},
            security=[],
        )
    },
    "/readyz": {
        "get": operation(
            "getReadiness",
            "Server",
            "Whether requests should be sent here",
            "Tells whether the database answers and is of this version, and the server is not about to end.",
            {
                "200": answered("Send.", ref("State"), {"status": "ready"}),
                "503": answered("Do not send.", ref("State"), {"status": "draining"}),
                **refused(500),
            },
            security=[],
        )
    },
}


def document(settings: Settings) -> Json:
    """Return the customers' document for a server with these settings."""
    own = {"StandardToken": STANDARD_TOKEN, "TokenError": TOKEN_ERROR, "Keys": KEYS, "Metadata": METADATA}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Remotehands: customers", "version": "1", "description": DESCRIPTION + SAID},
        "servers": [{"url": settings.public_url}],
        "tags": [{"name": name, "description": said} for name, said in TAGS.items()],
        "security": [{"bearer": []}, {"oauth2": []}],
        "paths": {
            **TOKENS,
            "/.well-known/oauth-authorization-server": {"get": _metadata(settings.public_url)},
            **ACCOUNTS_AND_SITES,
            **TICKETS,
            **COMMENTS,
            **ATTACHMENTS,
            **SERVER,
        },
        "components": {
            "schemas": {**SCHEMAS, **own, "State": STATE},
            "responses": RESPONSES,
            "parameters": account_headers(settings),
            "securitySchemes": {**security_schemes(settings.public_url), "client": CLIENT},
        },
    }


@lru_cache(1)
def _encoded(settings: Settings) -> bytes:
    return wire.encode(document(settings))


async def show(call: Call) -> Response:
    """Send the document; it is the same as long as the settings are."""
    return Response(_encoded(call.house.settings), media_type="application/json")
