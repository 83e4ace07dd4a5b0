"""The queue: its order, what it is narrowed to, counts, search, and how long tickets wait."""

import re
from html import unescape

import pytest

from cast import Desk, Person
from conftest import SettableClock
from desk_pages import AtDesk, at_desk
from remotehandsd.act import Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import Usual, index_some, keep_usual

pytestmark = pytest.mark.usefixtures("cheap")

PLANNED = {"requestType": "Planned Work", "category": "Auditing"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 7 }}"


@pytest.fixture
async def dora_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "dora@operator.example")


@pytest.fixture
async def tom_there(house: House, ada: Person) -> AtDesk:
    return await at_desk(ada.web, house, "tom@operator.example")


async def lines(visitor: AtDesk, address: str = "/desk") -> list[str]:
    """Return the numbers of the tickets in the list, in its order."""
    answer = await visitor.get(address)
    assert answer.status_code == 200, answer.text
    return [f"WO{number}" for number in re.findall(r'id="row-(\d+)"', answer.text)]


def row(page: str, id_: str) -> str:
    """Return the line of a ticket, as a person reads it."""
    found = re.search(rf'<tr id="row-{id_[2:]}".*?</tr>', page, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[0])).split())


async def test_urgent_first_then_the_oldest(ada: Person, max: Person, dora_there: AtDesk, clock: SettableClock) -> None:  # noqa: A002
    planned = await ada.opens(**PLANNED)
    clock.ahead += 60
    urgent = await max.opens(site="FRA003")
    clock.ahead += 60
    later = await ada.opens()
    assert await lines(dora_there) == [urgent, later, planned]
    page = (await dora_there.get("/desk")).text
    assert "Sample AG" in row(page, urgent)
    assert "Urgent" in row(page, urgent)
    assert "Urgent" not in row(page, planned)
    assert "nobody" in row(page, planned)


async def test_number_and_title_are_one_link(ada: Person, dora_there: AtDesk) -> None:
    id_ = await ada.opens(title="Reseat the optic")
    page = (await dora_there.get("/desk")).text
    [words] = re.findall(rf'<a href="/desk/tickets/{id_}"[^>]*>(.*?)</a>', page)
    assert re.sub(r"<[^>]*>", "", words).split() == [id_, "Urgent", "Reseat", "the", "optic"]


async def test_what_it_is_narrowed_to_stands_in_the_address(
    ada: Person,
    max: Person,
    dora: Desk,
    dora_there: AtDesk,  # noqa: A002
) -> None:
    one, two, three = await ada.opens(**PLANNED), await ada.opens(), await max.opens(site="FRA003")
    gone = await ada.opens()
    await dora.does("start", two)
    await dora.does("cancel", gone, {"cancelReason": "Duplicate request"})
    for query, expected in (
        ("", [two, three, one]),
        ("?assigned=anybody", [two, three, one]),
        ("?site=PHX015", [two, one]),
        ("?site=NOWHERE", []),
        ("?status=New", [three, one]),
        ("?status=In+Progress", [two]),
        ("?status=Cancelled", [gone]),
        ("?requestType=Planned+Work", [one]),
        ("?assigned=me", [two]),
        ("?assigned=nobody", [three, one]),
        ("?account=0022B00002CcEF3GHI", [three]),
        ("?account=0011A00001AaAB1ABC&status=New", [one]),
        ("?page=7", []),
    ):
        assert await lines(dora_there, f"/desk{query}") == expected, query
    page = (await dora_there.get("/desk?site=PHX015&status=New&q=")).text
    assert '<option value="PHX015" selected>' in page
    assert '<option value="New" selected>' in page
    assert '<input type="hidden" name="site" value="PHX015">' in page, "a search keeps the filters"


@pytest.mark.parametrize(
    "query", ["status=Old", "requestType=x", "assigned=tom", "page=-1", "page=x", "page=99999999999"]
)
async def test_what_cannot_be_narrowed_to(query: str, dora_there: AtDesk) -> None:
    answer = await dora_there.get(f"/desk?{query}")
    assert answer.status_code == 422
    assert query.split("=", maxsplit=1)[0] in answer.text


async def test_odd_addresses(dora_there: AtDesk, ada: Person) -> None:
    await ada.opens()
    for query in ("site=%00", "account=%FF", "q=%00", "q=***", "q=%22", "site=" + "x" * 3000, "q=" + "x" * 3000):
        assert (await dora_there.get(f"/desk?{query}")).status_code == 200, query
    answer = await dora_there.get(
        "/desk",
    )
    assert HOSTILE not in (await dora_there.web.get("/desk", params={"q": HOSTILE}, headers=dora_there.headers)).text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_counts_lead_to_what_they_count(ada: Person, max: Person, tom: Desk, dora_there: AtDesk) -> None:  # noqa: A002
    for _ in range(2):
        await ada.opens(**PLANNED)
    started = await ada.opens()
    await max.opens(site="FRA003")
    await tom.does("start", started)
    page = (await dora_there.get("/desk")).text
    (tallies,) = re.findall(r'<nav class="tallies".*?</nav>', page, re.DOTALL)
    found = re.findall(r'href="([^"]*)"[^>]*>.*?<b>(\d+)</b>', tallies)
    assert len(found) == 9
    for address, count in found:
        assert len(await lines(dora_there, unescape(address))) == int(count), address
    counts = {unescape(address): count for address, count in found}
    assert counts["/desk"] == "4"
    assert counts["/desk?site=FRA003"] == "1"
    assert counts["/desk?requestType=Urgent+Work"] == "2"


