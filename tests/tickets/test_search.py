"""Finding tickets by words: the same on both engines, never anybody else's, and never an error."""

import asyncio
import random
from collections.abc import Callable
from subprocess import CompletedProcess
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import Desk, Person
from remotehandsd import tickets
from remotehandsd.accounts import staff_member
from remotehandsd.act import Act, By, Environment
from remotehandsd.errors import NotAllowed
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.tickets import Filters, Found
from remotehandsd.tickets.search import searching, words
from remotehandsd.worker.search import index

ACCOUNTS = {"example": "0011A00001AaAB1ABC", "sample": "0022B00002CcEF3GHI"}


async def _customer(house: House, name: str = "example") -> By:
    async with house.db.read() as tx:
        row = await tx.one("SELECT key FROM accounts WHERE environment = 'playground' AND id = :id", id=ACCOUNTS[name])
    assert row is not None
    return By(name="Ada Example", environment=Environment.PLAYGROUND, account=row[0], user=1)


async def _staff(house: House, name: str, environment: Environment = Environment.PLAYGROUND) -> By:
    async with house.db.read() as tx:
        by = await staff_member(Act(tx, By(name="", environment=environment), 0), f"{name}@operator.example")
    assert by is not None
    return by


async def _page(house: House, by: By, text: str, *, size: int = 50, number: int = 0, **filters: Any) -> Found:
    search = tickets.search_tickets if by.staff is None else tickets.search_queue
    async with house.db.read(by.tenant) as tx:
        return await search(Act(tx, by, house.now()), text, Filters(**filters), size=size, number=number)


async def _found(house: House, by: By, text: str, **more: Any) -> list[str]:
    page = await _page(house, by, text, **more)
    assert page.is_exact
    assert page.total == len(page.items)
    return [tickets.wire_number(item.number) for item in page.items]


async def test_where_words_are_looked_for(house: House, ada: Person, dora: Desk) -> None:
    by = await _customer(house)
    id_ = await ada.opens(
        title="Reboot the firewall",
        detailedInstruction="Hold the button for ten seconds: rack-07/unit.12",
        customerReference="REF-05678",
        referenceTicket="WO7777777",
    )
    other = await ada.opens(title="Swap the tapes")
    await ada.comments(id_, "The optic lies in the tray")
    await index(house)
    for text in (
        "firewall",
        "REBOOT",
        "button seconds",
        "seconds  button",
        "rack 07 unit 12",
        "ref-05678",
        "wo7777777",
        "optic tray",
        "the fire",
        "fire the",
        "firewall optic",
    ):
        assert await _found(house, by, text) == ([id_] if text != "fire the" else []), text
    assert await _found(house, by, "the") == [other, id_], "newest first"
    assert await _found(house, by, "firewall tapes") == [], "all words must be there"
    assert await _found(house, by, "rewall") == [], "words are found by their beginning"
    await ada.put(f"/v1/remotehands-tickets/{id_}", {"customerReference": "other-9"})
    await index(house)
    assert await _found(house, by, "05678") == []
    assert await _found(house, by, "other 9") == [id_]
    await ada.cancels(id_)
    await dora.does("refuse-cancellation", id_, {"comment": "Impossible by now"})
    await index(house)
    assert await _found(house, by, "impossible") == [id_]


async def test_numbers_are_found_at_once(house: House, ada: Person, max: Person) -> None:
    by, dora = await _customer(house), await _staff(house, "dora")
    mine, foreign = await ada.opens(), await max.opens(site="FRA003")
    for text in (mine, mine[2:], mine.lower(), f"  {mine}\n"):
        assert await _found(house, by, text) == [mine]
        assert await _found(house, dora, text) == [mine]
    assert await _found(house, by, foreign) == []
    assert await _found(house, dora, foreign) == [foreign]
    assert await _found(house, dora, foreign, site="PHX015") == []
    assert await _found(house, await _staff(house, "tom"), foreign) == [], "Tom works at PHX015 only"
    mentions = await ada.opens(title=f"As in {foreign}")
    await index(house)
    assert await _found(house, by, foreign) == [mentions]
    assert set(await _found(house, dora, foreign)) == {mentions, foreign}
    for text in ("WO999999999999999999", "WO9999999999999999999999", "9" * 400, "WO0000001"):
        assert await _found(house, by, text) == []


