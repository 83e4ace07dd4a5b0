"""One ticket at the desk: what it shows, what is done to it, and what happens when somebody was quicker."""

import asyncio
import re
from html import unescape
from pathlib import Path

import httpx
import pytest

import remotehandsd
from at_pages import borrowed
from cast import Desk, Person
from conftest import EXAMPLE, load_text
from desk_pages import AtDesk, at_desk, hidden, offers
from remotehandsd import tickets
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.notices.composing import record_refused
from remotehandsd.people import PlaygroundKind
from remotehandsd.web.texts import CATALOGUE
from signing import act_of, with_password

pytestmark = pytest.mark.usefixtures("cheap")

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 7 }}"
RIGHT_TO_LEFT = "\u202eabc \u05d0\u05d1"


@pytest.fixture
async def dora_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "dora@operator.example")


@pytest.fixture
async def tom_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "tom@operator.example")


@pytest.fixture
async def tess_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "tess@operator.example")


def reads(page: str) -> str:
    """Return a page as a person reads it."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


async def test_all_that_is_known(ada: Person, tom_there: AtDesk) -> None:
    id_ = await ada.opens(
        location="Data Hall A, Cage 12",
        detailedInstruction="Hold the button.\n\n  Do NOT touch FW-1.",
        customerReference="CHG-1042",
        referenceTicket="WO1000009",
        notificationRecipients="ops@example.com",
    )
    page = await tom_there.sees(id_)
    read = reads(page)
    assert re.search(r"<h1>.*PHX015.*Data Hall A, Cage 12.*Reboot the firewall in rack 7.*</h1>", page, re.DOTALL)
    assert page.count("<h1") == 1
    assert "Hold the button.\n\n  Do NOT touch FW-1.</p>" in page, "as it was typed"
    for words in (
        "12 Example Road, Phoenix",
        "Example Ltd",
        "Example Holding 100123",
        "0011A00001AaAB1ABC",
        "Ordered by Ada Example",
        "CHG-1042",
        "WO1000009",
        "ops@example.com",
        "Nobody has it",
        "Ada Example ordered the work",
    ):
        assert words in read, words


OF_A_TECHNICIAN = {"take", "start", "comments", "notes", "files", "time", "time/start"}
OF_A_DISPATCHER = {*OF_A_TECHNICIAN, "assign", "cancel"}
EVERYTHING = {*OF_A_DISPATCHER, "complete", "grant", "refuse", "time/stop"}


def offered(page: str) -> set[str]:
    return {action for action in EVERYTHING if offers(page, action)}


def plain(text: str) -> str:
    """Return a text without the marks that keep each name in its own direction."""
    return re.sub("[\u2066-\u2069]", "", text)


async def test_who_could_not_be_mailed(ada: Person, house: House, tom_there: AtDesk) -> None:
    """A refused address stands on the desk's page, marked as what the customer never sees."""
    id_ = await ada.opens()
    async with house.db.write(EVERY_TENANT) as tx:
        row = await tx.one("SELECT key FROM accounts WHERE environment = 'playground' AND id = :id", id=EXAMPLE[1])
        assert row is not None
        act = Act(tx, By("Remotehands", Environment.PLAYGROUND, row[0]), house.now())
        await record_refused(act, int(id_[2:]), [HOSTILE], "the operator does not mail this domain")
        await record_refused(act, int(id_[2:]), ["a@x.example", "b@x.example"], "the limit is reached")
    page = await tom_there.sees(id_)
    read = reads(page)
    assert f"No mail to {HOSTILE}: the operator does not mail this domain" in plain(read)
    assert "No mail to a@x.example and others, 2 in all: the limit is reached" in plain(read)
    assert HOSTILE not in page


def test_whatever_is_recorded_has_a_sentence() -> None:
    """An event without one would take the whole page away."""
    recorded = {
        found
        for path in (Path(remotehandsd.__file__).parent).rglob("*.py")
        if "web" not in path.parts
        for found in re.findall(r'"(ticket\.[a-z_]+)"', path.read_text())
    }
    assert {"ticket.created", "ticket.notice_refused", "ticket.time_corrected"} <= recorded
    for type_ in recorded:
        assert {f"desk.happened.{type_}", f"desk.happened.{type_}.other"} & CATALOGUE.keys(), type_


