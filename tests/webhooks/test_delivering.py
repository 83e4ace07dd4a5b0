"""What reaches a receiver, in which form, and what happens when it does not."""

import random
from typing import Any

import pytest

from cast import Desk, Person
from conftest import SettableClock
from delivering import makes, rest, signed_by, until, verified, worker
from receiver import OK, Hang, Receiver, Reset, Sent, answer
from remotehandsd import jobs, webhooks
from remotehandsd.act import Act, By, Environment
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT
from remotehandsd.kit.outbound import posting as posting_module
from remotehandsd.webhooks import PAUSES

DAY = 86_400


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    # Days pass in these tests, and nobody signs in again.
    return environment | {"REMOTEHANDS_WEBHOOK_PRIVATE": "yes", "REMOTEHANDS_TOKEN_SECONDS": "999999999"}


async def _attempts(person: Person, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    return list((await person.get(f"/api/webhooks/{webhook['id']}/deliveries")).json())


async def _events(house: House, type_: str) -> list[tuple[str, str, str]]:
    async with house.db.read(EVERY_TENANT) as tx:
        rows = await tx.all("SELECT about, done_by, after FROM events WHERE type = :type ORDER BY id", type=type_)
    return [(str(about), str(by), str(after)) for about, by, after in rows]


async def _waiting(house: House) -> list[jobs.Waiting]:
    async with house.db.read() as tx:
        # Letters to the owners wait for another worker.
        return [job for job in await jobs.waiting(tx, most=1000) if job.kind == webhooks.WEBHOOK]


async def test_a_ticket_s_life_is_told(house: House, ada: Person, tess: Desk, dora: Desk) -> None:
    async with Receiver() as receiver, worker(house):
        made = await makes(ada, f"{receiver.url}hook?key=1")
        id_ = await ada.opens()
        await ada.comments(id_, "Hello. Grüße!")
        await dora.does("comments", id_, {"comment": "A note.", "internal": True})
        await tess.does("start", id_)
        await tess.does("complete", id_)
        await until(lambda: len(receiver.got) == 4)
        await rest(house)
    told = sorted((verified(sent, made["secret"]) for sent in receiver.got), key=lambda body: body["data"]["sequence"])
    assert [body["type"] for body in told] == [
        "ticket.created",
        "ticket.commented",
        "ticket.started",
        "ticket.completed",
    ]
    assert [body["data"]["sequence"] for body in told] == [1, 2, 3, 4]
    assert [body["data"]["ticket"]["status"] for body in told] == ["New", "New", "In Progress", "Completed"]
    assert told[3]["data"]["ticket"] == await ada.ticket(id_)
    assert len(receiver.got) == 4, "no internal note, and nothing twice"
    assert {sent.line for sent in receiver.got} == {"POST /hook?key=1 HTTP/1.1"}
    assert {sent.headers["content-type"] for sent in receiver.got} == {"application/json"}
    # The feed tells the same, under the same names.
    fed = {event.pop("id"): event for event in (await ada.get("/api/events")).json()["events"]}
    assert fed == {sent.headers["webhook-id"]: verified(sent, made["secret"]) for sent in receiver.got}


async def test_only_what_was_asked_for_and_only_to_the_account(
    house: House, ada: Person, ada_at_labs: Person, max: Person, pia: Person
) -> None:
    async with Receiver() as some, Receiver() as every, Receiver() as others, worker(house):
        await makes(ada, some.url, events=["ticket.commented", "ticket.cancelled"])
        await makes(ada, every.url)
        for person in (ada_at_labs, max, pia):
            await makes(person, others.url)
        id_ = await ada.opens()
        await ada.comments(id_, "one")
        await ada.cancels(id_)
        await until(lambda: len(every.got) == 3)
        await rest(house)
        assert [verified(sent, (await _secret(house, ada))[0])["type"] for sent in some.got] == ["ticket.commented"]
        assert others.got == []
        ids = {sent.headers["webhook-id"] for sent in every.got}
        assert some.got[0].headers["webhook-id"] in ids, "one event has one name"


async def _secret(house: House, person: Person) -> list[str]:
    async with house.db.read(EVERY_TENANT) as tx:
        rows = await tx.all("SELECT id, sealed FROM webhooks ORDER BY key")
    return [secret.text for id_, kept in rows for secret in webhooks.signing.opened(house.seal, id_, kept, 0)]


async def test_what_happened_before_is_not_told(house: House, ada: Person) -> None:
    await ada.opens()
    async with Receiver() as receiver, worker(house):
        await rest(house)
        made = await makes(ada, receiver.url)
        id_ = await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
        assert [verified(sent, made["secret"])["data"]["ticket"]["id"] for sent in receiver.got] == [id_]


async def test_tried_again_with_the_same_bytes(house: House, ada: Person, clock: SettableClock) -> None:
    """The specification's schedule: ten attempts in some three days, then no more; each is a row."""
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house):
        made = await makes(ada, receiver.url, events=["ticket.created"])
        id_ = await ada.opens()
        await until(lambda: len(receiver.got) == 1)
        for tries, pause in enumerate(PAUSES, start=2):
            await rest(house)
            [job] = await _waiting(house)
            assert pause - 2 <= job.due_at - house.now() <= pause * 1.1
            await ada.comments(id_, "The ticket goes on, what is sent of it does not.")
            clock.ahead += pause * 1.1 + 1
            await until(lambda: len(receiver.got) == tries)  # noqa: B023
        await rest(house)
        assert len({sent.body for sent in receiver.got}) == 1
        assert len({sent.headers["webhook-id"] for sent in receiver.got}) == 1
        times = [int(sent.headers["webhook-timestamp"]) for sent in receiver.got]
        assert len(set(times)) == 10
        assert times[-1] - times[0] > 3 * DAY
        assert all(signed_by(sent, made["secret"]) for sent in receiver.got)
        attempts = await _attempts(ada, made)
        assert len(attempts) == 10
        assert {one["eventId"] for one in attempts} == {receiver.got[0].headers["webhook-id"]}
        assert {(one["status"], one["error"]) for one in attempts} == {(500, "The receiver answered 500.")}
        clock.ahead += 30 * DAY
        await rest(house)
        assert len(receiver.got) == 10
    assert await _waiting(house) == []