async def test_staff_of_a_site_see_that_site(ada: Person, max: Person, tom_there: AtDesk, house: House) -> None:  # noqa: A002
    here, _ = await ada.opens(title="Here in Phoenix"), await max.opens(site="FRA003", title="There in Frankfurt")
    await house_is_indexed(house)
    assert await lines(tom_there) == [here]
    assert await lines(tom_there, "/desk?site=FRA003") == []
    assert await lines(tom_there, "/desk?q=frankfurt") == []
    page = (await tom_there.get("/desk")).text
    assert "FRA003" not in page
    assert "Sample AG" not in page


async def house_is_indexed(house: House) -> None:
    async with house.db.write(EVERY_TENANT) as tx:
        await index_some(tx, most=100)


async def test_search(ada: Person, dora: Desk, dora_there: AtDesk, tom_there: AtDesk, house: House) -> None:
    found = await ada.opens(title="Reseat the optic", customerReference="CHG-77")
    await ada.opens()
    closed = await ada.opens(title="Reseat the card")
    await dora.does("comments", found, {"comment": "Ask for Ann.", "internal": True})
    await dora.does("cancel", closed, {"cancelReason": "Duplicate request"})
    await house_is_indexed(house)
    assert await lines(dora_there, "/desk?q=reseat") == [closed, found]
    assert await lines(dora_there, "/desk?q=reseat&status=New") == [found]
    assert await lines(dora_there, "/desk?q=chg-77") == [found]
    assert await lines(tom_there, "/desk?q=ann") == [found], "internal notes are the desk's"
    assert await lines(dora_there, f"/desk?q={found}") == [found]
    page = (await dora_there.get("/desk?q=nosuchword")).text
    assert "No ticket fits." in page
    assert 'value="nosuchword"' in page


async def test_how_long_beside_what_is_usual(
    ada: Person, tom: Desk, dora_there: AtDesk, house: House, clock: SettableClock
) -> None:
    id_ = await ada.opens()
    usual = {("Urgent Work", "Power cycle or reboot"): Usual(600, 3600)}
    page = (await dora_there.get("/desk")).text
    assert "usual" not in row(page, id_), "nothing is known yet"
    async with house.db.write(EVERY_TENANT) as tx:
        await keep_usual(tx, Environment.PLAYGROUND, usual)
    for ahead, age, pace in ((0, "0 min", "as usual"), (660, "11 min", "long"), (1300, "21 min", "very long")):
        clock.ahead = ahead
        assert f"{age} {pace}" in row((await dora_there.get("/desk")).text, id_)
    assert "Work of this kind usually starts within 10 min." in (await dora_there.get("/desk")).text
    await tom.does("start", id_)
    assert "21 min as usual" in row((await dora_there.get("/desk")).text, id_), "now completion counts"
    assert "is usually done within 1 h" in await dora_there.sees(id_)


async def test_pages_of_a_long_queue(ada: Person, dora_there: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remotehandsd.web.desk.queue.SIZE", 2)
    ids = [await ada.opens() for _ in range(5)]
    assert await lines(dora_there, "/desk?site=PHX015") == ids[:2]
    page = (await dora_there.get("/desk?site=PHX015&page=1")).text
    assert 'rel="next" href="/desk?site=PHX015&amp;page=2"' in page
    assert 'rel="prev" href="/desk?site=PHX015"' in page
    assert "3 to 4 of 5" in page
    assert await lines(dora_there, "/desk?site=PHX015&page=2") == ids[4:]
    past = (await dora_there.get("/desk?site=PHX015&page=6")).text
    assert "The list is not that long any more." in past, "others do what stood there"
    assert 'href="/desk?site=PHX015&amp;page=2"' in past


async def test_nothing_to_do(dora_there: AtDesk) -> None:
    assert "The queue is empty." in (await dora_there.get("/desk")).text


async def test_where_my_time_runs(ada: Person, tom: Desk, tom_there: AtDesk) -> None:
    id_ = await ada.opens()
    await tom.does("time/start", id_)
    assert f'Your time runs on <a href="/desk/tickets/{id_}">' in (await tom_there.get("/desk")).text


async def test_hostile_text_is_text(ada: Person, dora_there: AtDesk) -> None:
    id_ = await ada.opens(title=HOSTILE, location=HOSTILE[:40])
    page = (await dora_there.get("/desk")).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert HOSTILE in row(page, id_).replace(" ; ", ";")
