"""The operator's API (interfaces.md section 4)."""

from typing import Any

import httpx
import pytest

from cast import Desk, Person
from conftest import SettableClock

DETAIL_AND_MORE = ["masterAccountId", "accountId", "assignedTo", "internalComments", "history", "time"]
MOVES = {
    "start": ("technician", "dispatcher", "administrator"),
    "complete": ("technician", "dispatcher", "administrator"),
    "grant-cancellation": ("dispatcher", "administrator"),
    "refuse-cancellation": ("dispatcher", "administrator"),
    "cancel": ("dispatcher", "administrator"),
}


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["correlationId"]
    return body


async def test_the_whole_life(ada: Person, dora: Desk, tess: Desk, clock: SettableClock) -> None:
    id_ = await ada.opens()
    started = (await tess.does("start", id_)).json()
    assert list(started)[-6:] == DETAIL_AND_MORE
    assert list(started)[:-6] == list(await ada.ticket(id_))
    assert started["status"] == "In Progress"
    assert started["assignedTo"] == "Tess Technician"
    assert (started["masterAccountId"], started["accountId"]) == ("100123", "0011A00001AaAB1ABC")
    assert (await dora.does("assign", id_, {"email": "Tom@operator.example"})).json()["assignedTo"] == "Tom Technician"
    await tess.does("comments", id_, {"comment": "Found the rack"})
    clock.ahead = 60
    done = (await tess.does("complete", id_)).json()
    assert done["status"] == "Completed"
    assert done["closedOn"] == done["updatedOn"] > done["createdOn"]
    assert [list(event) for event in done["history"]] == [["type", "by", "at", "before", "after"]] * 5
    assert [(event["type"], event["by"]) for event in done["history"]] == [
        ("ticket.created", "Ada Example"),
        ("ticket.started", "Tess Technician"),
        ("ticket.assigned", "Dora Dispatcher"),
        ("ticket.commented", "Tess Technician"),
        ("ticket.completed", "Tess Technician"),
    ]
    assert done["history"][1]["before"] == {"status": "New", "assignedTo": ""}
    assert done["history"][1]["after"] == {"status": "In Progress", "assignedTo": "Tess Technician"}
    assert done["history"][2]["before"] == {"assignedTo": "Tess Technician"}
    assert done["history"][4]["after"] == {"status": "Completed", "closedOn": done["closedOn"]}


async def test_cancellations(ada: Person, dora: Desk, tess: Desk) -> None:
    granted, refused, finished, phoned = [await ada.opens() for _ in range(4)]
    await ada.cancels(granted)
    body = (await dora.does("grant-cancellation", granted)).json()
    assert (body["status"], body["cancelReason"]) == ("Cancelled", "Request no longer needed")
    assert body["closedOn"] != ""

    await tess.does("start", refused)
    await ada.cancels(refused)
    body = (await dora.does("refuse-cancellation", refused, {"comment": "Too late"})).json()
    assert (body["status"], body["cancelReason"], body["closedOn"]) == ("In Progress", None, "")
    assert [one["comment"] for one in body["comments"]] == ["Too late"]
    assert (await ada.cancels(refused)).status_code == 200, "the customer may ask again"
    body = (await dora.does("refuse-cancellation", refused)).json()
    assert body["status"] == "In Progress"

    await tess.does("start", finished)
    await ada.cancels(finished)
    assert (await tess.does("complete", finished)).json()["status"] == "Completed"

    body = (await dora.does("cancel", phoned, {"cancelReason": "Duplicate request"})).json()
    assert (body["status"], body["cancelReason"]) == ("Cancelled", "Duplicate request")


async def test_work_that_had_not_begun_is_not_completed(ada: Person, tess: Desk, dora: Desk) -> None:
    id_ = await ada.opens()
    problem(await tess.does("complete", id_), 409)
    await ada.cancels(id_)
    problem(await tess.does("complete", id_), 409)
    assert (await dora.does("refuse-cancellation", id_)).json()["status"] == "New"


