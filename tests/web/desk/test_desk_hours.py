"""Time worked, by the desk's pages: the clock, what is booked, and what is corrected."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cast import Desk, Person
from conftest import SettableClock
from desk_pages import AtDesk, at_desk, offers
from remotehandsd.house import House

pytestmark = pytest.mark.usefixtures("cheap")

PHOENIX = ZoneInfo("America/Phoenix")


@pytest.fixture
async def dora_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "dora@operator.example")


@pytest.fixture
async def tom_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "tom@operator.example")


def field(page: str, name: str) -> str:
    """Return what stands in a field."""
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return found[1]


async def worked(tom: Desk, id_: str) -> list[tuple[str, int, str]]:
    return [(one["workedBy"], one["minutes"], one["note"]) for one in (await tom.sees(id_))["time"]["entries"]]


async def test_the_clock(ada: Person, tom: Desk, tom_there: AtDesk, clock: SettableClock) -> None:
    id_, other = await ada.opens(), await ada.opens()
    at = f"/desk/tickets/{id_}"
    assert (await tom_there.post(f"{at}/time/start")).headers["location"] == f"{at}?done=time_started#time"
    clock.ahead = 301
    page = await tom_there.sees(id_)
    assert offers(page, "time/stop")
    assert not offers(page, "time/start")
    assert "6 min" in page
    assert f"Your time runs on {id_}." in await tom_there.sees(other)
    await tom_there.post(f"{at}/time/stop", stop_note="Fetched the tapes")
    assert await worked(tom, id_) == [("Tom Technician", 6, "Fetched the tapes")]
    late = await tom_there.post(f"{at}/time/stop", stop_note="Again")
    assert late.status_code == 409
    assert "Again" in late.text


async def test_the_clock_fills_the_form_of_completion(
    ada: Person, tom: Desk, tom_there: AtDesk, clock: SettableClock
) -> None:
    id_ = await ada.opens()
    await tom_there.post(f"/desk/tickets/{id_}/start")
    clock.ahead = 601
    page = await tom_there.sees(id_)
    assert field(page, "minutes") == "11"
    await tom_there.post(f"/desk/tickets/{id_}/complete", minutes="11")
    assert await worked(tom, id_) == [("Tom Technician", 11, "")]


async def test_booking(ada: Person, tom: Desk, tom_there: AtDesk, dora_there: AtDesk) -> None:
    id_ = await ada.opens()
    at = f"/desk/tickets/{id_}/time"
    await tom_there.post(at, book_minutes="20", book_note="Tapes")
    await dora_there.post(at, book_minutes="5", book_email="tom@operator.example")
    assert sorted(await worked(tom, id_)) == [("Tom Technician", 5, ""), ("Tom Technician", 20, "Tapes")]
    past = datetime.fromtimestamp(1_700_000_000, PHOENIX)
    await tom_there.post(at, book_minutes="7", book_ended=past.strftime("%Y-%m-%dT%H:%M"))
    entries = (await tom.sees(id_))["time"]["entries"]
    assert any(one["to"] == "2023-11-14 22:13:00" and one["minutes"] == 7 for one in entries), "the site's time"


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, "book_minutes"),
        ({"book_minutes": "0"}, "book_minutes"),
        ({"book_minutes": "x"}, "book_minutes"),
        ({"book_minutes": "5", "book_ended": "yesterday"}, "book_ended"),
        ({"book_minutes": "5", "book_ended": "0001-01-01T00:00"}, "book_ended"),
        ({"book_minutes": "5", "book_ended": "9999-12-31T23:59"}, "book_ended"),
        ({"book_minutes": "5", "book_ended": "2099-01-01T00:00"}, "book_ended"),
        ({"book_minutes": "5", "book_note": "x" * 401}, "book_note"),
        ({"book_minutes": "5", "book_email": "nobody@operator.example"}, "book_email"),
    ],
)
async def test_booking_what_cannot_be(
    fields: dict[str, str], fault: str, ada: Person, tom: Desk, dora_there: AtDesk
) -> None:
    id_ = await ada.opens()
    answer = await dora_there.post(f"/desk/tickets/{id_}/time", **fields)
    assert answer.status_code == 422
    assert f'id="e-{fault}"' in answer.text
    assert await worked(tom, id_) == []


async def test_correcting(ada: Person, tom: Desk, tom_there: AtDesk, dora_there: AtDesk, clock: SettableClock) -> None:
    id_ = await ada.opens()
    at = f"/desk/tickets/{id_}/time"
    await tom_there.post(at, book_minutes="20", book_note="Tapes")
    (before,) = (await tom.sees(id_))["time"]["entries"]
    address = f"{at}/{before['id']}"
    page = (await tom_there.get(address)).text
    as_it_is = {name: field(page, name) for name in ("began_at", "ended_at", "note")}
    assert as_it_is["note"] == "Tapes"
    clock.ahead = 37
    # What reads as before is not changed: not even by the seconds that the field does not show.
    await tom_there.post(address, **as_it_is, minutes="", reason="Nothing, really")
    assert (await tom.sees(id_))["time"]["entries"] == [before]
    done = await tom_there.post(address, **as_it_is, minutes="45", reason="The clock was forgotten")
    assert done.headers["location"] == f"/desk/tickets/{id_}?done=time_corrected#time"
    (after,) = (await tom.sees(id_))["time"]["entries"]
    assert (after["minutes"], after["to"], after["note"]) == (45, before["to"], "Tapes")
    assert "The clock was forgotten" in await tom_there.sees(id_)
    await dora_there.post(address, **as_it_is | {"note": "Tapes, twice"}, minutes="0", reason="Taken back")
    assert await worked(tom, id_) == [("Tom Technician", 0, "Tapes, twice")]


async def test_time_is_not_shown_from_before_the_order(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    await tom_there.post(f"/desk/tickets/{id_}/start")
    await tom_there.post(f"/desk/tickets/{id_}/complete", minutes="90")
    opened = datetime.strptime((await tom.sees(id_))["createdOn"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    [entry] = (await tom.sees(id_))["time"]["entries"]
    shown = re.findall(r'entry-when"><time datetime="([^"]*)"', await tom_there.sees(id_))
    assert shown == [opened.strftime("%Y-%m-%dT%H:%M:%SZ")]
    address = f"/desk/tickets/{id_}/time/{entry['id']}"
    page = (await tom_there.get(address)).text
    began, ended = (field(page, name) for name in ("began_at", "ended_at"))
    assert began == opened.astimezone(PHOENIX).strftime("%Y-%m-%dT%H:%M")
    await tom_there.post(address, began_at=began, ended_at=ended, note="By the phone", minutes="", reason="A note")
    assert await worked(tom, id_) == [("Tom Technician", 90, "By the phone")], "the minutes stay as they were booked"


async def test_correcting_what_cannot_be(ada: Person, tom: Desk, dora: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    await tom.does("time", id_, {"minutes": 20})
    await dora.does("time", id_, {"minutes": 5})
    entries = (await tom.sees(id_))["time"]["entries"]
    his, hers = sorted(entries, key=lambda one: one["workedBy"], reverse=True)
    at = f"/desk/tickets/{id_}/time"
    page = (await tom_there.get(f"{at}/{his['id']}")).text
    as_it_is = {name: field(page, name) for name in ("began_at", "ended_at", "note")}
    for more, fault in (
        ({"minutes": "5", "reason": ""}, "reason"),
        ({"minutes": "x", "reason": "y"}, "minutes"),
        ({"began_at": "x", "reason": "y"}, "began_at"),
        ({"ended_at": "2099-01-01T00:00", "reason": "y"}, "ended_at"),
        ({"began_at": "1999-01-01T00:00", "reason": "y"}, "began_at"),
        ({"note": "x" * 401, "reason": "y"}, "note"),
    ):
        answer = await tom_there.post(f"{at}/{his['id']}", **{**as_it_is, "minutes": "", **more})
        assert answer.status_code == 422, more
        assert f'id="e-{fault}"' in answer.text, more
    assert (await tom_there.get(f"{at}/{hers['id']}")).status_code == 404, "a technician corrects his own"
    assert (await tom_there.post(f"{at}/{hers['id']}", minutes="1", reason="x")).status_code == 403
    for odd in ("0", "-1", "x", "9" * 30, "%00", "999999"):
        assert (await tom_there.get(f"{at}/{odd}")).status_code == 404
        assert (await tom_there.post(f"{at}/{odd}", minutes="1", reason="x")).status_code == 404
    other = await ada.opens()
    assert (await tom_there.get(f"/desk/tickets/{other}/time/{his['id']}")).status_code == 404
    assert (await tom.sees(id_))["time"]["entries"] == entries
