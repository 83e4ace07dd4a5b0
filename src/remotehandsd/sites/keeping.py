"""Adding and changing sites and locations, as the world file and the desk do."""

import secrets

import msgspec

from remotehandsd.act import Act
from remotehandsd.sites import store
from remotehandsd.sites.site import Site


class KeptLocation(msgspec.Struct, frozen=True):
    """A location as the operator names it: by its site's code and its own name; the parent by name too."""

    site: str
    name: str
    parent: str | None = None
    retired: bool = False


async def keep_site(act: Act, site: Site) -> None:
    """Add the site, or change it to this."""
    await store.put_site(act, site)


async def keep_location(act: Act, location: KeptLocation) -> None:
    """Add the location under an id of our own, or change its parent and state; its parent must exist."""
    await store.put_location(
        act,
        {
            "id": secrets.token_hex(16),
            **msgspec.structs.asdict(location) | {"retired": int(location.retired)},
        },
    )
