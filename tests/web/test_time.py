"""Time worked on a ticket: started, stopped, booked, corrected (the operator's API)."""

import asyncio
from typing import Any

import pytest
from test_operator import problem

from cast import Desk, Person
from conftest import SettableClock
from remotehandsd import wire
from remotehandsd.house import House


async def _time(desk: Desk, id_: str) -> tuple[int, list[dict[str, Any]]]:
    answer = await desk.get(f"/operator/v1/tickets/{id_}/time")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert list(body) == ["totalMinutes", "entries"]
    assert (await desk.sees(id_))["time"] == body
    return body["totalMinutes"], body["entries"]


async def _corrects(desk: Desk, id_: str, entry: str, **body: Any) -> Any:
    return await desk.person.put(f"/operator/v1/tickets/{id_}/time/{entry}", body)


def _ago(house: House, minutes: float) -> str:
    return wire.when(int(house.now() - 60 * minutes))


async def test_start_and_stop(ada: Person, tess: Desk, house: House, clock: SettableClock) -> None:
    id_ = await ada.opens()
    began = wire.when(house.now())
    assert (await tess.does("time/start", id_)).status_code == 200
    clock.ahead = 61
    total, [entry] = await _time(tess, id_)
    assert list(entry) == ["id", "workedBy", "from", "to", "minutes", "note"]
    assert entry["from"] >= began
    assert (entry["workedBy"], entry["to"], entry["minutes"], total) == ("Tess Technician", "", 2, 2)
    assert (await tess.does("time/start", id_)).json()["time"]["entries"] == [entry], "a double tap is no second entry"
    clock.ahead = 25 * 60
    body = (await tess.does("time/stop", id_, {"note": "Optic reseated"})).json()
    [entry] = body["time"]["entries"]
    assert (entry["minutes"], entry["note"]) == (25, "Optic reseated")
    assert [event["type"] for event in body["history"]] == [
        "ticket.created",
        "ticket.time_started",
        "ticket.time_stopped",
    ]
    assert body["history"][-1]["after"]["to"] == entry["to"]
    problem(await tess.does("time/stop", id_), 409)


async def test_nobody_works_at_two_racks_at_once(
    ada: Person, max: Person, tess: Desk, dora: Desk, clock: SettableClock
) -> None:
    first, second = await ada.opens(), await max.opens(site="FRA003")
    await tess.does("time/start", first)
    await dora.does("time/start", first)
    clock.ahead = 600
    await tess.does("time/start", second)
    _, [tesss, doras] = await _time(dora, first)
    assert (tesss["workedBy"], tesss["to"] != "") == ("Tess Technician", True)
    assert (doras["workedBy"], doras["to"]) == ("Dora Dispatcher", ""), "somebody else's goes on"
    assert [entry["to"] for entry in (await _time(dora, second))[1]] == [""]
    assert (await dora.sees(first))["history"][-1]["type"] == "ticket.time_stopped"


async def test_starts_that_race(ada: Person, tess: Desk) -> None:
    ids = [await ada.opens() for _ in range(6)]
    answers = await asyncio.gather(*(tess.does("time/start", id_) for id_ in ids))
    assert {answer.status_code for answer in answers} == {200}
    entries = [(await _time(tess, id_))[1] for id_ in ids]
    assert [len(one) for one in entries] == [1] * 6
    assert sum(one[0]["to"] == "" for one in entries) == 1


async def test_a_start_that_races_the_end(ada: Person, tess: Desk, dora: Desk) -> None:
    """Whoever is first: no clock runs on a ticket that is closed."""
    for _ in range(5):
        id_ = await ada.opens()
        await dora.does("start", id_)
        started, done = await asyncio.gather(tess.does("time/start", id_), dora.does("complete", id_))
        assert done.status_code == 200
        assert started.status_code in {200, 409}
        assert all(entry["to"] for entry in (await _time(dora, id_))[1])


async def test_booking(ada: Person, tess: Desk, dora: Desk, house: House) -> None:
    id_ = await ada.opens()
    await tess.does("time", id_, {"minutes": 30.0, "note": "Waited for the optic"})
    await tess.does("time", id_, {"from": _ago(house, 90), "to": _ago(house, 60)})
    await tess.does("time", id_, {"from": _ago(house, 90), "minutes": 10})
    await tess.does("time", id_, {"to": _ago(house, 90), "minutes": 10})
    await dora.does("cancel", id_)
    assert (await tess.does("time", id_, {"minutes": 1})).status_code == 200, "at any time of the ticket's life"
    assert (await dora.does("time", id_, {"minutes": 5, "email": "Tom@operator.example"})).status_code == 200
    total, entries = await _time(dora, id_)
    assert [entry["minutes"] for entry in entries] == [30, 30, 10, 10, 1, 5]
    assert total == 86
    assert [entry["note"] for entry in entries][:2] == ["Waited for the optic", ""]
    assert entries[-1]["workedBy"] == "Tom Technician"
    problem(await tess.does("time", id_, {"minutes": 5, "email": "tom@operator.example"}), 403)
    assert (await tess.does("time", id_, {"minutes": 5, "email": "tess@operator.example"})).status_code == 200