async def test_only_what_one_may_do_is_offered(ada: Person, tom_there: AtDesk, dora_there: AtDesk) -> None:
    id_ = await ada.opens()
    assert offered(await tom_there.sees(id_)) == OF_A_TECHNICIAN
    assert offered(await dora_there.sees(id_)) == OF_A_DISPATCHER
    assert (await tom_there.post(f"/desk/tickets/{id_}/start")).status_code == 303
    # His time runs from then on, and what is his he need not take.
    assert offered(await tom_there.sees(id_)) == OF_A_TECHNICIAN - {"take", "start", "time/start"} | {
        "complete",
        "time/stop",
    }
    assert offered(await dora_there.sees(id_)) == OF_A_DISPATCHER - {"start"} | {"complete"}
    await ada.cancels(id_)
    asked = await tom_there.sees(id_)
    assert "A dispatcher decides." in asked
    assert not offers(asked, "start")
    assert offers(await dora_there.sees(id_), "grant")
    await dora_there.post(f"/desk/tickets/{id_}/grant")
    assert offered(await tom_there.sees(id_)) == {"notes", "time"}
    assert offered(await dora_there.sees(id_)) == {"notes", "time"}


async def test_a_start_is_not_offered_while_a_cancellation_is_asked_for(
    ada: Person, tom_there: AtDesk, dora_there: AtDesk
) -> None:
    id_ = await ada.opens()
    await ada.put(f"/v1/remotehands-tickets/{id_}/cancel", {"cancelReason": "Request entered in error"})
    page = await tom_there.sees(id_)
    assert not offers(page, "start")
    read = reads(page)
    assert "The customer asks to cancel this. Reason: Request entered in error" in read
    late = await tom_there.post(f"/desk/tickets/{id_}/start")
    assert late.status_code == 409
    assert "This is not possible while the ticket is Cancellation Requested." in late.text
    assert "does not begin before this is decided" in reads(await dora_there.sees(id_))


async def test_a_day_of_a_ticket(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    at = f"/desk/tickets/{id_}"
    taken = await tom_there.post(f"{at}/take", _holder="")
    assert taken.headers["location"] == f"{at}?done=taken"
    assert (await tom.sees(id_))["assignedTo"] == "Tom Technician"
    assert (await ada.ticket(id_))["status"] == "New"
    await tom_there.post(f"{at}/start", _holder="Tom Technician")
    assert (await ada.ticket(id_))["status"] == "In Progress"
    said = await tom_there.post(f"{at}/comments", comment="I am at the rack.")
    assert said.headers["location"] == f"{at}?done=commented#happened"
    before = await ada.ticket(id_)
    await tom_there.post(f"{at}/notes", note="The key is with security.")
    assert await ada.ticket(id_) == before, "a note leaves no trace"
    read = reads(await tom_there.sees(id_))
    assert "Tom Technician wrote" in read
    assert "Internal Tom Technician noted" in read
    assert "The key is with security." in read
    await tom_there.post(f"{at}/complete", minutes="25", word="Two reboots", told="It is green again.")
    ticket = await ada.ticket(id_)
    assert ticket["status"] == "Completed"
    assert [one["comment"] for one in ticket["comments"]] == ["I am at the rack.", "It is green again."]
    (entry,) = (await tom.sees(id_))["time"]["entries"]
    assert (entry["minutes"], entry["note"]) == (25, "Two reboots")
    assert "Nothing more is done here." in await tom_there.sees(id_)
    assert "Two reboots" not in str(ticket)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"minutes": ""}, "This is needed."),
        ({"minutes": "0"}, "Say in a word why it took no time."),
        ({"minutes": "0", "word": "  "}, "Say in a word why it took no time."),
        ({"minutes": "0", "word": "x" * 401}, "400"),
        ({"minutes": "x"}, "Whole minutes from 0 to 1440 are possible."),
        ({"minutes": "-5"}, "Whole minutes from 0 to 1440 are possible."),
        ({"minutes": "1441"}, "Whole minutes from 0 to 1440 are possible."),
        ({"minutes": "9" * 50}, "Whole minutes from 0 to 1440 are possible."),
        ({"minutes": "5", "word": "x" * 401}, "400"),
        ({"minutes": "5", "told": "x" * 4097}, "4096"),
        ({}, "This is needed."),
    ],
)
async def test_completing_wants_the_time(
    fields: dict[str, str], sentence: str, ada: Person, tom: Desk, tom_there: AtDesk
) -> None:
    id_ = await ada.opens()
    await tom.does("start", id_)
    typed = {"told": "All is well.", **fields}
    answer = await tom_there.post(f"/desk/tickets/{id_}/complete", **typed)
    assert answer.status_code == 422
    assert sentence in reads(answer.text)
    for value in typed.values():
        assert value.strip() in answer.text, "what was typed stands there again"
    ticket = await ada.ticket(id_)
    assert (ticket["status"], ticket["comments"]) == ("In Progress", []), "nothing is half done"


