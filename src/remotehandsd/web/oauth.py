"""The standard's dialect: `/oauth2/token` (RFC 6749 section 4.4), published keys, and where to find them."""

import base64
import binascii
from urllib.parse import unquote_plus

from starlette.responses import Response

from remotehandsd.errors import NotSignedIn
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.peer import peer
from remotehandsd.web.refused import TEXTS, Refused, as_refused

UNAVAILABLE = "temporarily_unavailable"
NO_STORE = {"Cache-Control": "no-store"}


class Wrong(Exception):  # noqa: N818
    """A token request that RFC 6749 section 5.2 has a word for."""

    def __init__(self, error: str, description: str, *, status: int = 400, basic: bool = False) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status
        self.basic = basic


def answer(error: Exception, correlation_id: str) -> Response:
    """Translate a refusal into the standard's error body."""
    error = as_refused(error)
    headers = dict(NO_STORE)
    if isinstance(error, Wrong):
        if error.basic:
            headers["WWW-Authenticate"] = 'Basic realm="remotehands"'
        return json_answer({"error": error.error, "error_description": error.description}, error.status, headers)
    status = error.status if isinstance(error, Refused) else 500
    if isinstance(error, Refused):
        headers |= error.headers
    # RFC 6749 has no word of its own for too many; this one is its word for an overload.
    name = {429: UNAVAILABLE, 500: "server_error", 503: UNAVAILABLE}.get(status, "invalid_request")
    description = f"See correlation id {correlation_id}." if status >= 500 else "The request is malformed."
    description = TEXTS.get(status, description)
    return json_answer({"error": name, "error_description": description}, status, headers)


def _basic(call: Call) -> tuple[str, str] | None:
    """Return the credential of an HTTP Basic header; both halves are form-encoded (RFC 6749 section 2.3.1)."""
    scheme, _, encoded = call.header("authorization").partition(" ")
    if not scheme:
        return None
    try:
        if scheme.lower() != "basic":
            raise ValueError
        name, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        if not colon:
            raise ValueError
    except (ValueError, binascii.Error):
        raise Wrong("invalid_client", "The Authorization header cannot be read.", status=401, basic=True) from None
    return unquote_plus(name), unquote_plus(secret)


def _credential(call: Call, form: dict[str, list[str]]) -> tuple[str, str]:
    basic = _basic(call)
    if basic and ("client_secret" in form or form.get("client_id", [basic[0]])[0] != basic[0]):
        raise Wrong("invalid_request", "The client gave two credentials.")
    if basic:
        return basic
    if "client_id" not in form or "client_secret" not in form:
        raise Wrong("invalid_client", "A client id and secret are needed.", status=401, basic=True)
    return form["client_id"][0], form["client_secret"][0]


async def issue(call: Call) -> Response:
    """Issue a token by the client credentials grant."""
    if not call.is_of("application/x-www-form-urlencoded"):
        raise Wrong("invalid_request", "The body must be application/x-www-form-urlencoded.")
    form = await call.form()
    if any(len(values) > 1 for values in form.values()):
        raise Wrong("invalid_request", "A parameter is repeated.")
    client_id, client_secret = _credential(call, form)
    grant = form.get("grant_type", [""])[0]
    if not grant:
        raise Wrong("invalid_request", "grant_type is missing.")
    if grant != "client_credentials":
        raise Wrong("unsupported_grant_type", "Only client_credentials is possible.")
    try:
        issued = await call.gate.issue(client_id, client_secret, address=peer(call))
    except NotSignedIn as error:
        raise Wrong("invalid_client", error.sentence, status=401, basic=True) from None
    if form.get("scope", [""])[0] not in {"", issued.scope}:
        raise Wrong("invalid_scope", f"This client's scope is {issued.scope}.")
    return json_answer(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": issued.usable_seconds,
            "scope": issued.scope,
        },
        headers=NO_STORE,
    )


async def keys(call: Call) -> Response:
    """Publish the keys that verify our tokens."""
    return json_answer({"keys": await call.gate.keys.published()}, headers={"Cache-Control": "max-age=5"})


async def metadata(call: Call) -> Response:
    """Say where everything is (RFC 8414)."""
    issuer = call.house.settings.public_url
    return json_answer(
        {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/oauth2/token",
            "jwks_uri": f"{issuer}/.well-known/jwks.json",
            "scopes_supported": ["playground_api", "sandbox_api", "production_api"],
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )
