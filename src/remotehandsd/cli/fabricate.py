"""`remotehandsd fabricate`: years of made-up tickets in seconds, for load tests and capacity planning."""

import asyncio
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from remotehandsd import accounts, events, sites, tickets
from remotehandsd.accounts import KeptAccount, KeptMaster
from remotehandsd.act import Act, By, Environment
from remotehandsd.cli.faults import Exit, fail, say
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, is_embedded
from remotehandsd.sites import KeptLocation, Site
from remotehandsd.tickets import Customer

BY = By(name="remotehandsd fabricate", environment=Environment.PLAYGROUND)
BATCH = 4000
"""Tickets that share a commit on the embedded engine: a server beside waits no longer than for one of these."""
LARGE_BATCH = 20_000
"""The same where nobody waits for another's commit."""
WRITERS = 2
"""Where the database is another process, one makes up while it writes what the other one did."""
REST_SECONDS = 0.012
"""Rest between two batches; who waits for the database looks every 10 ms whether it is free."""

SITES = tuple(
    Site(f"FAB{number:03}", f"{number} Madeup Road", city, city, country, timezone)
    for number, (city, country, timezone) in enumerate(
        (
            ("Phoenix", "United States", "America/Phoenix"),
            ("Ashburn", "United States", "America/New_York"),
            ("Dallas", "United States", "America/Chicago"),
            ("Toronto", "Canada", "America/Toronto"),
            ("London", "United Kingdom", "Europe/London"),
            ("Frankfurt", "Germany", "Europe/Berlin"),
            ("Singapore", "Singapore", "Asia/Singapore"),
            ("Sydney", "Australia", "Australia/Sydney"),
        ),
        start=1,
    )
)
LOCATIONS = ("Hall A", "Hall B", "Suite 150")
PEOPLE = tuple(
    f"{first} {last}"
    for last in ("Madeup", "Fable", "Novel")
    for first in ("Ada", "Ben", "Cleo", "Dan", "Edith", "Finn", "Grace", "Hugo", "Iris", "Jon", "Kim", "Lea")
)
NAMED = 3
"""People who open an account's tickets."""


async def fabricate_tickets(house: House, number: int, *, accounts: int, into: str | None, seed: int) -> None:
    """Write so many tickets into made-up accounts of the playground, or into one that exists, and say how fast."""
    began = time.monotonic()
    async with house.db.write(EVERY_TENANT) as tx:
        act = Act(tx, BY, house.now())
        customers = [await _existing(act, into)] if into is not None else await _made_up(act, accounts)
    made_up = tickets.made_up(customers, number, now=house.now(), seed=seed)
    size = BATCH if is_embedded(house.settings.database_url) else LARGE_BATCH
    batches = iter(lambda: list(islice(made_up, size)), [])
    turn = asyncio.Lock()
    await asyncio.gather(*(_write(house, batches, turn) for _ in range(WRITERS)))
    seconds = time.monotonic() - began
    target = into or f"{len(customers)} accounts, {account_id(1)} and on"
    say(f"{number} tickets into {target}: {seconds:.1f} s, {number / seconds:,.0f} a second.")
    # Nobody who lists them shall have to add up millions of notes first.
    await house.db.tidy()
    async with house.db.write(EVERY_TENANT) as tx:
        await tickets.index_again(tx)


async def _write(house: House, batches: Iterator[list[dict[str, Any]]], turn: asyncio.Lock) -> None:
    """Write batch after batch. Numbers are taken in turn, so that they rise with the time of opening."""
    while True:
        async with house.db.write(EVERY_TENANT) as tx:
            act = Act(tx, BY, house.now())
            async with turn:
                if not (batch := next(batches, [])):
                    return
                numbered = await tickets.number_made_up(act, batch)
            await tickets.keep_made_up(act, numbered)
        await asyncio.sleep(REST_SECONDS)


def master_id(place: int) -> str:
    """Return the id of the master account of the made-up account at this place, counted from 1; four share one."""
    return f"99{(place - 1) // 4 + 1:018}"


def account_id(place: int) -> str:
    """Return the id of the made-up account at this place, counted from 1; the first is the large one."""
    return f"FAB{place:015}"


def _sites_of(place: int) -> tuple[str, ...]:
    """Return the sites of a made-up account: all for the first, one to three for the others."""
    count = len(SITES) if place == 1 else 1 + place % 3
    return tuple(SITES[(place + step) % len(SITES)].code for step in range(count))


async def _made_up(act: Act, count: int) -> list[Customer]:
    """Add what is not there yet of so many made-up accounts, with their masters and sites."""
    there = {account.id for account in await accounts.all_accounts(act)}
    new = [place for place in range(1, count + 1) if account_id(place) not in there]
    if new:
        await _keep_sites(act)
    for place in new:
        master = KeptMaster(master_id(place), f"Made-up Holding {int(master_id(place)[2:])}")
        account = KeptAccount(account_id(place), master.id, f"Made-up Company {place}", _sites_of(place))
        await accounts.keep_master(act, master)
        await accounts.keep_account(act, account)
        await events.record(act, "account.added", about=account.id, after={"name": account.name})
    keys = await accounts.account_keys(act)
    return [
        await _customer(act, keys[account_id(place)], account_id(place), place)
        for place in range(1, count + 1)
        if account_id(place) in keys
    ]


async def _keep_sites(act: Act) -> None:
    there = {site.code for site in await sites.all_sites(act)}
    for site in SITES:
        if site.code not in there:
            await sites.keep_site(act, site)
            await events.record(act, "site.added", about=site.code, after={"city": site.city})
        for name in LOCATIONS:
            await sites.keep_location(act, KeptLocation(site.code, name))


async def _existing(act: Act, id_: str) -> Customer:
    key = (await accounts.account_keys(act)).get(id_)
    if key is None:
        raise fail(Exit.NOT_FOUND, f"--into: the playground has no account {id_}.")
    return await _customer(act, key, id_, 1)


async def _customer(act: Act, key: int, id_: str, place: int) -> Customer:
    """Look up where an account may have work done. One without a site cannot have tickets."""
    act = act.on_account(key)
    places = []
    for site in await sites.sites_of_account(act):
        names = [location.name for location in await sites.locations(act, site.code)]
        places += [(site.code, name) for name in ("", *names)]
    if not places:
        raise fail(Exit.REFUSED, f"Account {id_} has no site; tickets need one.")
    people = tuple(PEOPLE[(place * NAMED + step) % len(PEOPLE)] for step in range(NAMED))
    return Customer(key, tuple(places), people)
