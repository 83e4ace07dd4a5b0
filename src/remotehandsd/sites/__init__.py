"""Sites and their locations: where the cages and racks stand."""

from remotehandsd.sites.keeping import KeptLocation, keep_location, keep_site
from remotehandsd.sites.reading import (
    every_site,
    find,
    has_location,
    is_assigned,
    locations,
    sites_of_account,
    time_zones,
)
from remotehandsd.sites.site import Location, Site
from remotehandsd.sites.store import all_locations, all_sites

__all__ = [
    "KeptLocation",
    "Location",
    "Site",
    "all_locations",
    "all_sites",
    "every_site",
    "find",
    "has_location",
    "is_assigned",
    "keep_location",
    "keep_site",
    "locations",
    "sites_of_account",
    "time_zones",
]