@pytest.mark.parametrize("move", MOVES)
async def test_roles(move: str, ada: Person, tess: Desk, dora: Desk, rita: Desk) -> None:
    for role, desk in (("technician", tess), ("dispatcher", dora), ("administrator", rita)):
        id_ = await ada.opens()
        if move == "complete":
            await dora.does("start", id_)
        if "cancellation" in move:
            await ada.cancels(id_)
        before = await ada.ticket(id_)
        answer = await desk.does(move, id_)
        if role in MOVES[move]:
            assert answer.status_code == 200, answer.text
        else:
            problem(answer, 403)
            assert await ada.ticket(id_) == before


LINES = [
    ("GET", "tickets"),
    ("GET", "tickets/{}"),
    *(("POST", f"tickets/{{}}/{move}") for move in (*MOVES, "assign", "comments")),
]


@pytest.mark.parametrize(("method", "path"), LINES)
async def test_who_may_not_come_in(ada: Person, method: str, path: str) -> None:
    url = f"/operator/v1/{path.format(await ada.opens())}"
    assert problem(await ada.web.request(method, url), 401)
    bad = {"Authorization": "Bearer x"}
    answer = await ada.web.request(method, url, headers=bad)
    assert "www-authenticate" in answer.headers
    problem(answer, 401)
    problem(await ada.request(method, url, json={}), 403)


@pytest.mark.parametrize(("method", "path"), LINES[1:])
async def test_other_sites_and_unknown_tickets_are_not_found(
    ada: Person, tom: Desk, rita: Desk, method: str, path: str
) -> None:
    """Tom works at PHX015 only."""
    elsewhere = await ada.opens(site="IAD024")
    body = {"comment": "x", "email": "tom@operator.example"}
    status = 403 if any(word in path for word in ("cancel", "grant", "refuse")) else 404
    problem(await tom.person.request(method, f"/operator/v1/{path.format(elsewhere)}", json=body), status)
    for unknown in ("WO7568", "WO9999999", "x"):
        problem(await rita.person.request(method, f"/operator/v1/{path.format(unknown)}", json=body), 404)
    assert (await ada.ticket(elsewhere))["status"] == "New"


async def test_the_queue(ada: Person, max: Person, tom: Desk, dora: Desk) -> None:
    here, there = await ada.opens(), await max.opens(site="FRA003")
    page = (await dora.get("/operator/v1/tickets")).json()
    assert [item["id"] for item in page["content"]] == [there, here]
    assert list(page["content"][0])[-3:] == ["masterAccountId", "accountId", "assignedTo"]
    assert len(page["content"][0]) == 14
    assert page["pageable"]["totalElements"] == 2
    assert [item["id"] for item in (await tom.get("/operator/v1/tickets")).json()["content"]] == [here]
    await tom.does("start", here)

    async def found(**query: str) -> list[str]:
        body = (await dora.get("/operator/v1/tickets", params=query)).json()
        assert body["pageable"]["totalElements"] == len(body["content"])
        return [item["id"] for item in body["content"]]

    assert await found(accountId="0022B00002CcEF3GHI") == [there]
    assert await found(assignedTo="Tom Technician") == [here]
    assert await found(assignedTo="nobody") == []
    assert await found(unassigned="true") == [there]
    assert await found(unassigned="false") == [here]
    assert await found(status="New", site="FRA003", createdBy="Max Sample") == [there]
    assert await found(requestType="Urgent Work", category="Power cycle or reboot") == [there, here]
    second = (await dora.get("/operator/v1/tickets?size=1&page=1")).json()
    assert [item["id"] for item in second["content"]] == [here]


async def test_bad_queries_name_every_field(dora: Desk) -> None:
    answer = await dora.get("/operator/v1/tickets?size=0&page=x&status=new&unassigned=maybe")
    assert [error["field"] for error in problem(answer, 422)["errors"]] == ["size", "page", "status", "unassigned"]