async def test_accents_and_scripts(house: House, ada: Person) -> None:
    by = await _customer(house)
    id_ = await ada.opens(title="Câblage à Orléans, STRASSE straße, İstanbul, 東京タワー, Ωμέγα, ﬁbre")
    await index(house)
    for text in ("cablage", "CÂBLAGE", "orleans", "straße", "strasse", "istanbul", "東京", "ωμεγα", "fibre"):
        assert await _found(house, by, text) == [id_], text


async def test_nobody_finds_anybody_elses(house: House, ada: Person, ada_at_labs: Person, max: Person) -> None:
    mine = await ada.opens(title="Unique zebra")
    await ada_at_labs.opens(title="Unique zebra", site="IAD024")
    foreign = await max.opens(title="Unique zebra", site="FRA003")
    await index(house)
    ours, theirs = await _customer(house), await _customer(house, "sample")
    assert await _found(house, ours, "zebra") == [mine]
    assert await _found(house, theirs, "zebra") == [foreign]
    for text in (f"_a{theirs.account} zebra", f"zebra _a{theirs.account}", "_dplayground zebra", "zebra OR unique"):
        assert foreign not in await _found(house, ours, text), text
    assert len(await _found(house, await _staff(house, "dora"), "zebra")) == 3
    assert await _found(house, await _staff(house, "tom"), "zebra", account_id=ACCOUNTS["example"]) == [mine]
    assert await _found(house, await _staff(house, "otto", Environment.PRODUCTION), "zebra") == []
    with pytest.raises(NotAllowed):
        async with house.db.read(ours.tenant) as tx:
            await tickets.search_queue(Act(tx, ours, 0), "zebra", Filters(), size=9, number=0)


async def test_internal_notes_are_the_desks(house: House, ada: Person, dora: Desk) -> None:
    by, desk = await _customer(house), await _staff(house, "dora")
    id_ = await ada.opens(title="Reboot the firewall")
    await index(house)
    await dora.does("comments", id_, {"comment": "The customer is a kangaroo", "internal": True})
    await index(house)
    assert await _found(house, desk, "kangaroo") == [id_]
    assert await _found(house, desk, "kangaroo firewall") == [id_], "together with what all may read"
    assert await _found(house, by, "kangaroo") == []
    assert await _found(house, by, "firewall") == [id_]
    await ada.comments(id_, "I am a koala")
    await index(house)
    assert await _found(house, desk, "koala kangaroo") == [id_]
    assert await _found(house, by, "koala firewall") == [id_]
    assert await _found(house, by, "koala kangaroo") == []