async def test_no_time_with_a_word(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_, other = await ada.opens(), await ada.opens()
    for one in (id_, other):
        await tom.does("start", one)
    await tom_there.post(f"/desk/tickets/{id_}/complete", minutes="0", word="Done with another one")
    seen = await tom.sees(id_)
    assert (seen["status"], seen["time"]["entries"]) == ("Completed", [])
    assert [one["comment"] for one in seen["internalComments"]] == ["Done with another one"]
    await tom.does("time/start", other)
    assert 'value="0"' in await tom_there.sees(other) or 'value="1"' in await tom_there.sees(other)
    await tom_there.post(f"/desk/tickets/{other}/complete", minutes="0", word="By mistake")
    seen = await tom.sees(other)
    assert (seen["status"], seen["time"]["totalMinutes"]) == ("Completed", 0)
    assert "By mistake" in reads(await tom_there.sees(other))


async def test_somebody_was_quicker(ada: Person, tom_there: AtDesk, tess_there: AtDesk) -> None:
    id_ = await ada.opens()
    at = f"/desk/tickets/{id_}"
    holder = hidden(await tess_there.sees(id_), "_holder")
    assert holder == ""
    await tom_there.post(f"{at}/take", _holder="")
    for move in ("take", "start"):
        late = await tess_there.post(f"{at}/{move}", _holder=holder)
        assert late.status_code == 409
        assert "Somebody was quicker. Tom Technician has this ticket now." in reads(late.text)
        assert offers(late.text, "take"), "the page is the ticket as it is now"
    # Who has seen who has it can take it over.
    await tess_there.post(f"{at}/take", _holder="Tom Technician")
    assert "With Tess Technician" in reads(await tess_there.sees(id_))
    await tess_there.post(f"{at}/start", _holder="Tess Technician")
    assert (await tom_there.post(f"{at}/start", _holder="Tess Technician")).status_code == 409
    await tess_there.post(f"{at}/complete", minutes="3")
    lost = await tom_there.post(f"{at}/comments", comment="I wanted to say\nthis & that.")
    assert lost.status_code == 409
    assert "I wanted to say\nthis &amp; that." in lost.text, "what was typed is not lost"
    late = await tom_there.post(f"{at}/complete", minutes="3", told="Mine too")
    assert late.status_code == 409
    assert "Mine too" in late.text


@pytest.mark.parametrize("move", ["take", "start"])
async def test_two_at_once(move: str, ada: Person, tom: Desk, tom_there: AtDesk, tess_there: AtDesk) -> None:
    id_ = await ada.opens()
    answers = await asyncio.gather(
        *(one.post(f"/desk/tickets/{id_}/{move}", _holder="") for one in (tom_there, tess_there))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert f"With {(await tom.sees(id_))['assignedTo']}" in reads(late.text)


async def test_who_takes_it_between_the_look_and_the_move_is_not_passed_over(
    house: House, ada: Person, tom: Desk, tess_there: AtDesk
) -> None:
    id_ = await ada.opens()
    async with house.db.write(EVERY_TENANT) as tx:
        act = await act_of(house, tx, "tom@operator.example")
        await tickets.must_be_held_by(act, int(id_[2:]), "")
        late = asyncio.create_task(tess_there.post(f"/desk/tickets/{id_}/take", _holder=""))
        done, _ = await asyncio.wait({late}, timeout=0.5)
        assert not done, "she waits for him"
        await tickets.assign(act, int(id_[2:]), "tom@operator.example")
    answer = await late
    assert answer.status_code == 409
    assert "Tom Technician has this ticket now." in answer.text
    assert (await tom.sees(id_))["assignedTo"] == "Tom Technician"


async def test_a_form_that_comes_twice_is_done_once(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    at = f"/desk/tickets/{id_}"
    for path, fields in (
        ("start", {"_holder": ""}),
        ("comments", {"comment": "I am at the rack."}),
        ("notes", {"note": "The key is with security."}),
        ("time", {"book_minutes": "5"}),
        ("complete", {"minutes": "10", "told": "It is green."}),
    ):
        sent = {"_once": f"key of {path}", **fields}
        answers = [await tom_there.post(f"{at}/{path}", **sent) for _ in range(2)]
        answers += await asyncio.gather(*(tom_there.post(f"{at}/{path}", **sent) for _ in range(3)))
        assert {answer.headers.get("location") for answer in answers} == {answers[0].headers["location"]}, path
    seen = await tom.sees(id_)
    assert [one["comment"] for one in seen["comments"]] == ["I am at the rack.", "It is green."]
    assert len(seen["internalComments"]) == 1
    assert sorted(one["minutes"] for one in seen["time"]["entries"]) == [5, 10]
    other = await tom_there.post(f"{at}/notes", _once="key of notes", note="Another note")
    assert other.status_code == 422
    assert "This form was sent before, with other words in it." in other.text
    assert "Another note" in other.text
    assert hidden(other.text, "_once") != "key of notes"


async def test_handing_over(ada: Person, dora_there: AtDesk, tom: Desk, house: House) -> None:
    await load_text(
        house,
        'environment = "playground"\n[[staff]]\nemail = "tess@operator.example"\nname = "Tess Technician"\n'
        'roles = ["technician"]\nsites = ["IAD024"]\n',
    )
    id_ = await ada.opens()
    page = await dora_there.sees(id_)
    assert '<option value="tom@operator.example"' in page
    assert "tess@operator.example" not in page, "she does not work at the site"
    at = f"/desk/tickets/{id_}/assign"
    assert (await dora_there.post(at, email="tom@operator.example", _holder="")).status_code == 303
    assert (await tom.sees(id_))["assignedTo"] == "Tom Technician"
    assert "Dora Dispatcher handed it to Tom Technician" in reads(await dora_there.sees(id_))
    for email, sentence in (
        ("tess@operator.example", "Tess Technician does not work at PHX015."),
        ("", "This is needed."),
        ("nobody@operator.example", "Nobody on the staff who works on tickets has this address."),
        (HOSTILE, "This is not an e-mail address."),
    ):
        answer = await dora_there.post(at, email=email)
        assert answer.status_code == 422
        assert sentence in reads(answer.text)
    assert (await dora_there.post(at, email="dora@operator.example", _holder="")).status_code == 409


async def test_a_cancellation_is_decided(ada: Person, tom: Desk, dora_there: AtDesk) -> None:
    granted, refused, silent = await ada.opens(), await ada.opens(), await ada.opens()
    await tom.does("start", refused)
    for id_ in (granted, refused, silent):
        await ada.cancels(id_)
    assert "The work had begun." in reads(await dora_there.sees(refused))
    await dora_there.post(f"/desk/tickets/{granted}/grant", answer="Gladly.")
    await dora_there.post(f"/desk/tickets/{refused}/refuse", answer="The disk is out already.")
    await dora_there.post(f"/desk/tickets/{silent}/refuse", answer="  ")
    one, other, third = [await ada.ticket(id_) for id_ in (granted, refused, silent)]
    assert (one["status"], [said["comment"] for said in one["comments"]]) == ("Cancelled", ["Gladly."])
    assert (other["status"], [said["comment"] for said in other["comments"]]) == (
        "In Progress",
        ["The disk is out already."],
    )
    assert (third["status"], third["comments"]) == ("New", [])
    late = await dora_there.post(f"/desk/tickets/{granted}/refuse", answer="No.")
    assert late.status_code == 409
    assert "No." in late.text
    await ada.cancels(refused)
    too_long = await dora_there.post(f"/desk/tickets/{refused}/grant", answer="x" * 4097)
    assert too_long.status_code == 422
    assert (await ada.ticket(refused))["status"] == "Cancellation Requested", "not half granted"


async def test_cancelling_for_the_customer(ada: Person, dora_there: AtDesk) -> None:
    id_ = await ada.opens()
    for reason in ("", "Because", HOSTILE):
        assert (await dora_there.post(f"/desk/tickets/{id_}/cancel", reason=reason)).status_code == 422
    assert (await dora_there.post(f"/desk/tickets/{id_}/cancel", reason="Duplicate request")).status_code == 303
    ticket = await ada.ticket(id_)
    assert (ticket["status"], ticket["cancelReason"]) == ("Cancelled", "Duplicate request")


@pytest.mark.parametrize("action", ["comments", "notes"])
async def test_writing_nothing_or_too_much(action: str, ada: Person, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    field = action.removesuffix("s")
    for text in ("", "   ", "x" * 4097, "\0"):
        answer = await tom_there.post(f"/desk/tickets/{id_}/{action}", **{field: text})
        assert answer.status_code == 422, text[:5]
        assert f'id="e-{field}"' in answer.text
    assert (await ada.ticket(id_))["comments"] == []


async def test_hostile_text_is_text(ada: Person, tom_there: AtDesk, dora_there: AtDesk) -> None:
    id_ = await ada.opens(
        title=HOSTILE,
        location=HOSTILE[:40],
        detailedInstruction=HOSTILE + "x" * 10_000 + RIGHT_TO_LEFT,
        customerReference=HOSTILE[:40],
        referenceTicket="<b>'\"&",
    )
    at = f"/desk/tickets/{id_}"
    await tom_there.post(f"{at}/comments", comment=HOSTILE)
    await tom_there.post(f"{at}/notes", note=HOSTILE)
    await tom_there.post(f"{at}/time", book_minutes="5", book_note=HOSTILE)
    await ada.cancels(id_)
    answer = await dora_there.get(at)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "{{ 7 * 7 }}" in answer.text
    assert answer.text.count("&lt;script&gt;") >= 5
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await dora_there.get(f"{at}?done={HOSTILE}")).text.count("alert(1)") == answer.text.count("alert(1)")


async def test_a_long_word_is_typed_again(ada: Person, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    answer = await tom_there.post(f"/desk/tickets/{id_}/comments", comment=HOSTILE + "x" * 5000)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "x" * 5000 in answer.text


async def test_a_borrowed_dispatcher_sees_no_real_colleague(web: httpx.AsyncClient, house: House, ada: Person) -> None:
    id_ = await ada.opens()
    await with_password(house, "tess@operator.example")
    somebody = await borrowed(web, house, PlaygroundKind.DISPATCHER)
    page = (await somebody.get(f"/desk/tickets/{id_}")).text
    assert "tom@operator.example" in page
    assert "tess@operator.example" not in page


@pytest.mark.parametrize(
    ("host", "has_code"),
    [
        ("hands.example.com:8443", True),
        ("[2001:db8::7]:8000", True),
        ("127.0.0.1:8000", False),
        ("localhost", False),
        ("x" * 3000, False),
        ("<b>.example", False),
        ("[", False),
    ],
)
async def test_a_code_for_any_host(ada: Person, dora_there: AtDesk, host: str, has_code: bool) -> None:
    id_ = await ada.opens()
    page = await dora_there.web.get(f"/desk/tickets/{id_}", headers=dora_there.headers | {"Host": host})
    assert page.status_code == 200
    assert ('class="phone-code"' in page.text) is has_code
