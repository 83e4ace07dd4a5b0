"""The playground's robot: works on what lies there, and rests while somebody tries the pages out."""

from cast import Person
from conftest import SettableClock, load_text
from remotehandsd import people
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.people import PlaygroundKind
from remotehandsd.people.pretending import TRIED_SECONDS
from remotehandsd.worker.robot import Robot

ROBOT = """
environment = "playground"
[[staff]]
email = "robot@operator.example"
name = "Robot Technician"
roles = ["technician", "dispatcher"]
"""


async def test_it_rests_while_somebody_tries_the_pages(house: House, ada: Person, clock: SettableClock) -> None:
    await load_text(house, ROBOT)
    id_ = await ada.opens()
    clock.ahead += 60
    async with house.db.write(EVERY_TENANT) as tx:
        act = Act(tx, By(name="", environment=Environment.PLAYGROUND), house.now())
        await people.sign_in_as(act, PlaygroundKind.TECHNICIAN, device="tests")
    assert await Robot().step(house) == 0
    assert (await ada.ticket(id_))["status"] == "New"
    clock.ahead += TRIED_SECONDS + 1
    assert await Robot().step(house) == 1
    assert (await ada.ticket(id_))["status"] == "In Progress"
