"""What the playground offers to everybody: people to sign in as, and a credential for the first call."""

import msgspec

from remotehandsd import people
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import Offered


class Credential(msgspec.Struct, frozen=True):
    """What the playground shows to everybody, so that the first call works when it is pasted."""

    client_id: str
    client_secret: str
    master_account_id: str
    account_id: str


NOBODY = By(name="", environment=Environment.PLAYGROUND)


async def playground_people(house: House) -> list[Offered]:
    """Return one person of each kind that the playground has."""
    async with house.db.read(EVERY_TENANT) as tx:
        return await people.offered(Act(tx, NOBODY, house.now()))