async def test_a_receiver_asks_for_more_time(house: House, ada: Person, clock: SettableClock) -> None:
    asked = iter(["3600", "999999", "Wed, 25 Nov 2099 19:00:00 GMT", "soon", "-1"])
    async with Receiver(lambda sent: answer(503, f"Retry-After: {next(asked)}")) as receiver, worker(house):
        await makes(ada, receiver.url)
        await ada.opens()
        for tries, least in enumerate((3600, DAY, DAY, 2 * 3600, 5 * 3600), start=1):
            await until(lambda: len(receiver.got) == tries)  # noqa: B023
            await rest(house)
            [job] = await _waiting(house)
            assert least - 2 <= job.due_at - house.now() <= least * 1.1
            clock.ahead += least * 1.1 + 1


async def test_gone_switches_off(house: House, ada: Person) -> None:
    async with Receiver(lambda sent: answer(410)) as receiver, worker(house):
        made = await makes(ada, receiver.url)
        await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
        assert (await ada.get(f"/api/webhooks/{made['id']}")).json()["active"] is False
        await ada.opens()
        await rest(house)
        assert len(receiver.got) == 1
    assert await _waiting(house) == []
    [(about, by, after)] = await _events(house, "webhook.disabled")
    assert (about, by) == (made["id"], "Remotehands")
    assert "410" in after


