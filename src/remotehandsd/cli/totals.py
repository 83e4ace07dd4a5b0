"""`remotehandsd totals`: are the lists' totals the truth?"""

from remotehandsd import tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.cli.faults import Exit, fail, number_of, say
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import WrongTotal

PATIENCE = 3600.0
"""Seconds that counting every ticket may take."""
BY = By(name="remotehandsd totals", environment=Environment.PRODUCTION)


async def compare_totals(house: House, *, mend: bool) -> None:
    """Say which kept totals differ from the tickets that are there, of every environment; with `mend`, mend them."""
    async with (
        house.db.write(EVERY_TENANT, seconds=PATIENCE)
        if mend
        else house.db.read(EVERY_TENANT, long=True, seconds=PATIENCE)
    ) as tx:
        act = Act(tx, BY, house.now())
        wrong = await (tickets.mend_totals if mend else tickets.wrong_totals)(act)
    if not wrong:
        say("The kept totals are right.")
        return
    lines = [_line(total) for total in wrong]
    counted = number_of(len(wrong), "kept total")
    if not mend:
        raise fail(Exit.FAILED, *lines, f"{counted} wrong; `remotehandsd totals --mend` puts them right.")
    say(*lines, f"{counted} mended.")


def _line(total: WrongTotal) -> str:
    kind = " / ".join((total.site, total.status, total.request_type, total.category))
    when = "" if total.slice is None else f", slice {total.slice}"
    return f"account {total.account}, {kind}{when}: kept {total.kept}, there are {total.there}"
