"""The list of an account's tickets, and the same as CSV."""

import csv
import io
import re

import pytest

from cast import Desk, Person
from remotehandsd.house import House
from remotehandsd.tickets.search import searching
from remotehandsd.web.portal import listing
from remotehandsd.worker.search import index
from visiting import HOME, Visit


def _numbers(page: str) -> list[str]:
    return re.findall(r'<span class="mono quiet small-text">(WO\d+)</span></th>', page)


async def test_newest_first_page_by_page(ada_visits: Visit, ada: Person) -> None:
    numbers = [await ada.opens(title=f"Ticket {place}") for place in range(5)][::-1]
    first = await ada_visits.get(f"{HOME}/tickets?size=2")
    assert _numbers(first.text) == numbers[:2]
    assert "1 to 2 of 5" in first.text
    assert f'href="{HOME}/tickets?size=2&amp;page=1"' in first.text
    last = await ada_visits.get(f"{HOME}/tickets?size=2&page=2")
    assert _numbers(last.text) == numbers[4:]
    assert "Older" not in last.text
    past = await ada_visits.get(f"{HOME}/tickets?page=2147483647")
    assert past.status_code == 200
    assert "The list is not that long any more." in past.text
    assert f'href="{HOME}/tickets?page=0"' in past.text
    past = await ada_visits.get(f"{HOME}/tickets?size=2&page=9")
    assert f'href="{HOME}/tickets?size=2&amp;page=2"' in past.text, "the way to the last page that there is"


async def test_filters_stand_in_the_address(ada_visits: Visit, ada: Person, bob: Person, dora: Desk) -> None:
    urgent = await ada.opens()
    tapes = await bob.opens(site="IAD024", requestType="Planned Work", category="Tape swaps")
    await dora.does("start", tapes)
    for query, expected in (
        ("site=IAD024", [tapes]),
        ("status=In+Progress", [tapes]),
        ("requestType=Urgent+Work", [urgent]),
        ("category=Tape+swaps", [tapes]),
        ("createdBy=Bob+Example", [tapes]),
        ("createdBy=Bob+Example&status=New", []),
        ("site=FRA003", []),
        ("site=&status=&requestType=&category=&createdBy=", [tapes, urgent]),
    ):
        page = (await ada_visits.get(f"{HOME}/tickets?{query}")).text
        assert _numbers(page) == expected, query
    page = (await ada_visits.get(f"{HOME}/tickets?status=In+Progress&createdBy=Bob+Example")).text
    assert '<option value="In Progress" selected>' in page
    assert 'value="Bob Example"' in page
    assert f'href="{HOME}/tickets.csv?status=In+Progress&amp;createdBy=Bob+Example"' in page


@pytest.mark.parametrize(
    "query", ["status=Open", "requestType=planned", "category=Tapes", "page=-1", "size=0", "size=x"]
)
async def test_what_cannot_be_asked_for(ada_visits: Visit, query: str) -> None:
    assert (await ada_visits.get(f"{HOME}/tickets?{query}")).status_code == 422
    if not query.startswith(("page", "size")):
        assert (await ada_visits.get(f"{HOME}/tickets.csv?{query}")).status_code == 422


async def test_nothing_there_says_what_to_do(ada_visits: Visit) -> None:
    assert "There is no ticket yet." in (await ada_visits.get(f"{HOME}/tickets")).text
    for nothing in ("site=IAD024", "createdBy=%00", "createdBy=%ED%A0%80", "site=" + "x" * 2000):
        page = await ada_visits.get(f"{HOME}/tickets?{nothing}")
        assert page.status_code == 200, nothing
        assert "No ticket fits." in page.text


async def test_times_are_the_sites(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    ticket = await ada.ticket(number)
    page = (await ada_visits.get(f"{HOME}/tickets")).text
    shown = re.search(r'datetime="([^"]*)" title="([^"]*)">(\d{4}-\d\d-\d\d \d\d:\d\d)<', page)
    assert shown
    assert shown[1] == ticket["createdOn"].replace(" ", "T") + "Z"
    assert shown[2] == ticket["createdOn"][:16] + " UTC"
    # Phoenix is seven hours behind, all the year.
    assert (int(shown[2][11:13]) - int(shown[3][11:13])) % 24 == 7


async def test_csv_has_the_whole_narrowed_list(ada_visits: Visit, ada: Person, max: Person) -> None:
    numbers = [await ada.opens(title=f'Ticket, "{place}"\nsecond line') for place in range(30)][::-1]
    await ada.opens(site="IAD024")
    await max.opens(site="FRA003")
    answer = await ada_visits.get(f"{HOME}/tickets.csv?site=PHX015")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="tickets-0011A00001AaAB1ABC.csv"')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0] == list(listing.COLUMNS)
    assert [row[0] for row in rows[1:]] == numbers
    assert rows[1][1] == 'Ticket, "29"\nsecond line'
    assert rows[1][7] == (await ada.ticket(numbers[0]))["createdOn"]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "\uff1d1"])
async def test_no_cell_is_a_formula(ada_visits: Visit, ada: Person, title: str) -> None:
    await ada.opens(title=title)
    answer = await ada_visits.get(f"{HOME}/tickets.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[1][1] == f"'{title}"


async def test_csv_is_bounded_and_says_so(ada_visits: Visit, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CSV_ROWS", 2)
    numbers = [await ada.opens() for _ in range(3)][::-1]
    answer = await ada_visits.get(f"{HOME}/tickets.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:3]] == numbers[:2]
    assert rows[3] == ["The newest 2 of 3 tickets. Narrow the list to get the others."]
    assert answer.headers["x-total-count"] == "3"
    assert "(the newest 2)" in (await ada_visits.get(f"{HOME}/tickets")).text


async def test_words_are_searched_for(ada_visits: Visit, ada: Person, max: Person, dora: Desk, house: House) -> None:
    drive = await ada.opens(title="Swap the drive", detailedInstruction="It blinks amber")
    talked = await ada.opens(title="Another", site="IAD024")
    await ada.comments(talked, "The amber light again")
    await dora.does("comments", talked, {"comment": "crimson", "internal": True})
    await max.opens(title="amber", site="FRA003")
    await index(house)
    for query, expected in (
        ("q=amber", [talked, drive]),
        ("q=amber&site=PHX015", [drive]),
        ("q=" + drive, [drive]),
        ("q=crimson", []),
        ("q=%22%27%29+OR+1%3D1", []),
        ("q=%00", []),
        ("q=+++", [talked, drive]),
    ):
        page = await ada_visits.get(f"{HOME}/tickets?{query}")
        assert page.status_code == 200, query
        assert _numbers(page.text) == expected, query
    page = (await ada_visits.get(f"{HOME}/tickets?q=amber")).text
    assert 'value="amber"' in page
    assert f'href="{HOME}/tickets.csv?q=amber"' in page
    answer = await ada_visits.get(f"{HOME}/tickets.csv?q=amber")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == [talked, drive]


async def test_more_than_can_be_shown_is_said(
    ada_visits: Visit, ada: Person, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 2)
    for _ in range(3):
        await ada.opens(title="amber")
    await index(house)
    page = (await ada_visits.get(f"{HOME}/tickets?q=amber")).text
    assert "the newest 2 are shown" in page
    answer = await ada_visits.get(f"{HOME}/tickets.csv?q=amber")
    assert "there may be more" in answer.text
