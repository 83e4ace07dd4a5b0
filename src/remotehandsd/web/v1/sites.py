"""Sites and locations (contract.md sections 6 and 7)."""

from starlette.responses import Response

from remotehandsd import sites, wire
from remotehandsd.web.call import Call
from remotehandsd.web.json_answer import json_answer
from remotehandsd.web.refused import BadQuery
from remotehandsd.web.signin import for_account


async def list_assigned(call: Call) -> Response:
    """List the sites assigned to the account."""
    await for_account(call)
    return json_answer([wire.site(site) for site in await call.look(sites.sites_of_account)])


async def list_all(call: Call) -> Response:
    """List every site of the environment."""
    await for_account(call)
    return json_answer([wire.site(site) for site in await call.look(sites.every_site)])


async def list_locations(call: Call) -> Response:
    """List the locations of one site of the account; none for a site that it does not have."""
    await for_account(call)
    code = (call.asked("site") or "").strip()
    if not code:
        raise BadQuery(("site", "Mandatory query parameter 'site' is null or empty."))
    return json_answer([wire.location(location) for location in await call.look(sites.locations, code)])
