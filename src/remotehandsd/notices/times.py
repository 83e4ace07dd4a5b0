"""A moment for people: on the site's clock, and in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def moment(at: int, zone: str) -> str:
    """Return such as `2030-05-26 14:07 MST (21:07 UTC)`; the date once more where it is another one in UTC."""
    in_utc = datetime.fromtimestamp(at, UTC)
    try:
        here = in_utc.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        here = in_utc
    if here.utcoffset() == in_utc.utcoffset():
        return f"{in_utc:%Y-%m-%d %H:%M} UTC"
    name = here.tzname() or ""
    name = f"UTC{name}" if name[:1] in {"+", "-"} else name
    form = "%H:%M" if here.date() == in_utc.date() else "%Y-%m-%d %H:%M"
    return f"{here:%Y-%m-%d %H:%M} {name} ({in_utc:{form}} UTC)"
