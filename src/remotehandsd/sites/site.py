"""A site, and a location within one."""

import msgspec


class Site(msgspec.Struct, frozen=True):
    """A building of the operator's. `code` has 6 characters; `timezone` is an IANA name."""

    code: str
    address: str
    city: str
    metro: str
    country: str
    timezone: str
    retired: bool = False


class Location(msgspec.Struct, frozen=True):
    """A hall, cage or rack. `id` and `parent_id` have 32 hex digits; a root has no parent."""

    id: str
    name: str
    parent_id: str | None
    retired: bool = False
