"""Who is told by mail of what, when, and in what words; against a real mail server."""

import re
from collections.abc import Awaitable, Callable

import pytest

from cast import Desk, Person
from conftest import SettableClock, load_text
from mailing import due, work
from postoffice import PostOffice, Received
from remotehandsd import accounts, events, jobs, people, tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.notices import wording
from remotehandsd.notices.gathering import BURST_SECONDS
from remotehandsd.notices.policy import MOST
from remotehandsd.notices.sending import KEPT_SECONDS, MOST_TOLD
from remotehandsd.notices.times import moment
from remotehandsd.people import ROBOT
from remotehandsd.worker.telling import MAIL_PAUSES, forget_notices, gather_notices
from signing import with_password

pytestmark = pytest.mark.usefixtures("mailing")

Tell = Callable[..., Awaitable[None]]

BOB = "bob@example.com"


def only(office: PostOffice, address: str) -> Received:
    """Return the one mail that came to an address, and empty the box."""
    found = office.to(address)
    assert len(found) == 1, [one.text for one in found]
    office.received = [one for one in office.received if one is not found[0]]
    return found[0]


async def refusals(desk: Desk, id_: str) -> list[dict[str, object]]:
    history = (await desk.sees(id_))["history"]
    return [event["after"] for event in history if event["type"] == "ticket.notice_refused"]


async def test_an_opened_ticket_is_confirmed_to_its_author_and_told_to_its_recipients(
    ada: Person, office: PostOffice, told: Tell
) -> None:
    id_ = await ada.opens(
        notificationRecipients=f"{BOB}, carl@elsewhere.example",
        detailedInstruction="Press the button.\nWait for the light.",
        location="Data Hall A",
        customerReference="PO 77",
    )
    await told()
    assert {tuple(one.to) for one in office.received} == {("ada@example.com",), (BOB,), ("carl@elsewhere.example",)}
    assert len(office.received) == 3
    for one in office.received:
        message = one.message
        assert message["To"] == one.to[0]
        assert message["Subject"] == f"[{id_}, playground] Reboot the firewall in rack 7"
        assert message["Message-ID"] == f"<{id_}@hands.operator.example>"
        assert one.text.startswith(f"{id_} is New.\n\nAda Example opened this ticket.\n")
        assert "> Press the button.\n> Wait for the light.\n" in one.text
        for fact in ("PHX015, Phoenix", "Data Hall A", "Urgent Work: Power cycle or reboot", "PO 77"):
            assert fact in one.text
            assert fact in one.html
        assert f"https://hands.operator.example/portal/tickets/{id_}" in one.text
        others = {"ada@example.com", BOB, "carl@elsewhere.example"} - set(one.to)
        assert not any(other.encode() in one.raw for other in others), "nobody learns who else is told"


async def test_a_burst_is_one_mail_and_what_follows_is_the_next(
    ada: Person, dora: Desk, office: PostOffice, told: Tell
) -> None:
    id_ = await ada.opens(notificationRecipients=BOB)
    await ada.comments(id_, "Please hurry.")
    await dora.does("start", id_)
    await told(BURST_SECONDS - 10)
    assert office.received == []
    await dora.does("comments", id_, {"comment": "I am at the rack."})
    await told(10)
    first = only(office, BOB)
    said = [
        "Ada Example opened this ticket.",
        "Ada Example wrote:",
        "> Please hurry.",
        "Dora Dispatcher has begun the work.",
        "Dora Dispatcher wrote:",
        "> I am at the rack.",
    ]
    places = [first.text.index(words) for words in said]
    assert places == sorted(places)
    assert first.text.startswith(f"{id_} is In Progress.")
    only(office, "ada@example.com")

    await dora.does("complete", id_)
    await told()
    second = only(office, BOB)
    assert "has completed the work" in second.text
    assert "has begun the work" not in second.text
    assert second.message["Subject"] == first.message["Subject"]
    assert second.message["In-Reply-To"] == second.message["References"] == first.message["Message-ID"]
    assert second.message["Message-ID"] != first.message["Message-ID"]


