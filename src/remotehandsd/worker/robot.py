"""The playground's robot: a pretended technician, so that an integrator sees a ticket's whole life in a minute.

It acts through the same verbs as everybody, leaves alone what a person has taken, and never leaves the playground.
"""

from remotehandsd import accounts, people, tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.errors import LostRace, Refusal
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import Status

MOST = 200
REFUSED_WHEN = "too late"
"""A cancellation is refused when the title says this."""


class Robot:
    """Takes one step for each ticket that rests for REMOTEHANDS_ROBOT_SECONDS."""

    async def step(self, house: House) -> int:
        """Move every ticket whose time has come by one step; return how many were moved.

        It rests while somebody tries the pages out as one of the playground's people: the work is his.
        """
        nobody = By(name="", environment=Environment.PLAYGROUND)
        async with house.db.read(EVERY_TENANT) as tx:
            if await people.is_tried(tx, now=house.now()):
                return 0
            by = await accounts.staff_member(Act(tx, nobody, house.now()), people.ROBOT)
            if by is None or by.staff is None:
                return 0
            before = int(house.clock() - house.settings.robot_seconds)
            waiting = await tickets.waiting_for(Act(tx, by, house.now()), by.staff, before=before, most=MOST)
        moved = 0
        for number, status, title, has_written in waiting:
            moved += await self._move(house, by, number, status=status, title=title, has_written=bool(has_written))
        return moved

    async def _move(self, house: House, by: By, number: int, *, status: str, title: str, has_written: bool) -> bool:
        try:
            async with house.db.write(EVERY_TENANT) as tx:
                act = Act(tx, by, house.now())
                match status:
                    case Status.NEW:
                        await tickets.start(act, number)
                    case Status.IN_PROGRESS if not has_written:
                        await tickets.note(act, number, "I am at the rack and have begun.", False)
                    case Status.IN_PROGRESS:
                        await tickets.complete(act, number)
                    case _ if REFUSED_WHEN in title.lower():
                        await tickets.refuse_cancellation(act, number, "The work is too far along to be called off.")
                    case _:
                        await tickets.grant_cancellation(act, number)
        except (Refusal, LostRace):
            # Somebody was quicker; the next look sees how it stands.
            return False
        return True
