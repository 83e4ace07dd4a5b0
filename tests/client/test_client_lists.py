"""Lists: page after page, only when it is reached."""

import itertools

from odd import Family, Reply
from remotehands import AsyncClient, Client, Ticket

NEW = {"title": "T", "site": "PHX015", "request_type": "Urgent Work", "category": "Other"}


def opened(client: Client, count: int) -> list[Ticket]:
    return [client.tickets.create(**NEW) for _ in range(count)]


def test_all_pages_lazily(family: Family, client: Client) -> None:
    ids = [ticket.id for ticket in opened(client, 5)]
    family.seen.clear()
    tickets = client.tickets.list(page_size=2)
    assert family.seen == []
    assert next(tickets).id == ids[-1]
    assert len(family.seen) == 1
    assert [ticket.id for ticket in tickets] == ids[-2::-1]
    assert [one.query for one in family.seen] == [{"size": "2", "page": str(page)} for page in range(3)]


def test_a_list_may_be_left(family: Family, client: Client) -> None:
    opened(client, 5)
    family.seen.clear()
    assert len(list(itertools.islice(client.tickets.list(page_size=2), 3))) == 3
    assert len(family.seen) == 2


async def test_all_pages_under_asyncio(family: Family, client: Client, async_client: AsyncClient) -> None:
    ids = [ticket.id for ticket in opened(client, 5)]
    async with async_client as other:
        assert [ticket.id async for ticket in other.tickets.list(page_size=2)] == ids[::-1]


def test_a_ticket_that_comes_meanwhile_shows_no_other_twice(family: Family, client: Client) -> None:
    ids = [ticket.id for ticket in opened(client, 5)]
    tickets = client.tickets.list(page_size=2)
    found = [next(tickets).id, next(tickets).id]
    opened(client, 1)
    found += [ticket.id for ticket in tickets]
    assert found == ids[::-1]


def test_filters_and_items_of_other_servers(family: Family, client: Client) -> None:
    """`category` may be absent, and keys may come that nobody knows (contract.md section 8.2)."""
    item = {
        "id": "WO1",
        "status": "Completed",
        "createdOn": "2030-08-03 16:58:01",
        "closedOn": "",
        "isBulkRequest": True,
    }
    family.before = [Reply(200, {"content": [item], "pageable": {"last": True, "more": 1}})]
    (ticket,) = client.tickets.list(status="In Progress", site="PHX015", created_by="Ada Example")
    assert family.asked[0].query == {
        "status": "In Progress", "site": "PHX015", "createdBy": "Ada Example", "size": "500", "page": "0",
    }  # fmt: skip
    assert (ticket.category, ticket.closed_on, ticket.location) == ("", None, "")
    assert ticket.is_closed
    assert str(ticket.created_on) == "2030-08-03 16:58:01+00:00"