@pytest.mark.parametrize(
    ("move", "body", "field"),
    [
        ("comments", {}, "comment"),
        ("comments", {"comment": " "}, "comment"),
        ("comments", {"comment": "x" * 4097}, "comment"),
        ("comments", {"comment": "x", "internal": "yes"}, "internal"),
        ("assign", {}, "email"),
        ("assign", {"email": 5}, "email"),
        ("assign", {"email": "nobody@operator.example"}, "email"),
        ("assign", {"email": "ada@example.com"}, "email"),
        ("assign", {"email": "otto@operator.example"}, "email"),
        ("cancel", {"cancelReason": ""}, "cancelReason"),
        ("refuse-cancellation", {"comment": ""}, "comment"),
    ],
)
async def test_invalid_input(ada: Person, dora: Desk, move: str, body: Any, field: str) -> None:
    id_ = await ada.opens()
    if move == "refuse-cancellation":
        await ada.cancels(id_)
    before = await dora.sees(id_)
    [error] = problem(await dora.does(move, id_, body), 422)["errors"]
    assert error["field"] == field
    assert error["message"]
    assert await dora.sees(id_) == before


async def test_bodies_that_are_no_json(ada: Person, dora: Desk) -> None:
    path = f"/operator/v1/tickets/{await ada.opens()}/comments"
    json_type = {"Content-Type": "application/json"}
    problem(await dora.person.request("POST", path, content=b"{", headers=json_type), 422)
    problem(await dora.person.request("POST", path, content=b"{}"), 415)
    problem(await dora.person.request("POST", path, content=b"x" * 3_000_000, headers=json_type), 413)


async def test_assigning(ada: Person, tom: Desk, tess: Desk, dora: Desk) -> None:
    id_ = await ada.opens()
    problem(await tess.does("assign", id_, {"email": "tom@operator.example"}), 403)
    assert (await tess.does("assign", id_, {"email": "tess@operator.example"})).json()[
        "assignedTo"
    ] == "Tess Technician"
    assert (await dora.does("assign", id_, {"email": "tom@operator.example"})).json()["status"] == "New"
    elsewhere = await ada.opens(site="IAD024")
    problem(await dora.does("assign", elsewhere, {"email": "tom@operator.example"}), 422)
    await dora.does("cancel", id_)
    problem(await dora.does("assign", id_, {"email": "tess@operator.example"}), 409)


async def test_invisible_means_invisible(ada: Person, dora: Desk, clock: SettableClock) -> None:
    """An internal note and a hand-over leave the customer's side byte for byte as it was (design 3.8)."""
    id_ = await ada.opens()
    paths = (f"/v1/remotehands-tickets/{id_}", "/v1/remotehands-tickets", f"/v1/comments/{id_}")

    async def side() -> list[tuple[bytes, list[tuple[str, str]]]]:
        answers = [await ada.get(path) for path in paths]
        return [(answer.content, sorted(answer.headers.items())) for answer in answers]

    before = await side()
    clock.ahead = 600
    noted = await dora.does("comments", id_, {"comment": "Customer is difficult", "internal": True})
    assert [note["comment"] for note in noted.json()["internalComments"]] == ["Customer is difficult"]
    assert noted.json()["comments"] == []
    await dora.does("assign", id_, {"email": "tess@operator.example"})
    assert await side() == before
    await dora.does("start", id_)
    await dora.does("complete", id_)
    assert (await dora.does("comments", id_, {"comment": "x", "internal": True})).status_code == 200
    problem(await dora.does("comments", id_, {"comment": "x"}), 409)


async def test_unknown_paths_and_methods(dora: Desk) -> None:
    problem(await dora.get("/operator/v1/nothing"), 404)
    answer = await dora.person.request("DELETE", "/operator/v1/tickets")
    assert problem(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD"