async def test_told_first_and_switched_off_after_five_days(house: House, ada: Person, clock: SettableClock) -> None:
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house):
        made = await makes(ada, receiver.url)

        async def a_day_of_failures() -> None:
            clock.ahead += DAY
            before = len(receiver.got)
            await ada.opens()
            await until(lambda: len(receiver.got) > before)
            await rest(house)

        await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
        told = []
        for _ in range(5):
            assert (await ada.get(f"/api/webhooks/{made['id']}")).json()["active"] is True
            told.append(len(await _events(house, "webhook.failing")))
            await a_day_of_failures()
        assert told == [0, 1, 1, 1, 1]
        assert (await ada.get(f"/api/webhooks/{made['id']}")).json()["active"] is False
        assert "five days" in (await _events(house, "webhook.disabled"))[0][2]
        assert await _waiting(house) == []
        # Switched on again it begins anew.
        assert (await ada.put(f"/api/webhooks/{made['id']}", {"active": True})).status_code == 200
        receiver.behaviour = lambda sent: OK
        before = len(receiver.got)
        await ada.opens()
        await until(lambda: len(receiver.got) == before + 1)
        await rest(house)


async def test_a_success_clears_the_slate(house: House, ada: Person, clock: SettableClock) -> None:
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house):
        made = await makes(ada, receiver.url)
        for day in range(8):
            receiver.behaviour = (lambda sent: OK) if day == 3 else (lambda sent: answer(500))
            before = len(receiver.got)
            await ada.opens()
            await until(lambda: len(receiver.got) > before)  # noqa: B023
            await rest(house)
            clock.ahead += DAY
        assert (await ada.get(f"/api/webhooks/{made['id']}")).json()["active"] is True
        assert len(await _events(house, "webhook.failing")) == 2


async def test_a_long_quiet_is_no_failure(house: House, ada: Person, clock: SettableClock) -> None:
    """Half a year after a failure that nothing followed, one more is the first."""
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house, pauses=()):
        made = await makes(ada, receiver.url)
        for _ in range(2):
            before = len(receiver.got)
            await ada.opens()
            await until(lambda: len(receiver.got) > before)  # noqa: B023
            await rest(house)
            clock.ahead += 180 * DAY
        assert (await ada.get(f"/api/webhooks/{made['id']}")).json()["active"] is True
        assert await _events(house, "webhook.failing") == []


@pytest.mark.parametrize("how", ["removed", "switched off"])
async def test_what_waits_goes_with_its_webhook(house: House, ada: Person, clock: SettableClock, how: str) -> None:
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house):
        made = await makes(ada, receiver.url)
        other = await makes(ada, receiver.url, events=["ticket.cancelled"])
        await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
        assert len(await _waiting(house)) == 1
        if how == "removed":
            assert (await ada.request("DELETE", f"/api/webhooks/{made['id']}")).status_code == 204
        else:
            assert (await ada.put(f"/api/webhooks/{made['id']}", {"active": False})).status_code == 200
        assert await _waiting(house) == []
        clock.ahead += DAY
        await ada.opens()
        await rest(house)
        assert len(receiver.got) == 1
        assert (await ada.get(f"/api/webhooks/{other['id']}")).json()["active"] is True


async def test_rotation_overlaps_for_a_day(house: House, ada: Person, clock: SettableClock) -> None:
    async with Receiver() as receiver, worker(house):
        made = await makes(ada, receiver.url)
        path = f"/api/webhooks/{made['id']}/rotate"
        second = (await ada.post(path)).json()["secret"]
        third = (await ada.post(path)).json()["secret"]
        assert len({made["secret"], second, third}) == 3
        await ada.opens()
        await until(lambda: len(receiver.got) == 1)
        for secret in (made["secret"], second, third):
            assert verified(receiver.got[0], secret)["type"] == "ticket.created"
        clock.ahead += webhooks.OVERLAP_SECONDS - 60
        await ada.opens()
        await until(lambda: len(receiver.got) == 2)
        assert signed_by(receiver.got[1], made["secret"])
        clock.ahead += 61
        await ada.opens()
        await until(lambda: len(receiver.got) == 3)
        assert [signed_by(receiver.got[2], one) for one in (made["secret"], second, third)] == [False, False, True]
        assert len(receiver.got[2].headers["webhook-signature"].split(" ")) == 1


