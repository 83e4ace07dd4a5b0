"""Whoever made a webhook is told by mail before it is switched off, and when it is."""

import pytest

from cast import Person
from conftest import SettableClock
from delivering import makes, rest, until, worker
from mailing import work
from postoffice import PostOffice
from receiver import Receiver, answer
from remotehandsd.house import House

pytestmark = pytest.mark.usefixtures("mailing")

DAY = 86_400
FAILS, OFF = "A webhook of yours fails", "A webhook of yours was switched off"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"REMOTEHANDS_WEBHOOK_PRIVATE": "yes"}


async def test_told_before_it_is_switched_off(
    house: House, ada: Person, office: PostOffice, clock: SettableClock
) -> None:
    days_told: dict[str, int] = {}
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house):
        await makes(ada, receiver.url)
        for day in range(8):
            before = len(receiver.got)
            await ada.opens()
            await until(lambda: len(receiver.got) > before)  # noqa: B023
            await rest(house)
            await work(house)
            for mail in office.received:
                days_told.setdefault(mail.message["Subject"], day)
            if OFF in days_told:
                break
            clock.ahead += DAY
    assert days_told[OFF] - days_told[FAILS] >= 1
    letters = {mail.message["Subject"]: mail for mail in office.received if "webhook" in mail.message["Subject"]}
    assert set(letters) == {FAILS, OFF}
    assert all(mail.to == ["ada@example.com"] for mail in letters.values())
    assert "Nothing has reached 127.0.0.1 for a day." in letters[FAILS].text
    assert "Every attempt has failed for five days." in letters[OFF].text


async def test_at_once_where_the_receiver_is_gone(house: House, ada: Person, office: PostOffice) -> None:
    async with Receiver(lambda sent: answer(410)) as receiver, worker(house):
        await makes(ada, receiver.url)
        await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
    await work(house)
    [mail] = [mail for mail in office.received if mail.message["Subject"] == OFF]
    assert "410" in mail.text
