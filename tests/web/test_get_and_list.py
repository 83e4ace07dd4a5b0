"""Reading one ticket and lists of them (contract.md sections 9 and 10)."""

from typing import Any

import pytest

from cast import Desk, Person, message
from conftest import SettableClock
from remotehandsd.house import House

PATH = "/v1/remotehands-tickets"
ITEM = [
    "id",
    "title",
    "status",
    "site",
    "location",
    "category",
    "requestType",
    "createdOn",
    "updatedOn",
    "closedOn",
    "createdBy",
]
PAGEABLE = ["last", "totalPages", "totalElements", "size", "number", "numberOfElements", "first", "empty"]


async def test_one_ticket_with_its_comments(ada: Person) -> None:
    id_ = await ada.opens()
    said = await ada.comments(id_, 'Ä first \u2028 \\ " comment')
    answer = await ada.get(f"{PATH}/{id_}/")
    assert answer.status_code == 200
    assert said.content in answer.content, "existing clients look for one inside the other"


@pytest.mark.parametrize(
    "id_",
    [
        "WO7568",
        "WO9999999999",
        "123",
        "wo1000001",
        "WO01000001",
        "WO1000001x",
        "%00",
        "WO" + "9" * 30,
        "W%4f",
        "\u0661",
    ],
)
async def test_unknown_ids(ada: Person, id_: str) -> None:
    assert message(await ada.get(f"{PATH}/{id_}"), 404) == "Resource not found."


async def test_another_tenants_ticket_is_as_one_that_does_not_exist(
    ada: Person, ada_at_labs: Person, max: Person, bob: Person
) -> None:
    id_ = await ada.opens()
    for stranger in (ada_at_labs, max):
        assert message(await stranger.get(f"{PATH}/{id_}"), 404) == "Resource not found."
        assert message(await stranger.put(f"{PATH}/{id_}", {"customerReference": "x"}), 404)
        assert message(await stranger.cancels(id_), 404)
        assert message(await stranger.comments(id_, "hello"), 404)
        assert message(await stranger.get(f"/v1/comments/{id_}"), 404)
        assert message(await stranger.attaches(id_, b"x"), 404)
        assert message(await stranger.get(f"/v1/attachments/{id_}"), 404)
        assert (await stranger.get(PATH)).json()["pageable"]["totalElements"] == 0
    assert (await bob.ticket(id_))["status"] == "New", "a colleague on the same account does see it"
    assert (await ada.ticket(id_))["customerReference"] == ""


async def test_an_empty_list(ada: Person) -> None:
    assert (await ada.get(PATH)).content == (
        b'{"content":[],"pageable":{"last":true,"totalPages":0,"totalElements":0,"size":25,"number":0,'
        b'"numberOfElements":0,"first":true,"empty":true}}'
    )


async def test_an_item_and_its_page(ada: Person) -> None:
    id_ = await ada.opens(location="Cage 1", detailedInstruction="not in the list")
    answer = await ada.get(PATH)
    body = answer.json()
    assert list(body) == ["content", "pageable"]
    assert list(body["pageable"]) == PAGEABLE
    assert [list(item) for item in body["content"]] == [ITEM]
    ticket = await ada.ticket(id_)
    assert body["content"][0] == {name: ticket[name] for name in ITEM}
    assert (await ada.get(PATH + "/")).content == answer.content


async def test_pages(ada: Person) -> None:
    ids = [await ada.opens() for _ in range(5)]
    newest_first = ids[::-1]

    async def page(query: str) -> tuple[list[str], dict[str, Any]]:
        body = (await ada.get(f"{PATH}?{query}")).json()
        return [item["id"] for item in body["content"]], body["pageable"]

    common = {"totalPages": 3, "totalElements": 5, "size": 2}
    content, pageable = await page("size=2")
    assert content == newest_first[:2]
    assert pageable == common | {"last": False, "number": 0, "numberOfElements": 2, "first": True, "empty": False}
    content, pageable = await page("size=2&page=2")
    assert content == newest_first[4:]
    assert pageable == common | {"last": True, "number": 2, "numberOfElements": 1, "first": False, "empty": False}
    content, pageable = await page("size=2&page=20")
    assert content == []
    assert pageable == common | {"last": True, "number": 20, "numberOfElements": 0, "first": False, "empty": True}
    _, pageable = await page("page=2147483647&size=1000")
    assert pageable["number"] == 2147483647
    content, _ = await page("size=9&size=1")
    assert content == newest_first[:1], "of a repeated parameter the last wins"
    content, _ = await page("size=&page=")
    assert content == newest_first
    content, _ = await page("unknown=1")
    assert content == newest_first


async def test_newest_first_by_time_then_number(ada: Person, clock: SettableClock) -> None:
    clock.ahead = 100
    later = await ada.opens()
    clock.ahead = 0
    earlier = await ada.opens()
    again = await ada.opens()
    content = (await ada.get(PATH)).json()["content"]
    assert content[0]["id"] == later
    if content[1]["createdOn"] == content[2]["createdOn"]:
        assert [item["id"] for item in content[1:]] == [again, earlier]


