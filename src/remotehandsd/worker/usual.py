"""Learning what is usual, so that the desk can see which tickets wait longer than others of their kind."""

from remotehandsd import tickets
from remotehandsd.act import Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT


async def learn(house: House) -> None:
    """Work out what is usual in each environment: looked up beside the other requests, then kept."""
    for environment in Environment:
        async with house.db.read(EVERY_TENANT, long=True) as tx:
            learned = await tickets.learn_usual(tx, environment, now=house.now())
        async with house.db.write() as tx:
            await tickets.keep_usual(tx, environment, learned)
