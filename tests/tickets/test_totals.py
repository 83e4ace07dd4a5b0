"""The kept totals are the truth after everything that can happen to a ticket, in every combination of filters."""

import random
from itertools import product

from cast import Desk, Person
from remotehandsd.house import House
from remotehandsd.tickets import CATEGORIES

TRUTH = """
    SELECT account, site, status, request_type, category, COUNT(*) FROM tickets GROUP BY 1, 2, 3, 4, 5
"""
KEPT = """
    SELECT account, site, status, request_type, category, SUM(tickets) FROM totals GROUP BY 1, 2, 3, 4, 5
    HAVING SUM(tickets) <> 0
"""
PAIRS = [(kind, category) for kind, all_ in CATEGORIES.items() for category in all_]


async def test_totals(house: House, ada: Person, bob: Person, dora: Desk) -> None:
    dice = random.Random(3)
    for number in range(40):
        who = ada if number % 3 else bob
        kind, category = dice.choice(PAIRS)
        id_ = await who.opens(site=dice.choice(["PHX015", "IAD024"]), requestType=kind, category=category)
        for move in dice.choice(
            [[], ["start"], ["start", "complete"], ["ask"], ["ask", "grant-cancellation"], ["start", "ask"], ["cancel"]]
        ):
            answer = await ada.cancels(id_) if move == "ask" else await dora.does(move, id_)
            assert answer.status_code == 200
    await ada.post("/v1/remotehands-tickets", {"title": "refused"})
    async with house.db.write() as tx:
        await tx.run("UPDATE tickets SET category = '' WHERE number = (SELECT MIN(number) FROM tickets)")
    async with house.db.read() as tx:
        assert sorted(await tx.all(KEPT)) == sorted(await tx.all(TRUTH))
    everything = (await ada.get("/v1/remotehands-tickets?size=1000")).json()["content"]
    assert len(everything) == 40
    one = everything[7]
    names = ["site", "status", "requestType", "category", "createdBy"]
    for wanted in product([False, True], repeat=5):
        query = {name: one[name] for name, is_asked in zip(names, wanted, strict=True) if is_asked}
        fitting = [item for item in everything if all(item.get(name) == value for name, value in query.items())]
        page = (await ada.get("/v1/remotehands-tickets", params=query | {"size": "3"})).json()
        assert page["pageable"]["totalElements"] == len(fitting)
        assert page["content"] == fitting[:3]