BAD = [
    ({}, "minutes"),
    ({"minutes": 0}, "minutes"),
    ({"minutes": 1441}, "minutes"),
    ({"minutes": True}, "minutes"),
    ({"minutes": "30"}, "minutes"),
    ({"minutes": 1.5}, "minutes"),
    ({"minutes": 1e300}, "minutes"),
    ({"from": "2026-01-01 10:00:00"}, "minutes"),
    ({"minutes": 5, "from": "2026-01-01 10:00:00", "to": "2026-01-01 10:05:00"}, "minutes"),
    ({"from": "2026-01-01 10:00:00", "to": "2026-01-01 09:59:59"}, "to"),
    ({"from": "2026-01-01 10:00:00", "to": "2026-01-02 10:00:01"}, "to"),
    ({"minutes": 5, "to": "2999-01-01 10:00:00"}, "to"),
    ({"minutes": 5, "from": "2999-01-01 10:00:00"}, "to"),
    ({"minutes": 5, "to": "2026-02-30 10:00:00"}, "to"),
    ({"minutes": 5, "to": "2026-01-01T10:00:00Z"}, "to"),
    ({"minutes": 5, "to": 1700000000}, "to"),
    ({"minutes": 5, "to": ""}, "to"),
    ({"minutes": 5, "note": "x" * 401}, "note"),
    ({"minutes": 5, "note": 5}, "note"),
    ({"minutes": 5, "email": "ada@example.com"}, "email"),
    ({"minutes": 5, "email": 5}, "email"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
async def test_what_cannot_be_booked(ada: Person, dora: Desk, body: dict[str, Any], field: str) -> None:
    id_ = await ada.opens()
    before = await dora.sees(id_)
    [error] = problem(await dora.does("time", id_, body), 422)["errors"]
    assert (error["field"], bool(error["message"])) == (field, True)
    assert await dora.sees(id_) == before


async def test_correcting(ada: Person, tess: Desk, dora: Desk, house: House) -> None:
    id_ = await ada.opens()
    booked = (await tess.does("time", id_, {"from": _ago(house, 60), "to": _ago(house, 0), "note": "n"})).json()
    [entry] = booked["time"]["entries"]
    body = (await _corrects(tess, id_, entry["id"], minutes=40, reason="Coffee")).json()
    [after] = body["time"]["entries"]
    assert (after["minutes"], after["to"], after["note"]) == (40, entry["to"], "n")
    event = body["history"][-1]
    assert (event["type"], event["by"]) == ("ticket.time_corrected", "Tess Technician")
    assert event["before"] == {"entry": entry["id"], "workedBy": "Tess Technician", "from": entry["from"]}
    assert event["after"] == {"from": after["from"], "reason": "Coffee"}
    body = (await _corrects(dora, id_, entry["id"], minutes=0, note="none", reason="Another ticket")).json()
    assert body["time"]["totalMinutes"] == 0
    assert body["history"][-1]["by"] == "Dora Dispatcher"
    same = (await _corrects(dora, id_, entry["id"], note="none", reason="Again")).json()
    assert same["history"] == body["history"], "what is as it was is no correction"


async def test_correcting_what_runs(ada: Person, tess: Desk, house: House, clock: SettableClock) -> None:
    id_ = await ada.opens()
    [entry] = (await tess.does("time/start", id_)).json()["time"]["entries"]
    clock.ahead = 2400
    [still] = (await _corrects(tess, id_, entry["id"], note="rack 7", reason="r")).json()["time"]["entries"]
    assert (still["to"], still["note"]) == ("", "rack 7")
    [moved] = (await _corrects(tess, id_, entry["id"], **{"from": _ago(house, 10), "reason": "r"})).json()["time"][
        "entries"
    ]
    assert (moved["to"], moved["minutes"]) == ("", 10)
    [ended] = (await _corrects(tess, id_, entry["id"], to=_ago(house, 5), reason="forgot it")).json()["time"]["entries"]
    assert ended["minutes"] == 5
    problem(await tess.does("time/stop", id_), 409)


async def test_what_cannot_be_corrected(ada: Person, tess: Desk, dora: Desk, rita: Desk, tom: Desk) -> None:
    id_, other = await ada.opens(), await ada.opens()
    [entry] = (await dora.does("time", id_, {"minutes": 5})).json()["time"]["entries"]
    for body in ({"minutes": 4}, {"minutes": 4, "reason": " "}, {"minutes": 4, "reason": "x" * 401}):
        [error] = problem(await _corrects(dora, id_, entry["id"], **body), 422)["errors"]
        assert error["field"] == "reason"
    problem(await _corrects(dora, id_, entry["id"], minutes=-1, reason="r"), 422)
    problem(await _corrects(tess, id_, entry["id"], minutes=4, reason="r"), 403)
    problem(await _corrects(dora, other, entry["id"], minutes=4, reason="r"), 404)
    for unknown in ("0", "999999", "x", "9" * 30):
        problem(await _corrects(dora, id_, unknown, minutes=4, reason="r"), 404)
    assert (await _time(dora, id_))[1] == [entry]
    assert (await _corrects(rita, id_, entry["id"], minutes=4, reason="r")).status_code == 200


async def test_completing_says_how_long_it_took(ada: Person, tess: Desk, dora: Desk, clock: SettableClock) -> None:
    plain, said, ran, bad = [await ada.opens() for _ in range(4)]
    for id_ in (plain, said, ran, bad):
        await tess.does("start", id_)
    assert (await tess.does("complete", plain)).json()["time"] == {"totalMinutes": 0, "entries": []}
    body = (await tess.does("complete", said, {"minutes": 30, "note": "done"})).json()
    assert [(one["minutes"], one["note"]) for one in body["time"]["entries"]] == [(30, "done")]
    assert body["history"][-1]["type"] == "ticket.time_added"
    await tess.does("time/start", ran)
    await dora.does("time/start", ran)
    clock.ahead = 600
    body = (await tess.does("complete", ran, {"minutes": 30})).json()
    assert [(one["workedBy"], one["minutes"]) for one in body["time"]["entries"]] == [
        ("Tess Technician", 30),
        ("Dora Dispatcher", 10),
    ], "what is said takes the place of the own clock: nothing is counted twice"
    assert all(one["to"] for one in body["time"]["entries"])
    problem(await tess.does("complete", bad, {"minutes": 0}), 422)
    problem(await tess.does("complete", bad, {"note": "to no time"}), 422)
    assert (await tess.sees(bad))["status"] == "In Progress"


async def test_a_note_for_the_time_that_runs(ada: Person, tess: Desk) -> None:
    id_ = await ada.opens()
    await tess.does("start", id_)
    await tess.does("time/start", id_)
    [entry] = (await tess.does("complete", id_, {"note": "Optic reseated"})).json()["time"]["entries"]
    assert (entry["note"], entry["to"] != "") == ("Optic reseated", True)


@pytest.mark.parametrize("way", ["complete", "cancel", "grant-cancellation"])
async def test_no_clock_outlives_its_ticket(ada: Person, tess: Desk, dora: Desk, way: str) -> None:
    id_ = await ada.opens()
    await tess.does("start", id_)
    await tess.does("time/start", id_)
    if way == "grant-cancellation":
        await ada.cancels(id_)
    body = (await dora.does(way, id_)).json()
    assert [bool(entry["to"]) for entry in body["time"]["entries"]] == [True]
    problem(await tess.does("time/start", id_), 409)


async def test_customers_see_nothing_of_it(ada: Person, tess: Desk, clock: SettableClock) -> None:
    id_ = await ada.opens()
    paths = (f"/v1/remotehands-tickets/{id_}", "/v1/remotehands-tickets", "/api/events")

    async def side() -> list[tuple[bytes, list[tuple[str, str]]]]:
        answers = [await ada.get(path) for path in paths]
        return [(answer.content, sorted(answer.headers.items())) for answer in answers]

    before = await side()
    clock.ahead = 600
    await tess.does("time/start", id_)
    await tess.does("time/stop", id_)
    [entry] = (await tess.does("time", id_, {"minutes": 5})).json()["time"]["entries"][1:]
    assert (await _corrects(tess, id_, entry["id"], minutes=4, reason="r")).status_code == 200
    assert await side() == before


LINES = [("GET", "time"), ("POST", "time"), ("POST", "time/start"), ("POST", "time/stop"), ("PUT", "time/1")]


@pytest.mark.parametrize(("method", "path"), LINES)
async def test_who_may_not(ada: Person, tom: Desk, tess: Desk, method: str, path: str) -> None:
    """Tom works at PHX015 only."""
    body = {"minutes": 5, "reason": "r"}
    elsewhere = f"/operator/v1/tickets/{await ada.opens(site='IAD024')}/{path}"
    problem(await ada.web.request(method, elsewhere, json=body), 401)
    problem(await ada.request(method, elsewhere, json=body), 403)
    problem(await tom.person.request(method, elsewhere, json=body), 404)
    problem(await tess.person.request(method, f"/operator/v1/tickets/WO7568/{path}", json=body), 404)
    if method != "GET":
        problem(
            await tess.person.request(method, elsewhere, content=b"{", headers={"Content-Type": "application/json"}),
            422,
        )
