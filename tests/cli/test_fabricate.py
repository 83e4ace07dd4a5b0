"""`remotehandsd fabricate`: made-up tickets that look like years of real ones."""

import subprocess
import time
from collections.abc import Callable

from cast import Person
from remotehandsd.house import House
from remotehandsd.tickets import CATEGORIES

Command = Callable[..., subprocess.CompletedProcess[str]]
TRUTH = """
    SELECT account, site, status, request_type, category, COUNT(*) FROM tickets GROUP BY 1, 2, 3, 4, 5
"""
KEPT = """
    SELECT account, site, status, request_type, category, SUM(tickets) FROM totals GROUP BY 1, 2, 3, 4, 5
    HAVING SUM(tickets) <> 0
"""


async def test_into_made_up_accounts(house: House, command: Command) -> None:
    done = command("fabricate", "--tickets", "3000", "--accounts", "20")
    assert done.returncode == 0, done.stderr
    assert "3000 tickets into 20 accounts" in done.stdout
    async with house.db.read() as tx:
        counts = [row[0] for row in await tx.all("SELECT COUNT(*) FROM tickets GROUP BY account ORDER BY account")]
        assert sum(counts) == 3000
        assert len(counts) == 20
        assert counts[0] == 300, "the first account gets a tenth"
        pairs = {(kind, category) for kind, all_ in CATEGORIES.items() for category in all_}
        found = await tx.all("SELECT DISTINCT request_type, category FROM tickets")
        assert {tuple(row) for row in found} == pairs
        statuses = dict(await tx.all("SELECT status, COUNT(*) FROM tickets GROUP BY status"))
        assert len(statuses) == 5
        assert statuses["Completed"] > 2000
        first, last = await tx.one("SELECT MIN(created_at), MAX(created_at) FROM tickets") or (0, 0)
        assert last <= time.time()
        assert 4.8 < (last - first) / (365 * 86400) < 5.1
        unordered = await tx.one(
            "SELECT COUNT(*) FROM tickets a JOIN tickets b ON b.number = a.number + 1 WHERE b.created_at < a.created_at"
        )
        assert unordered == (0,)
        odd = await tx.one(
            """
            SELECT COUNT(*) FROM tickets
            WHERE (closed_at IS NULL) = (status IN ('Completed', 'Cancelled')) OR updated_at < created_at
            OR (cancel_reason IS NULL) = (status IN ('Cancelled', 'Cancellation Requested'))
            """
        )
        assert odd == (0,)
        assert await tx.one("SELECT COUNT(*) FROM events WHERE type = 'ticket.created'") == (3000,)
        assert sorted(await tx.all(KEPT)) == sorted(await tx.all(TRUTH))
    again = command("fabricate", "--tickets", "100", "--accounts", "20")
    assert again.returncode == 0, again.stderr
    async with house.db.read() as tx:
        assert await tx.one("SELECT COUNT(*), COUNT(DISTINCT account) FROM tickets") == (3100, 20)


async def test_into_an_account_that_exists(house: House, command: Command, ada: Person, max: Person) -> None:
    done = command("fabricate", "--tickets", "60", "--into", "0011A00001AaAB1ABC", "--seed", "5")
    assert done.returncode == 0, done.stderr
    page = (await ada.get("/v1/remotehands-tickets?size=100")).json()
    assert page["pageable"]["totalElements"] == len(page["content"]) == 60
    assert {item["site"] for item in page["content"]} <= {"PHX015", "IAD024"}
    assert (await ada.ticket(page["content"][30]["id"]))["comments"] == []
    assert (await max.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 0
    id_ = await ada.opens()
    assert int(id_[2:]) > int(page["content"][0]["id"][2:]), "the numbers go on"


def test_into_nowhere(house: House, command: Command) -> None:
    done = command("fabricate", "--tickets", "1", "--into", "0099Z00009ZzZZ9ZZZ")
    assert done.returncode == 4
    assert "no account" in done.stderr
    both = command("fabricate", "--tickets", "1", "--into", "x", "--accounts", "3")
    assert both.returncode == 2
