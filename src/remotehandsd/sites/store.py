"""All SQL about sites and locations."""

from typing import Any

from remotehandsd.act import Act
from remotehandsd.kit.db import Row
from remotehandsd.sites.site import Location, Site


def _site(row: Row) -> Site:
    code, address, city, metro, country, timezone, retired = row
    return Site(code, address, city, metro, country, timezone, bool(retired))


async def of_account(act: Act) -> list[Site]:
    """Return the sites in use of the act's account."""
    rows = await act.tx.all(
        """
        SELECT s.code, s.address, s.city, s.metro, s.country, s.timezone, s.retired
        FROM account_sites l
        JOIN sites s ON s.key = l.site
        WHERE l.account = :account
        AND s.environment = :environment
        AND s.retired = 0
        ORDER BY s.code
        """,
        account=act.account,
        environment=act.by.environment,
    )
    return [_site(row) for row in rows]


async def is_assigned(act: Act, code: str) -> bool:
    """Tell whether the act's account has the site, and it is in use."""
    row = await act.tx.one(
        """
        SELECT 1
        FROM sites s
        JOIN account_sites l ON l.site = s.key
        WHERE s.environment = :environment
        AND s.code = :code
        AND l.account = :account
        AND s.retired = 0
        """,
        environment=act.by.environment,
        code=code,
        account=act.account,
    )
    return row is not None


async def all_sites(act: Act) -> list[Site]:
    """Return every site of the environment, retired ones included."""
    rows = await act.tx.all(
        """
        SELECT code, address, city, metro, country, timezone, retired
        FROM sites
        WHERE environment = :environment
        ORDER BY code
        """,
        environment=act.by.environment,
    )
    return [_site(row) for row in rows]


async def one(act: Act, code: str) -> Site | None:
    """Return a site of the environment, a retired one, too."""
    row = await act.tx.one(
        """
        SELECT code, address, city, metro, country, timezone, retired
        FROM sites
        WHERE environment = :environment
        AND code = :code
        """,
        environment=act.by.environment,
        code=code,
    )
    return _site(row) if row else None


async def all_locations(act: Act, code: str) -> list[Location]:
    """Return every location of a site, retired ones included, by name."""
    rows = await act.tx.all(
        """
        SELECT l.id, l.name, p.id, l.retired
        FROM locations l
        JOIN sites s ON s.key = l.site
        LEFT JOIN locations p ON p.key = l.parent
        WHERE s.environment = :environment
        AND s.code = :code
        ORDER BY l.name, l.id
        """,
        environment=act.by.environment,
        code=code,
    )
    return [Location(id_, name, parent, bool(retired)) for id_, name, parent, retired in rows]


async def key_of(act: Act, code: str) -> int:
    """Return a site's internal key."""
    row = await act.tx.one(
        "SELECT key FROM sites WHERE environment = :environment AND code = :code",
        environment=act.by.environment,
        code=code,
    )
    assert row is not None, code
    return int(row[0])


async def put_site(act: Act, site: Site) -> None:
    """Add a site, or give it these values."""
    await act.tx.run(
        """
        INSERT INTO sites (environment, code, address, city, metro, country, timezone, retired)
        VALUES (:environment, :code, :address, :city, :metro, :country, :timezone, :retired)
        ON CONFLICT (environment, code) DO UPDATE SET
            address = excluded.address,
            city = excluded.city,
            metro = excluded.metro,
            country = excluded.country,
            timezone = excluded.timezone,
            retired = excluded.retired
        """,
        environment=act.by.environment,
        code=site.code,
        address=site.address,
        city=site.city,
        metro=site.metro,
        country=site.country,
        timezone=site.timezone,
        retired=int(site.retired),
    )


async def put_location(act: Act, values: dict[str, Any]) -> None:
    """Add a location (with the id given), or give it this parent and state (its id stays)."""
    await act.tx.run(
        """
        INSERT INTO locations (site, id, name, parent, retired)
        SELECT s.key, :id, :name,
            (SELECT p.key FROM locations p WHERE p.site = s.key AND p.name = :parent), :retired
        FROM sites s
        WHERE s.environment = :environment
        AND s.code = :site
        ON CONFLICT (site, name) DO UPDATE SET
            parent = excluded.parent,
            retired = excluded.retired
        """,
        environment=act.by.environment,
        **values,
    )
