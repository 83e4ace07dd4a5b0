"""`POST /v2/auth/token`: a credential for a token, in the family's dialect (contract.md section 4)."""

from starlette.responses import Response

from remotehandsd.errors import Fault, Invalid, NotSignedIn, Rule
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.peer import peer
from remotehandsd.web.refused import Refused
from remotehandsd.web.v1.refusals import envelope

FIELDS = ("client_id", "client_secret", "grant_type")
WRONG_CREDENTIALS = "Unauthorized. Client credentials are invalid."


async def issue(call: Call) -> Response:
    """Issue a token. `token_type` and the string `expires_in` are the family's oddities, kept for its clients."""
    if not call.is_of("application/x-www-form-urlencoded"):
        raise Refused(415)
    form = {name: values[-1] for name, values in (await call.form()).items()}
    faults = [Fault(name, Rule.MISSING, "This is needed.") for name in FIELDS if not form.get(name, "").strip()]
    if form.get("grant_type", "client_credentials").strip() not in {"", "client_credentials"}:
        faults.append(Fault("grant_type", Rule.WRONG_VALUE, "Only client_credentials is possible."))
    if faults:
        raise Invalid(*faults)
    try:
        issued = await call.gate.issue(form["client_id"], form["client_secret"], address=peer(call))
    except NotSignedIn:
        return envelope(401, WRONG_CREDENTIALS, call.correlation_id, {"Cache-Control": "no-store"})
    return json_answer(
        {
            "access_token": issued.token,
            "token_type": "BearerToken",
            "expires_in": str(issued.usable_seconds),
            "scope": issued.scope,
        },
        headers={"Cache-Control": "no-store"},
    )
