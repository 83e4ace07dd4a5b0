"""As whom anybody may sign in, to try the playground out."""

from remotehandsd import people
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import Offered

NOBODY = By(name="", environment=Environment.PLAYGROUND)


async def playground_people(house: House) -> list[Offered]:
    """Return one person of each kind that the playground has."""
    async with house.db.read(EVERY_TENANT) as tx:
        return await people.offered(Act(tx, NOBODY, house.now()))
