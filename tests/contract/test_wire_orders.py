"""The life of a ticket as a customer's program sees it (contract.md sections 5 to 15)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cast import Server
from live import NEW, Connect
from remotehands import (
    AsyncClient,
    Client,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    StillOpen,
)

Does = Callable[[str, str], None]


def test_who_and_where(customer: Client) -> None:
    first, second = customer.accounts()
    assert (first.account_id, first.master_account_id, first.default_account) == ("0011A00001AaAB1ABC", "100123", True)
    assert (second.account_name, second.default_account) == ("Example Labs", False)
    assert [(site.site, site.metro) for site in customer.sites()] == [
        ("IAD024", "Northern Virginia"),
        ("PHX015", "Phoenix"),
    ]
    hall, cage, building = customer.locations("PHX015")
    assert (hall.location, cage.location) == ("Data Hall A", "Data Hall A, Cage 12")
    assert (cage.parent_id, hall.parent_id, building.parent_id) == (hall.id, building.id, None)
    assert customer.locations("NOSITE") == []


def test_what_can_be_asked_for(customer: Client) -> None:
    every = customer.categories()
    assert len(every) == 13
    assert [one for one in every if one.request_type == "Urgent Work"] == customer.categories("Urgent Work")
    with pytest.raises(Invalid, match=r"^Request is invalid\.$"):
        customer.categories("Urgent Wor")


def test_every_pair_of_the_catalogue_can_be_opened(customer: Client) -> None:
    for one in customer.categories():
        ticket = customer.tickets.create(title="T", site="IAD024", request_type=one.request_type, category=one.category)
        assert (ticket.request_type, ticket.category) == (one.request_type, one.category)


def test_a_ticket_comes_back_as_it_was_opened(customer: Client) -> None:
    fields = NEW | {
        "title": "  Grüße \u202e \U0001f527 \"'<b>",
        "location": "Data Hall A, Cage 12",
        "detailed_instruction": "first line\nsecond line\t" + "x" * 32000,
        "customer_reference": "REF-1",
        "reference_ticket": "WO7",
        "notification_recipients": "ops@example.com,  noc@example.com",
    }
    before = datetime.now(UTC) - timedelta(seconds=2)
    ticket = customer.tickets.create(**fields)
    assert {name: getattr(ticket, name) for name in fields} == fields
    assert (ticket.status, ticket.ticket_type, ticket.created_by) == ("New", "Remote Hands", "Ada Example")
    assert (ticket.cancel_reason, ticket.closed_on, ticket.comments) == (None, None, ())
    assert ticket.created_on == ticket.updated_on
    assert before < ticket.created_on < datetime.now(UTC) + timedelta(seconds=2)
    assert customer.tickets.get(ticket.id) == ticket
    listed = next(customer.tickets.list())
    shared = set(listed.__struct_fields__)
    assert {name: getattr(listed, name) for name in shared} == {name: getattr(ticket, name) for name in shared}


def test_from_new_to_completed(customer: Client, dora_does: Does) -> None:
    id_ = customer.tickets.create(**NEW).id
    with pytest.raises(StillOpen, match=f"{id_} is still New"):
        customer.tickets.wait_until_closed(id_, timeout=0.2, every=0.05)
    dora_does("start", id_)
    assert customer.tickets.get(id_).status == "In Progress"
    said = customer.tickets.comment(id_, "The door code is 4711.")
    assert (said.comment, said.commented_by) == ("The door code is 4711.", "Ada Example")
    dora_does("complete", id_)
    done = customer.tickets.wait_until_closed(id_)
    assert (done.status, done.comments) == ("Completed", (said,))
    assert done.closed_on is not None
    assert done.is_closed
    for refused in (
        lambda: customer.tickets.cancel(id_),
        lambda: customer.tickets.comment(id_, "More."),
        lambda: customer.tickets.update(id_, customer_reference="X"),
    ):
        with pytest.raises(Refused, match=r"^The requested operation is not permitted for the status 'Completed'\.$"):
            refused()
    assert customer.tickets.get(id_) == done


def test_a_ticket_is_watched(customer: Client, dora_does: Does) -> None:
    id_ = customer.tickets.create(**NEW).id
    seen = []
    moves = iter(["start", "complete"])
    for ticket in customer.tickets.watch(id_, every=0.05):
        seen.append(ticket.status)
        if move := next(moves, None):
            dora_does(move, id_)
    assert seen == ["New", "In Progress", "Completed"]


@pytest.mark.parametrize("reason", [None, "Duplicate request", "Request entered in error", "Request no longer needed"])
def test_a_cancellation(customer: Client, dora_does: Does, reason: str | None) -> None:
    id_ = customer.tickets.create(**NEW).id
    assert customer.tickets.cancel(id_, reason).startswith(
        f"We have received your request for cancellation of workorder '{id_}'."
    )
    asked = customer.tickets.get(id_)
    assert (asked.status, asked.cancel_reason) == ("Cancellation Requested", reason or "Request no longer needed")
    with pytest.raises(Refused, match="'Cancellation Requested'"):
        customer.tickets.cancel(id_, reason)
    dora_does("grant-cancellation", id_)
    assert customer.tickets.wait_until_closed(id_).status == "Cancelled"


def test_an_update_replaces_what_is_given(customer: Client) -> None:
    id_ = customer.tickets.create(**NEW, customer_reference="A", notification_recipients=["a@b.example"]).id
    assert customer.tickets.update(id_, customer_reference="B").notification_recipients == "a@b.example"
    both = customer.tickets.update(id_, customer_reference="", notification_recipients=["c@d.example", "e@f.example"])
    assert (both.customer_reference, both.notification_recipients) == ("", "c@d.example, e@f.example")
    assert customer.tickets.update(id_) == both
    with pytest.raises(Invalid, match=r"^Payload 'notificationRecipients' has an invalid email\.$"):
        customer.tickets.update(id_, notification_recipients="a@@b.com")


def test_bad_fields_are_told_all_at_once(customer: Client) -> None:
    with pytest.raises(Invalid) as caught:
        customer.tickets.create(title="", site="PHX015", request_type="Urgent Work", category="Tape swaps")
    assert caught.value.message == (
        "Payload 'category' has an unexpected value for the given 'requestType',Mandatory payload 'title' is null or empty."
    )
    with pytest.raises(Invalid, match="'title' has exceeded the maximum length of 160"):
        customer.tickets.create(**NEW | {"title": "x" * 161})
    with pytest.raises(NotFound):
        customer.tickets.create(**NEW | {"site": "FRA003"})


@pytest.mark.parametrize("id_", ["WO7568", "", "..", "a/b", "WO1?x=y", "WO1#f", "%2e%2e", "ü", "WO 1"])
def test_an_id_is_an_id_whatever_it_holds(customer: Client, id_: str) -> None:
    for call in (
        lambda: customer.tickets.get(id_),
        lambda: customer.tickets.cancel(id_),
        lambda: customer.tickets.attachments(id_),
        lambda: customer.tickets.update(id_, customer_reference="X"),
    ):
        with pytest.raises(NotFound):
            call()


def test_others_do_not_see_it(customer: Client, stranger: Client, connect: Connect) -> None:
    id_ = customer.tickets.create(**NEW).id
    assert connect("bob").tickets.get(id_).id == id_, "her colleague does"
    for other in (stranger, connect("ada", "0011A00001BbCD2DEF"), connect("pia")):
        for call in (
            lambda other=other: other.tickets.get(id_),
            lambda other=other: other.tickets.cancel(id_),
            lambda other=other: other.tickets.comment(id_, "Hello."),
            lambda other=other: other.tickets.attachments(id_),
        ):
            with pytest.raises(NotFound, match=r"^Resource not found\.$"):
                call()
        assert id_ not in [ticket.id for ticket in other.tickets.list()]
    assert customer.tickets.get(id_).status == "New"


def test_without_the_permission(connect: Connect) -> None:
    eve = connect("eve")
    assert eve.sites()
    with pytest.raises(NotAllowed, match=r"^The requested operation is not permitted for the user\.$") as caught:
        list(eve.tickets.list())
    assert caught.value.status == 401


def test_a_wrong_secret_and_a_foreign_account(live: Server, connect: Connect) -> None:
    with Client(live.url, "ada", "wrong") as stranger:
        with pytest.raises(NotSignedIn, match=r"^Unauthorized\. Client credentials are invalid\.$"):
            stranger.sites()
    with pytest.raises(NotAllowed, match="0022B00002CcEF3GHI; it may for 0011A00001AaAB1ABC"):
        connect("ada", "0022B00002CcEF3GHI").sites()


def test_lists_over_many_pages(connect: Connect) -> None:
    labs = connect("ada", "0011A00001BbCD2DEF")
    ids = [labs.tickets.create(**NEW | {"site": "IAD024", "category": "Other"}).id for _ in range(7)]
    found = [ticket.id for ticket in labs.tickets.list(page_size=3, category="Other", created_by="Ada Example")]
    assert found[:7] == ids[::-1]
    assert list(labs.tickets.list(created_by="Nobody")) == []
    with pytest.raises(Invalid, match=r"^Request is invalid\.$"):
        list(labs.tickets.list(status="Closed"))
    with pytest.raises(Invalid, match="Query parameter 'size' must be a integer"):
        list(labs.tickets.list(page_size=1001))


async def test_the_same_under_asyncio(live: Server) -> None:
    async with AsyncClient(live.url, "ada", "secret-of-ada-0123456789abcdef-0123") as customer:
        ticket = await customer.tickets.create(**NEW)
        assert await customer.tickets.get(ticket.id) == ticket
        assert (await anext(customer.tickets.list())).id == ticket.id
        with pytest.raises(NotFound):
            await customer.tickets.get("WO7568")
        with pytest.raises(StillOpen):
            await customer.tickets.wait_until_closed(ticket.id, timeout=0.1, every=0.05)