async def test_filters_and_pages(house: House, ada: Person, dora: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    by, desk = await _customer(house), await _staff(house, "dora")
    ids = [await ada.opens(title=f"Zebra {number}") for number in range(7)]
    await dora.does("start", ids[3])
    planned = await ada.opens(title="Zebra", requestType="Planned Work", category="Tape swaps")
    await index(house)
    assert await _found(house, by, "zebra", status="In Progress") == [ids[3]]
    assert await _found(house, desk, "zebra", assigned_to="Dora Dispatcher") == [ids[3]]
    assert ids[3] not in await _found(house, desk, "zebra", unassigned=True)
    assert await _found(house, by, "zebra", request_type="Planned Work", category="Tape swaps") == [planned]
    assert await _found(house, by, "zebra", site="IAD024") == []
    assert await _found(house, by, "zebra", created_by="Nobody") == []
    assert await _found(house, by, "zebra", created_by="\0") == []
    page = await _page(house, by, "zebra", size=3, number=1)
    assert ([tickets.wire_number(item.number) for item in page.items], page.total) == ([ids[4], ids[3], ids[2]], 8)
    assert (await _page(house, by, "zebra", size=3, number=9)).items == []
    monkeypatch.setattr(searching, "MOST_FOUND", 5)
    page = await _page(house, by, "zebra", size=3, number=1)
    assert (len(page.items), page.total, page.is_exact) == (2, 5, False)
    monkeypatch.setattr(searching, "MOST_HITS", 6)
    page = await _page(house, by, "zebra", request_type="Urgent Work", status="New")
    assert (len(page.items), page.is_exact) == (4, False), "among the newest six, and there are more"
    monkeypatch.setattr(searching, "MOST_HITS", 8)
    assert (await _page(house, by, "zebra", status="In Progress")).is_exact


ODD = [
    "",
    " ",
    "!?%&/()",
    '"',
    "'",
    "''",
    "\\",
    "a'b",
    'a"b',
    "*",
    "a*",
    "* a",
    "NOT",
    "NOT a",
    "a AND",
    "a OR b",
    "NEAR(a b)",
    "words : a",
    "{a b} : c",
    "^a",
    "a - b",
    "a & | ! b",
    "a:*B",
    "<->",
    "a\0b",
    "\0",
    "\ud800",
    "\u202e",
    "😀",
    "_",
    "_a1",
    "%s :name $1 ?",
    "x" * 10_000,
    "x " * 10_000,
    "\U00010400" * 3000,
    "e" + "\u0301" * 5000,
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
async def test_odd_questions_are_no_error(house: House, ada: Person, text: str) -> None:
    for by in (await _customer(house), await _staff(house, "dora")):
        assert (await _page(house, by, text)).total == 0


async def test_odd_texts_are_no_error(house: House, ada: Person) -> None:
    by = await _customer(house)
    dice = random.Random(1)
    texts = ["x" * 32_000, "".join(chr(dice.randrange(1, 0xD7FF)) for _ in range(32_000)), "'\\ " * 9000, "é" * 32_000]
    ids = [await ada.opens(title="Zebra", detailedInstruction=text) for text in texts]
    for _ in range(30):
        await ada.comments(ids[1], "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(4000)))
        await ada.comments(ids[1], " ".join(f"{dice.getrandbits(300):x}"[:64] for _ in range(60)))
    await index(house)
    assert await _found(house, by, "zebra") == ids[::-1]
    assert await _found(house, by, "x" * 500) == [ids[0]], "of a word 64 characters count"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_what_is_kept_is_found(text: str) -> None:
    """Each word of a text, and each beginning of it, leads back to the text."""
    kept = words.kept_words(text)
    assert kept == set(words.words_of(text))
    for word in kept:
        assert words.words_of(word) == [word], "a word of a word is itself"
        assert not set(word) & set("_ '\"*:&|!()\\\0")
    asked = words.asked_words(text, "_a1")
    assert (asked == "") == (not kept)


async def test_the_same_question_both_ways(house: House, ada: Person) -> None:
    """A random corpus: what the engine finds is what a plain comparison of words finds."""
    by = await _customer(house)
    dice = random.Random(7)
    stock = ["alpha", "alphabet", "beta", "bet", "Ωmega", "Straße", "12", "123", "x_y", "don't"]
    texts = {}
    for _ in range(25):
        text = " ".join(dice.choices(stock, k=4))
        texts[await ada.opens(title="T", detailedInstruction=text)] = set(words.words_of(text))
    await index(house)
    for _ in range(60):
        question = " ".join(dice.choices(stock, k=dice.randrange(1, 3)))
        *whole, last = words.words_of(question)
        expected = {
            id_ for id_, kept in texts.items() if set(whole) <= kept and any(word.startswith(last) for word in kept)
        }
        assert set(await _found(house, by, question)) == expected, question


async def test_what_was_there_before_is_indexed(
    house: House, ada: Person, command: Callable[..., CompletedProcess[str]]
) -> None:
    """Made-up tickets have no event that a reader is told of; neither have those from before the index."""
    done = await asyncio.to_thread(command, "fabricate", "--tickets", "300", "--into", ACCOUNTS["example"])
    assert done.returncode == 0, done.stderr
    newer = await ada.opens(title="Zebra")
    while await index(house):
        pass
    by = await _customer(house)
    assert await _found(house, by, "zebra") == [newer]
    async with house.db.read(EVERY_TENANT) as tx:
        rows = await tx.all("SELECT title FROM tickets")
        indexed = await tx.one("SELECT COUNT(*) FROM searchable")
    assert indexed == (301,)
    firewall = sum("firewall" in title for (title,) in rows)
    assert len(await _found(house, by, "firewall", size=400)) == firewall > 5


async def test_the_index_is_empty_without_its_worker_and_nothing_is_lost(house: House, ada: Person) -> None:
    by = await _customer(house)
    ids = [await ada.opens(title=f"Zebra {number}") for number in range(60)]
    assert await _found(house, by, "zebra") == []
    await asyncio.gather(index(house), index(house))
    assert await _found(house, by, "zebra", size=100) == ids[::-1]
    async with house.db.read(EVERY_TENANT) as tx:
        assert await tx.one("SELECT COUNT(*) FROM searchable") == (60,)
