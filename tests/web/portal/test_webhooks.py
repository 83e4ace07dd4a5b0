"""An account's webhooks on its pages, and how what was told there went."""

import re

import httpx
import pytest

from cast import Person
from delivering import makes, rest, until, worker
from receiver import Receiver, answer
from remotehandsd.house import House
from visiting import HOME, Visit, visit


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"REMOTEHANDS_WEBHOOK_PRIVATE": "yes"}


async def test_the_log_says_how_it_went(ada_visits: Visit, ada: Person, max: Person, house: House) -> None:
    async with Receiver(lambda sent: answer(503)) as receiver, worker(house, pauses=()):
        made = await makes(ada, f"{receiver.url}ours", description="<b>inventory")
        await makes(max, f"{receiver.url}theirs")
        number = await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
    page = (await ada_visits.get(f"{HOME}/account")).text
    assert re.findall(r'href="([^"]*/webhooks/[^"]*)"', page) == [f"{HOME}/account/webhooks/{made['id']}"]
    assert "theirs" not in page
    log = await ada_visits.get(f"{HOME}/account/webhooks/{made['id']}")
    assert log.status_code == 200
    assert "ticket.created" in log.text
    assert ">503</td>" in log.text
    assert "&lt;b&gt;inventory" in log.text
    assert "<b>" not in log.text
    assert made["secret"] not in log.text + page
    assert number not in log.text
    assert (await ada_visits.get(f"{HOME}/account/webhooks/{made['id']}?before=nonsense")).status_code == 422
    assert (await ada_visits.get(f"{HOME}/account/webhooks/wh_nothing")).status_code == 404


async def test_webhooks_ask_for_the_permission(ada: Person, web: httpx.AsyncClient, house: House) -> None:
    await makes(ada, "https://hooks.example.com/secret-path")
    eve = await visit(web, house, "eve@example.com")
    assert "secret-path" not in (await eve.get(f"{HOME}/account")).text
