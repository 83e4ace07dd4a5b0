"""What an environment has now, by kind and id."""

from typing import Any

from remotehandsd import accounts, sites
from remotehandsd.act import Act
from remotehandsd.sites import KeptLocation
from remotehandsd.world.entry import Kind

Standing = dict[Kind, dict[str, Any]]


async def standing(act: Act) -> Standing:
    """Return everything in the act's environment, retired things included."""
    every_site = {site.code: site for site in await sites.all_sites(act)}
    return {
        Kind.SITE: every_site,
        Kind.LOCATION: {
            f"{location.site}/{location.name}": location
            for code in every_site
            for location in await _locations(act, code)
        },
        Kind.MASTER: {master.id: master for master in await accounts.all_masters(act)},
        Kind.ACCOUNT: {account.id: account for account in await accounts.all_accounts(act)},
        Kind.USER: {user.email: user for user in await accounts.all_users(act)},
        Kind.STAFF: {member.email: member for member in await accounts.all_staff(act)},
        Kind.APP: {app.client_id: app for app in await accounts.all_apps(act)},
    }


async def _locations(act: Act, code: str) -> list[KeptLocation]:
    found = await sites.all_locations(act, code)
    names = {location.id: location.name for location in found}
    return [
        KeptLocation(code, location.name, names[location.parent_id] if location.parent_id else None, location.retired)
        for location in found
    ]