async def test_filters(ada: Person, bob: Person, dora: Desk) -> None:
    urgent = await ada.opens()
    planned = await bob.opens(site="IAD024", requestType="Planned Work", category="Tape swaps")
    other = await ada.opens(requestType="Planned Work", category="Other")
    await dora.does("start", urgent)

    async def found(**query: str) -> list[str]:
        body = (await ada.get(PATH, params=query)).json()
        assert body["pageable"]["totalElements"] == len(body["content"])
        return [item["id"] for item in body["content"]]

    assert await found(site="IAD024") == [planned]
    assert await found(status="In Progress") == [urgent]
    assert await found(requestType="Planned Work") == [other, planned]
    assert await found(category="Other") == [other]
    assert await found(createdBy="Bob Example") == [planned]
    assert await found(createdBy="Ada Example", requestType="Planned Work") == [other]
    everything = {
        "site": "PHX015",
        "status": "In Progress",
        "requestType": "Urgent Work",
        "category": "Power cycle or reboot",
        "createdBy": "Ada Example",
    }
    assert await found(**everything) == [urgent]
    assert await found(status="", site="") == [other, planned, urgent]
    for nothing in ({"site": "phx015"}, {"site": "nowhere"}, {"createdBy": "ada example"}, {"createdBy": "a\0"}):
        assert await found(**nothing) == []
    assert await found(requestType="Urgent Work", category="Tape swaps") == []
    both = await ada.get(f"{PATH}?status=In+Progress&createdBy=Ada%20Example")
    assert [item["id"] for item in both.json()["content"]] == [urgent]


SIZE = "Query parameter 'size' must be a integer and value has to be between '1' and '1000'."
PAGE = "Query parameter 'page' must be a integer and value has to be between '0' and '2147483647'."


@pytest.mark.parametrize(
    ("query", "text"),
    [
        *((f"size={size}", SIZE) for size in ("0", "1001", "-1", "x", "1.0", "%2B5", "٣", "00000000025", "9" * 400)),
        *((f"page={page}", PAGE) for page in ("-1", "2147483648", "x", "99999999999")),
        ("size=0&page=x", f"{SIZE},{PAGE}"),
        ("status=new", "Request is invalid."),
        ("status=%00", "Request is invalid."),
        ("requestType=Urgent+work", "Request is invalid."),
        ("category=Tape", "Request is invalid."),
    ],
)
async def test_bad_queries(ada: Person, query: str, text: str) -> None:
    assert message(await ada.get(f"{PATH}?{query}")) == text


async def test_a_ticket_of_another_channel_without_a_category_does_not_break_the_list(
    house: House, ada: Person
) -> None:
    id_ = await ada.opens()
    async with house.db.write() as tx:
        await tx.run(
            "UPDATE tickets SET category = '', request_type = 'Planned Work' WHERE number = :n", n=int(id_[2:])
        )
    item = (await ada.get(PATH)).json()["content"][0]
    assert list(item) == [name for name in ITEM if name != "category"], "absent, not null"
    assert (await ada.ticket(id_))["category"] == ""


@pytest.mark.parametrize("asked", ["Urgent Work", "Urgent work", "urgent+work"])
async def test_categories_of_one_type(ada: Person, asked: str) -> None:
    answer = await ada.get(f"{PATH}/categories?requestType={asked}")
    assert answer.content == (
        b'{"result":[{"requestType":{"name":"Urgent Work","categories":['
        b'{"name":"Existing cross connect or connectivity testing"},'
        b'{"name":"KVM (keyboard, video, mouse) assistance"},'
        b'{"name":"Equipment troubleshoot or replacement"},{"name":"Power cycle or reboot"},{"name":"Other"}]}}]}'
    )


async def test_all_categories(ada: Person) -> None:
    result = (await ada.get(f"{PATH}/categories")).json()["result"]
    assert [group["requestType"]["name"] for group in result] == ["Planned Work", "Urgent Work"]
    assert [one["name"] for one in result[0]["requestType"]["categories"]] == [
        "Existing cross connect or connectivity testing",
        "Customer premise cabling",
        "Tape swaps",
        "Equipment installation",
        "Equipment de-installation",
        "Dedicated escort",
        "Auditing",
        "Other",
    ]
    assert message(await ada.get(f"{PATH}/categories?requestType=Urgent+Wor")) == "Request is invalid."


async def test_head_answers_as_get_without_a_body(ada: Person) -> None:
    id_ = await ada.opens()
    for path in (PATH, f"{PATH}/{id_}", f"{PATH}/categories", "/v1/accounts", "/healthz"):
        got, headed = await ada.get(path), await ada.request("HEAD", path)
        assert headed.status_code == 200
        assert headed.headers["content-length"] == str(len(got.content))