async def test_nobody_is_told_what_he_did_himself_but_orders_are_confirmed(
    ada: Person, bob: Person, dora: Desk, office: PostOffice, told: Tell
) -> None:
    id_ = await ada.opens(notificationRecipients="BOB@example.com")
    await told()
    office.received.clear()

    await bob.comments(id_, "Mine.")
    await told()
    assert "> Mine." in only(office, "ada@example.com").text
    assert office.received == []

    await ada.attaches(id_, b"x" * 1500, "plan.txt")
    await told()
    assert "Ada Example attached a file: plan.txt (2 kB)." in only(office, "BOB@example.com").text
    assert office.received == []

    await ada.cancels(id_)
    await told()
    for address in ("ada@example.com", "BOB@example.com"):
        text = only(office, address).text
        assert "Ada Example asked to cancel this ticket: Request no longer needed." in text
        assert "Fees might still apply if work has already started." in text

    await dora.does("refuse-cancellation", id_, {"comment": "Too late."})
    await told()
    for address in ("ada@example.com", "BOB@example.com"):
        text = only(office, address).text
        assert "Dora Dispatcher did not grant the cancellation. The ticket is New again." in text
        assert text.count("> Too late.") == 1


async def test_granted_and_called_off(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    asked, off = await ada.opens(), await ada.opens()
    await ada.cancels(asked)
    await told()
    office.received.clear()
    await dora.does("grant-cancellation", asked)
    await told()
    assert "Dora Dispatcher granted the cancellation. Fees might" in only(office, "ada@example.com").text
    await dora.does("cancel", off)
    await told()
    assert "Dora Dispatcher cancelled this ticket." in only(office, "ada@example.com").text


async def test_notes_and_hand_overs_are_told_to_nobody(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    id_ = await ada.opens()
    await told()
    office.received.clear()
    await dora.does("comments", id_, {"comment": "secret note", "internal": True})
    await dora.does("assign", id_, {"email": "tess@operator.example"})
    await told()
    assert office.received == []
    await dora.does("comments", id_, {"comment": "for all"})
    await told()
    one = only(office, "ada@example.com")
    assert b"secret" not in one.raw
    assert b"Tess" not in one.raw


async def test_a_change_of_the_list_concerns_who_is_new_on_it(
    ada: Person, dora: Desk, office: PostOffice, told: Tell
) -> None:
    id_ = await ada.opens(notificationRecipients=BOB, detailedInstruction="Press the button.")
    await told()
    office.received.clear()
    path = f"/v1/remotehands-tickets/{id_}"
    await ada.put(path, {"customerReference": "PO 78"})
    await told()
    assert office.received == []
    await ada.put(path, {"notificationRecipients": f"{BOB}, new@elsewhere.example"})
    await told()
    one = only(office, "new@elsewhere.example")
    assert "Ada Example put you on this ticket's list of recipients." in one.text
    assert "> Press the button." in one.text
    assert office.received == []
    await ada.put(path, {"notificationRecipients": "third@elsewhere.example"})
    await ada.comments(id_, "Hello.")
    await told()
    assert "put you on" in only(office, "third@elsewhere.example").text
    assert office.received == [], "who was taken from the list is told no more, nor is the author his own comment"
    await ada.put(path, {"notificationRecipients": "fourth@elsewhere.example"})
    await dora.does("comments", id_, {"comment": "Seen."})
    await told()
    assert "put you on" in only(office, "fourth@elsewhere.example").text
    mine = only(office, "ada@example.com").text
    assert "> Seen." in mine
    assert "put you on" not in mine, "nobody learns who else is told"


async def test_each_address_once_whatever_its_case(ada: Person, office: PostOffice, told: Tell) -> None:
    await ada.opens(notificationRecipients=f"ADA@example.com, {BOB},{BOB.upper()} ,{BOB}")
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", BOB]


async def test_times_are_the_sites_and_utc(ada: Person, house: House, office: PostOffice, told: Tell) -> None:
    for site in ("PHX015", "IAD024"):
        await ada.opens(site=site)
    await told()
    texts = {re.search(r"Site: +(\w+)", one.text)[1]: one.text for one in office.received}  # type: ignore[index]
    assert re.search(r"^\d{4}-\d\d-\d\d \d\d:\d\d MST \((\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\)$", texts["PHX015"], re.M)
    assert re.search(r"^\d{4}-\d\d-\d\d \d\d:\d\d E[SD]T \((\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\)$", texts["IAD024"], re.M)


async def test_production_is_not_named(pia: Person, office: PostOffice, told: Tell) -> None:
    id_ = await pia.opens()
    await told()
    [one] = office.received
    assert one.message["Subject"].startswith(f"[{id_}] ")
    assert "Environment" not in one.text


async def test_an_author_who_no_longer_acts_for_the_account_is_told_no_more(
    house: House, bob: Person, dora: Desk, office: PostOffice, told: Tell
) -> None:
    id_ = await bob.opens()
    await load_text(
        house,
        'environment = "playground"\n[[users]]\nemail = "bob@example.com"\nname = "Bob Example"\n'
        'accounts = ["0011A00001BbCD2DEF"]\n',
    )
    await dora.does("start", id_)
    await told()
    assert office.received == []


async def test_hostile_titles_names_and_comments_stay_texts(
    house: House, ada: Person, office: PostOffice, told: Tell
) -> None:
    await load_text(
        house,
        'environment = "playground"\n[[users]]\nemail = "ada@example.com"\nname = "Ada {status} <b>\\u202e, Eve"\n'
        'accounts = ["0011A00001AaAB1ABC"]\n',
    )
    await ada.opens(
        title="x\r\nBcc: eve@example.org\r\n\r\n<script>{by}</script>=?utf-8?q?=0A?=",
        location="<img src=x>",
        detailedInstruction="</blockquote><script>alert(1)</script>\r\n.\r\nQUIT\r\n{{ 7*7 }}",
        notificationRecipients="a\uff0cb@example.com",
    )
    await told()
    [one] = office.received
    assert one.to == ["ada@example.com"]
    assert one.message["Bcc"] is None
    assert "<script" not in one.html
    assert "<img" not in one.html
    assert "{{ 7*7 }}" in one.text
    assert "{status}" in one.text


async def test_a_mail_has_an_end(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    id_ = await ada.opens()
    for place in range(MOST_TOLD + 4):
        await dora.does("comments", id_, {"comment": f"number {place}."})
    await told()
    [one] = office.received
    assert one.text.count("wrote:") == MOST_TOLD - 1
    assert "And 5 more changes: see the ticket." in one.text


@pytest.fixture
def strict(environment: dict[str, str], mailing: None) -> None:
    environment["REMOTEHANDS_MAIL_DOMAINS"] = "example.com, *.partner.example"


@pytest.mark.usefixtures("strict")
async def test_domains(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    listed = [
        "x@EXAMPLE.com",
        "x@sub.example.com",
        "x@partner.example",
        "x@a.partner.example",
        "x@notexample.com",
        "x@example.com.evil.example",
    ]
    id_ = await ada.opens(notificationRecipients=",".join(listed))
    before = await ada.get(f"/v1/remotehands-tickets/{id_}")
    feed = (await ada.get("/api/events")).json()["events"]
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", "x@EXAMPLE.com", "x@a.partner.example"]
    assert await refusals(dora, id_) == [
        {
            "addresses": ["x@sub.example.com", "x@partner.example", "x@notexample.com", "x@example.com.evil.example"],
            "count": 4,
            "reason": "the operator does not mail this domain",
        }
    ]
    after = await ada.get(f"/v1/remotehands-tickets/{id_}")
    assert after.content == before.content
    assert after.headers.get("etag") == before.headers.get("etag")
    assert (await ada.get("/api/events")).json()["events"] == feed
    await dora.does("start", id_)
    await told()
    assert len(await refusals(dora, id_)) == 1, "it is said once"


@pytest.fixture
def few(environment: dict[str, str], mailing: None) -> None:
    environment["REMOTEHANDS_MAIL_LIMIT"] = "3/hour"


@pytest.mark.usefixtures("few")
async def test_the_limit_of_an_account(
    ada: Person, max: Person, dora: Desk, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    first = await ada.opens(notificationRecipients=BOB)
    second = await ada.opens(notificationRecipients=f"{BOB}, carl@elsewhere.example")
    await told()
    assert len(office.received) == 3
    assert await refusals(dora, first) + await refusals(dora, second) == [
        {
            "addresses": [BOB, "carl@elsewhere.example"],
            "count": 2,
            "reason": "the account's limit of mails is reached",
        }
    ]
    await max.opens(site="FRA003")
    await told()
    assert only(office, "max@example.net"), "another account has its own"
    office.received.clear()
    clock.ahead += 3600
    await dora.does("start", second)
    await told()
    assert len(office.received) == 3


DESK = "desk@operator.example"


@pytest.fixture
def with_desk(environment: dict[str, str], mailing: None) -> None:
    environment["REMOTEHANDS_MAIL_DESK"] = f"{DESK}, on-call@operator.example"
    environment["REMOTEHANDS_MAIL_DOMAINS"] = "example.com"
    environment["REMOTEHANDS_MAIL_LIMIT"] = "3/hour"


@pytest.mark.usefixtures("with_desk")
async def test_the_desk_where_it_asks_for_it(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    """The operator's own are told of everything, within neither domains nor limit, and led to the desk."""
    id_ = await ada.opens(notificationRecipients=f"{DESK.upper()}, {BOB}")
    await told()
    assert sorted(one.to[0] for one in office.received) == [
        "ada@example.com",
        BOB,
        DESK,
        "on-call@operator.example",
    ]
    to_desk = only(office, DESK).text
    assert f"/desk/tickets/{id_}" in to_desk
    assert "/portal/" not in to_desk
    assert f"/portal/tickets/{id_}" in only(office, BOB).text
    assert await refusals(dora, id_) == []
    office.received.clear()
    await dora.does("start", id_)
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", DESK, "on-call@operator.example"]
    [refused] = await refusals(dora, id_)
    assert refused["reason"] == "the account's limit of mails is reached"
    assert refused["addresses"] == [BOB], "of the first four mails two count"
    office.received.clear()
    await ada.put(f"/v1/remotehands-tickets/{id_}", {"customerReference": "7", "notificationRecipients": BOB})
    await told()
    assert office.received == []


@pytest.fixture
def with_desk_and_no_strangers(environment: dict[str, str], with_desk: None) -> None:
    environment["REMOTEHANDS_MAIL_PLAYGROUND"] = "no"


@pytest.mark.usefixtures("with_desk_and_no_strangers")
async def test_the_desk_hears_nothing_of_the_playground(ada: Person, office: PostOffice, told: Tell) -> None:
    await ada.opens()
    await told()
    assert [one.to[0] for one in office.received] == ["ada@example.com"]


async def test_one_notice_goes_to_so_many_addresses(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    many = [f"u{place}@x.example" for place in range(1800)]
    id_ = await ada.opens(notificationRecipients=",".join(many))
    await told()
    assert len(office.received) == MOST
    [refused] = await refusals(dora, id_)
    assert refused["addresses"] == many[MOST - 1 : MOST - 1 + 50]
    assert refused["count"] == 1800 + 1 - MOST
    assert refused["reason"] == "a notice goes to 50 addresses at most"


@pytest.fixture
def closed(environment: dict[str, str], mailing: None) -> None:
    environment["REMOTEHANDS_MAIL_PLAYGROUND"] = "no"


@pytest.mark.usefixtures("closed")
async def test_the_playground_mails_people_that_it_knows(
    ada: Person, pia: Person, dora: Desk, office: PostOffice, told: Tell
) -> None:
    id_ = await ada.opens(notificationRecipients="Bob@Example.com, tom@operator.example, who@elsewhere.example")
    await pia.opens(notificationRecipients="who@production.example")
    await told()
    found = {one.to[0] for one in office.received}
    assert {"ada@example.com", "Bob@Example.com", "tom@operator.example", "who@production.example"} <= found
    assert "who@elsewhere.example" not in found
    [refused] = await refusals(dora, id_)
    assert refused["addresses"] == ["who@elsewhere.example"]


async def test_addresses_that_not_every_server_takes(ada: Person, dora: Desk, office: PostOffice, told: Tell) -> None:
    id_ = await ada.opens(
        notificationRecipients="\u00e4d\u00e4@x.example,ok@ex\u00e4mple.com,a@b.,x@stra\u00dfe.example"
    )
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", "ok@xn--exmple-cua.com"]
    [refused] = await refusals(dora, id_)
    assert refused["addresses"] == ["\u00e4d\u00e4@x.example", "a@b.", "x@stra\u00dfe.example"]


async def test_what_the_server_refuses_for_good_is_named_and_not_tried_again(
    house: House, ada: Person, dora: Desk, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    office.answers = {"gone@x.example": "550 5.1.1 no such user"}
    id_ = await ada.opens(notificationRecipients=f"{BOB}, gone@x.example")
    before = (await ada.get(f"/v1/remotehands-tickets/{id_}")).content
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", BOB]
    expected = [
        {"addresses": ["gone@x.example"], "count": 1, "reason": "The mail server answered 550 5.1.1 no such user."}
    ]
    assert await refusals(dora, id_) == expected
    clock.ahead += 86_400
    assert await due(house) == 0
    assert (await ada.get(f"/v1/remotehands-tickets/{id_}")).content == before


async def test_who_was_put_off_is_tried_again_and_nobody_else(
    house: House, ada: Person, dora: Desk, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    office.answers = {"full@x.example": "452 4.2.2 mailbox full"}
    id_ = await ada.opens(notificationRecipients=f"{BOB}, full@x.example")
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", BOB]
    first = office.received[0].message["Message-ID"]
    office.received.clear()
    office.answers = {}
    clock.ahead += MAIL_PAUSES[0] * 1.2
    await work(house)
    again = only(office, "full@x.example")
    assert again.message["Message-ID"] == first
    assert office.received == []
    assert await refusals(dora, id_) == []


async def test_a_server_that_is_away_for_days_sets_aside_and_names_and_a_hand_helps(
    house: House, ada: Person, dora: Desk, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    office.answers = {"ada@example.com": "421 4.7.0 closing"}
    id_ = await ada.opens()
    await told()
    began = clock.ahead
    for pause in MAIL_PAUSES:
        assert await refusals(dora, id_) == []
        clock.ahead += pause * 1.11
        await work(house)
    assert 2.5 * 86_400 < clock.ahead - began < 4 * 86_400
    [refused] = await refusals(dora, id_)
    assert refused["addresses"] == ["ada@example.com"]
    assert "421" in str(refused["reason"])
    async with house.db.read() as tx:
        [(key, kind, tries)] = await tx.all("SELECT key, kind, tries FROM jobs WHERE set_aside_at IS NOT NULL")
    assert (kind, tries) == ("mail", len(MAIL_PAUSES) + 1)
    office.answers = {}
    async with house.db.write() as tx:
        await jobs.retry(tx, key, now=house.now())
    await work(house)
    assert only(office, "ada@example.com").message["Message-ID"] == f"<{id_}@hands.operator.example>"


@pytest.mark.parametrize("place", ["RCPT", "DATA", "after DATA"])
async def test_a_server_that_closes_in_the_middle_gets_it_again(
    house: House, ada: Person, office: PostOffice, told: Tell, clock: SettableClock, place: str
) -> None:
    office.closes_in = place
    await ada.opens()
    await told()
    office.closes_in = ""
    clock.ahead += MAIL_PAUSES[0] * 1.2
    await work(house)
    assert len(office.received) == (2 if place == "after DATA" else 1)
    assert len({one.message["Message-ID"] for one in office.received}) == 1


async def test_what_was_told_is_told_once(
    house: House, ada: Person, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    for _ in range(3):
        await ada.opens()
    await told()
    for _ in range(3):
        await gather_notices(house)
        clock.ahead += 3600
        await work(house)
    assert len(office.received) == 3


async def test_made_up_tickets_are_told_to_nobody(
    house: House, office: PostOffice, told: Tell, command: Callable[..., object]
) -> None:
    command("fabricate", "--tickets", "50", "--accounts", "2")
    await told()
    assert office.received == []
    async with house.db.read(EVERY_TENANT) as tx:
        assert await tx.one("SELECT COUNT(*) FROM notices") == (0,)
        assert await tx.one("SELECT COUNT(*) FROM tickets") == (50,)


async def test_who_was_mailed_is_forgotten_after_thirty_days(
    house: House, ada: Person, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    await ada.opens()
    await told()
    office.answers = {"ada@example.com": "450 later"}
    waiting = await ada.opens()
    await told()
    assert await forget_notices(house) == 0
    clock.ahead += KEPT_SECONDS + 60
    assert await forget_notices(house) == 1
    async with house.db.read(EVERY_TENANT) as tx:
        assert await tx.all("SELECT ticket, ended_at FROM mails") == [(int(waiting[2:]), None)]
        assert await tx.all("SELECT ticket FROM notices") == [(int(waiting[2:]),)]


def test_every_event_that_is_told_has_its_words() -> None:
    assert wording.SAID.keys() == set(events.TOLD)


async def test_a_late_change(
    house: House, ada: Person, dora: Desk, office: PostOffice, told: Tell, clock: SettableClock
) -> None:
    """A change that is gathered after the notice was composed belongs to the next one."""
    id_ = await ada.opens()
    await gather_notices(house)
    clock.ahead += BURST_SECONDS
    await dora.does("start", id_)
    await work(house)
    assert "has begun" not in only(office, "ada@example.com").text
    await told()
    assert "has begun" in only(office, "ada@example.com").text


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (1_906_060_052, "America/Phoenix", "2030-05-26 14:07 MST (21:07 UTC)"),
        (1_906_060_052, "Europe/Berlin", "2030-05-26 23:07 CEST (21:07 UTC)"),
        (1_906_060_052, "Asia/Tokyo", "2030-05-27 06:07 JST (2030-05-26 21:07 UTC)"),
        (1_906_060_052, "America/Sao_Paulo", "2030-05-26 18:07 UTC-03 (21:07 UTC)"),
        (1_906_060_052, "Asia/Kathmandu", "2030-05-27 02:52 UTC+0545 (2030-05-26 21:07 UTC)"),
        (1_906_060_052, "UTC", "2030-05-26 21:07 UTC"),
        (1_893_456_000, "Europe/London", "2030-01-01 00:00 UTC"),
        (1_906_060_052, "Nowhere/Else", "2030-05-26 21:07 UTC"),
        (1_906_060_052, "../etc/passwd", "2030-05-26 21:07 UTC"),
    ],
)
def test_two_clocks(at: int, zone: str, text: str) -> None:
    assert moment(at, zone) == text


@pytest.mark.usefixtures("closed")
async def test_who_is_made_up_has_no_real_person_written_to_and_learns_of_none(
    house: House, ada: Person, bob: Person, dora: Desk, office: PostOffice, told: Tell
) -> None:
    await with_password(house, BOB)
    stranger = "who@elsewhere.example"
    of_ada = await ada.opens(notificationRecipients=f"Bob@Example.com, {stranger}")
    of_bob = await bob.opens(notificationRecipients="ada@example.com")
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", "ada@example.com", BOB]
    assert of_bob in only(office, BOB).text
    assert await refusals(dora, of_bob) == []
    [refused] = await refusals(dora, of_ada)
    assert refused["addresses"] == ["Bob@Example.com", stranger], "nothing tells the two apart"


@pytest.mark.usefixtures("closed")
async def test_what_the_made_up_write_reaches_no_real_person(
    house: House, ada: Person, bob: Person, tom: Desk, office: PostOffice, told: Tell
) -> None:
    await with_password(house, BOB)
    id_ = await bob.opens(notificationRecipients="ada@example.com")
    await told()
    assert BOB in {one.to[0] for one in office.received}
    office.received.clear()
    await ada.comments(id_, "Your invoice is overdue.")
    await told()
    await tom.does("comments", id_, {"comment": "Pay at evil.example."})
    await told()
    assert BOB not in {one.to[0] for one in office.received}
    office.received.clear()
    async with house.db.write(EVERY_TENANT) as tx:
        robot = await accounts.staff_member(Act(tx, By(name="", environment=Environment.PLAYGROUND), 0), ROBOT)
        assert robot is not None
        await tickets.note(Act(tx, robot, house.now()), int(id_[2:]), "I am at the rack.", False)
    await told()
    assert "I am at the rack." in only(office, BOB).text


@pytest.mark.usefixtures("closed")
async def test_who_was_invited_is_real_before_there_is_a_password(
    house: House, ada: Person, office: PostOffice, told: Tell
) -> None:
    async with house.db.write() as tx:
        await people.invite_by_command(tx, BOB, now=house.now())
    await ada.opens(notificationRecipients=BOB)
    await told()
    assert [one.to[0] for one in office.received] == ["ada@example.com"]
