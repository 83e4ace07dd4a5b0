"""Wiring: settings -> database, files, mail, seal -> the house, the web, the worker. The only place where all meet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from remotehandsd.access import Gate
from remotehandsd.house import House
from remotehandsd.kit.clock import Clock, system_clock
from remotehandsd.kit.db import Unavailable, embedded_file, is_embedded, open_database
from remotehandsd.kit.files import open_files
from remotehandsd.kit.mail import open_mail
from remotehandsd.kit.outbound import Outbound
from remotehandsd.kit.pictures import Darkroom
from remotehandsd.kit.sealing import Seal, master_key_in
from remotehandsd.kit.sheets import Sheet
from remotehandsd.settings import Settings
from remotehandsd.web.connection import Connection
from remotehandsd.web.door import Door
from remotehandsd.web.front.page import Front
from remotehandsd.web.health import Health
from remotehandsd.web.measures import Measures, sheets_for
from remotehandsd.web.offering import Credential
from remotehandsd.web.people import SigningIn
from remotehandsd.web.routes import routes, with_trying
from remotehandsd.worker import kinds, robots, run, timers, work_off

__all__ = [
    "Connection",
    "Credential",
    "Door",
    "Health",
    "Measures",
    "Sheet",
    "counting",
    "front_door",
    "opened_house",
    "sheets_for",
    "working",
]

MIGRATIONS = Path(__file__).parent / "migrations"
COUNTED_EVERY = 60.0
"""Seconds between two writings of the calls that each app has made."""

log = structlog.get_logger("app")


@asynccontextmanager
async def opened_house(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[House]:
    """Open what a program needs, and close it again. The schema is looked after by `migrate`."""
    is_new = is_embedded(settings.database_url) and not embedded_file(settings.database_url).exists()
    seal = Seal(settings.master_key or master_key_in(settings.data, may_make=is_new))
    db = open_database(
        settings.database_url, MIGRATIONS, owner_url=settings.migration_url, has_wall=settings.tenant_wall
    )
    try:
        files = open_files(settings.files_url, settings.min_free, clock)
        mail = open_mail(settings.smtp_url, settings.mail_from, settings.public_url)
        outbound = Outbound(may_be_private=settings.webhook_private)
        try:
            yield House(settings, db, files, mail=mail, outbound=outbound, seal=seal, pictures=Darkroom(), clock=clock)
        finally:
            await mail.close()
    finally:
        await db.close()


def front_door(house: House, health: Health, credential: Credential | None = None) -> Door:
    """Return the web application. `credential` is shown on the front page: the playground's only."""
    signing_in = SigningIn(has_playground=credential is not None)
    front = Front(credential)
    return Door(house, Gate(house), health, with_trying(routes(health, front, signing_in), front))


async def counting(door: Door, stop: asyncio.Event) -> None:
    """Have this process's calls written down once a minute until `stop` is set, and then once more."""
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), COUNTED_EVERY)
        try:
            await door.gate.write_calls()
        except Unavailable as error:
            log.warning("calls not written down", reason=str(error))


async def working(house: House, stop: asyncio.Event, *, with_robot: bool) -> None:
    """Run the worker's timers and jobs until `stop` is set; the robot's turn is another than the house's."""
    works = [run(house, "timers", timers(), stop), *(work_off(house, kind, stop) for kind in kinds())]
    if with_robot:
        works.append(run(house, "robot", robots(house), stop))
    await asyncio.gather(*works)