async def test_sent_again_by_hand(house: House, ada: Person, clock: SettableClock) -> None:
    async with Receiver() as receiver, worker(house):
        made = await makes(ada, receiver.url)
        await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
        [attempt] = await _attempts(ada, made)
        clock.ahead += 7 * DAY
        answer_ = await ada.post(f"/api/webhooks/{made['id']}/deliveries/{attempt['id']}/retry")
        assert answer_.status_code == 202
        assert answer_.json() == {"eventId": attempt["eventId"]}
        await until(lambda: len(receiver.got) == 2)
        await rest(house)
        assert receiver.got[0].body == receiver.got[1].body
        assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]
        assert receiver.got[0].headers["webhook-timestamp"] != receiver.got[1].headers["webhook-timestamp"]
        assert [one["status"] for one in await _attempts(ada, made)] == [200, 200]


async def test_sent_again_after_the_schedule_was_over(house: House, ada: Person) -> None:
    async with Receiver(lambda sent: answer(500)) as receiver, worker(house, pauses=()):
        made = await makes(ada, receiver.url)
        await ada.opens()
        await until(lambda: receiver.got)
        await rest(house)
        assert await _waiting(house) == []
        receiver.behaviour = lambda sent: OK
        [attempt] = await _attempts(ada, made)
        assert (await ada.post(f"/api/webhooks/{made['id']}/deliveries/{attempt['id']}/retry")).status_code == 202
        await until(lambda: len(receiver.got) == 2)
        await rest(house)
        assert [one["status"] for one in await _attempts(ada, made)] == [200, 500]


async def test_a_ping(house: House, ada: Person) -> None:
    async with Receiver() as receiver, worker(house):
        made = await makes(ada, receiver.url, events=["ticket.cancelled"])
        said = await ada.post(f"/api/webhooks/{made['id']}/test")
        assert said.status_code == 202
        await until(lambda: receiver.got)
        body = verified(receiver.got[0], made["secret"])
        assert (body["type"], body["data"]) == ("webhook.test", {})
        assert receiver.got[0].headers["webhook-id"] == said.json()["eventId"]
        await rest(house)
        [attempt] = await _attempts(ada, made)
        assert (attempt["type"], attempt["eventId"]) == ("webhook.test", said.json()["eventId"])


