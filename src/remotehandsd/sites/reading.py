"""Looking at sites and locations."""

from remotehandsd.act import Act
from remotehandsd.kit.db import can_be_kept
from remotehandsd.sites import store
from remotehandsd.sites.site import Location, Site


async def sites_of_account(act: Act) -> list[Site]:
    """Return the sites assigned to the act's account, by code."""
    return await store.of_account(act)


async def every_site(act: Act) -> list[Site]:
    """Return every site of the act's environment that is in use, by code."""
    return [site for site in await store.all_sites(act) if not site.retired]


async def find(act: Act, code: str) -> Site | None:
    """Return the site of this code, in use or not: old tickets still name it."""
    return await store.one(act, code)


async def time_zones(act: Act) -> dict[str, str]:
    """Return the time zone of every site of the act's environment, by code; retired ones too: old tickets name them."""
    return {site.code: site.timezone for site in await store.all_sites(act)}


async def is_assigned(act: Act, code: str) -> bool:
    """Tell whether the act's account has this site."""
    return can_be_kept(code) and await store.is_assigned(act, code)


async def locations(act: Act, code: str) -> list[Location]:
    """Return the locations of a site of the act's account, by name; none for a site that it does not have.

    A location under a retired one is hidden with it, so that every parent named is in the answer.
    """
    if not await is_assigned(act, code):
        return []
    found = await store.all_locations(act, code)
    by_id = {location.id: location for location in found}

    def is_shown(location: Location) -> bool:
        while not location.retired:
            if location.parent_id is None:
                return True
            location = by_id[location.parent_id]
        return False

    return [location for location in found if is_shown(location)]


async def has_location(act: Act, code: str, name: str) -> bool:
    """Tell whether a site of the act's account shows a location of this name."""
    return any(location.name == name for location in await locations(act, code))