async def test_a_bad_third_loses_nothing(house: House, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the time it fails, hangs, resets, redirects or answers garbage: in the end everything has arrived."""
    monkeypatch.setattr(posting_module, "SECONDS", 0.5)
    chance = random.Random(7)
    accepted: list[Sent] = []
    elsewhere = Receiver()

    def behave(sent: Sent) -> bytes:
        if chance.random() < 1 / 3:
            match chance.choice(["fail", "hang", "reset", "redirect", "garbage"]):
                case "fail":
                    return answer(500)
                case "hang":
                    raise Hang
                case "reset":
                    raise Reset
                case "redirect":
                    return answer(307, f"Location: {elsewhere.url}")
                case _:
                    return b"\x16\x03\x01 garbage\r\n\r\n"
        accepted.append(sent)
        return OK

    async with elsewhere, Receiver(behave) as receiver, worker(house, pauses=(1,) * 20):
        made = await makes(ada, receiver.url)
        ids = [await ada.opens() for _ in range(30)]
        for id_ in ids:
            await ada.comments(id_, "More.")
        await until(lambda: len({sent.headers["webhook-id"] for sent in accepted}) == 60, 60)
        await rest(house)
        assert elsewhere.connections == 0
    told = [verified(sent, made["secret"]) for sent in receiver.got]
    assert len(told) > 60, "some were tried again"
    by_ticket: dict[str, set[int]] = {}
    for body in told:
        by_ticket.setdefault(body["data"]["ticket"]["id"], set()).add(body["data"]["sequence"])
    assert by_ticket == {id_: {1, 2} for id_ in ids}
    same: dict[str, set[bytes]] = {}
    for sent in receiver.got:
        same.setdefault(sent.headers["webhook-id"], set()).add(sent.body)
    assert all(len(bodies) == 1 for bodies in same.values())


async def test_one_that_hangs_does_not_hold_up_the_others(
    house: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(sent: Sent) -> bytes:
        raise Hang

    monkeypatch.setattr(posting_module, "SECONDS", 8.0)
    async with Receiver(hang) as dead, Receiver() as alive, worker(house):
        await makes(ada, dead.url)
        await makes(ada, alive.url)
        for _ in range(20):
            await ada.opens()
        await until(lambda: len(alive.got) == 20, 7.0)
        assert 0 < dead.connections <= 2


async def test_forgotten_after_thirty_days(house: House, ada: Person, clock: SettableClock) -> None:
    async with Receiver() as receiver, worker(house):
        kept, gone = await makes(ada, receiver.url), await makes(ada, receiver.url)
        await ada.opens()
        await until(lambda: len(receiver.got) == 2)
        await rest(house)
        clock.ahead += 20 * DAY
        await ada.opens()
        await until(lambda: len(receiver.got) == 4)
        await rest(house)
        await ada.request("DELETE", f"/api/webhooks/{gone['id']}")
        assert await _forget(house) == 0
        clock.ahead += 11 * DAY
        assert await _forget(house) == 3, "two deliveries and their message"
        assert len(await _attempts(ada, kept)) == 1
        clock.ahead += 20 * DAY
        assert await _forget(house) == 4, "and the row of a webhook that was removed"
        async with house.db.read(EVERY_TENANT) as tx:
            for count in await tx.all(
                "SELECT COUNT(*) FROM webhook_messages UNION ALL SELECT COUNT(*) FROM webhook_deliveries "
                "UNION ALL SELECT COUNT(*) FROM webhook_attempts UNION ALL SELECT COUNT(*) - 1 FROM webhooks"
            ):
                assert count == (0,)


async def _forget(house: House) -> int:
    gone = 0
    while True:
        async with house.db.write(EVERY_TENANT) as tx:
            some = await webhooks.forget(tx, now=house.now())
        if not some:
            return gone
        gone += some


async def test_a_retired_account_is_told_nothing(house: House, ada: Person) -> None:
    async with Receiver() as receiver, worker(house):
        await makes(ada, receiver.url)
        async with house.db.write(EVERY_TENANT) as tx:
            await tx.run(
                "UPDATE accounts SET retired = 1 WHERE id = '0011A00001AaAB1ABC' AND environment = 'playground'"
            )
        await ada.opens()
        await rest(house)
        assert receiver.got == []


async def test_secrets_are_sealed_and_stand_in_no_event(house: House, ada: Person) -> None:
    made = await makes(ada, "http://127.0.0.1:9999/path-of-secrets?token=secret")
    second = (await ada.post(f"/api/webhooks/{made['id']}/rotate")).json()["secret"]
    await ada.put(f"/api/webhooks/{made['id']}", {"url": "http://127.0.0.1:9999/other-secret"})
    await ada.request("DELETE", f"/api/webhooks/{made['id']}")
    async with house.db.read(EVERY_TENANT) as tx:
        rows = await tx.all("SELECT type, about, before, after FROM events WHERE type LIKE 'webhook.%' ORDER BY id")
        [[kept]] = await tx.all("SELECT sealed FROM webhooks")
    assert [row[0] for row in rows] == ["webhook.added", "webhook.rotated", "webhook.changed", "webhook.removed"]
    assert {row[1] for row in rows} == {made["id"]}
    said = repr(rows)
    for secret in (made["secret"], second, "whsec_", "path-of-secrets", "token", "other-secret"):
        assert secret not in said
    assert bytes(kept) == b""


async def test_secrets_are_of_the_specifications_size_and_no_two_alike(house: House, ada: Person) -> None:
    by = By(name="x", environment=Environment.PLAYGROUND, account=1, user=1)
    async with house.db.write(EVERY_TENANT) as tx:
        made = [
            await webhooks.add(Act(tx, by, 0), house.seal, {"url": "https://example.com/"}, may_be_private=False)
            for _ in range(20)
        ]
    raw = {webhooks.signing.base64.b64decode(one.secret.removeprefix("whsec_")) for one in made}
    assert len(raw) == 20
    assert {len(one) for one in raw} == {32}
