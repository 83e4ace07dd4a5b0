"""The second wall: with row level security a statement that forgets the account still finds no foreign row."""

import inspect
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks.postgres import Cluster

from cast import OPENING, Desk, Person, message
from conftest import load_text
from postoffice import PostOffice
from remotehandsd import accounts, administration, events, letters, people, registrations
from remotehandsd.act import Act, By, Environment
from remotehandsd.app import MIGRATIONS
from remotehandsd.errors import LostRace, NotFound
from remotehandsd.events import store as events_store
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, Unavailable, WrongDatabase, open_database
from remotehandsd.kit.db import postgres_tx as engine_tx
from remotehandsd.notices import store as notices_store
from remotehandsd.settings import read_settings
from remotehandsd.tickets import Comment, Status, store
from remotehandsd.tickets.search import store as search_store
from remotehandsd.webhooks import Outcome, Webhook
from remotehandsd.webhooks import store as webhooks_store
from signing import act_of, signs_in, with_password

pytestmark = pytest.mark.engine("postgres")

ROLE = "remotehands_runtime"
OWNER = "remotehands_owner"
KIND = {name: OPENING[name] for name in ("site", "category")} | {"request_type": OPENING["requestType"]}
WALL = re.compile(r"(\w+\.)?account = :account")


@pytest.fixture
def owners_url(environment: dict[str, str]) -> str:
    return environment["REMOTEHANDS_MIGRATION_URL"]


@pytest.fixture
def environment(environment: dict[str, str], cluster: Cluster) -> dict[str, str]:
    """The settings of a server that serves under a role that owns nothing, behind the wall."""
    if not cluster.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        cluster.sql(f"CREATE ROLE {ROLE} LOGIN")
    owner = environment["REMOTEHANDS_DATABASE_URL"]
    environment |= {
        "REMOTEHANDS_TENANT_WALL": "yes",
        "REMOTEHANDS_MIGRATION_URL": owner,
        "REMOTEHANDS_DATABASE_URL": owner.replace("user=postgres", f"user={ROLE}"),
    }
    return environment


@pytest.fixture
async def walled(house: House) -> House:
    assert await house.db.migrate() == ["wall between tenants"]
    assert await house.db.migrate() == []
    return house


async def test_everything_works_behind_it(walled: House, ada: Person, max: Person, dora: Desk, tom: Desk) -> None:
    id_ = await ada.opens()
    assert (await ada.comments(id_, "hello")).status_code == 200
    assert (await ada.attaches(id_, b"content")).status_code in {200, 201}
    assert (await dora.does("start", id_)).status_code == 200
    assert (await dora.does("comments", id_, {"comment": "note", "internal": True})).status_code == 200
    assert (await ada.cancels(id_)).status_code == 200
    assert (await dora.does("grant-cancellation", id_)).status_code == 200
    assert len((await ada.ticket(id_))["comments"]) == 1
    assert (await ada.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 1
    assert (await max.get("/v1/remotehands-tickets")).json()["pageable"]["totalElements"] == 0
    assert (await dora.get("/operator/v1/tickets")).json()["pageable"]["totalElements"] == 1
    assert message(await max.get(f"/v1/remotehands-tickets/{id_}"), 404)


async def test_administrators_and_letters_live_behind_it(walled: House) -> None:
    async with walled.db.write() as tx:
        letter = letters.wording.reset("ada@example.com", "https://hands.example.com", "token")
        await letters.post(tx, walled.seal, letter, now=walled.now())
    async with walled.db.write() as tx:
        row = await tx.one("SELECT key FROM letters")
        assert row is not None
        assert await letters.letter_of(tx, walled.seal, row[0]) == letter
        await letters.ended(tx, row[0])
        assert await letters.letter_of(tx, walled.seal, row[0]) is None
    async with walled.db.read(EVERY_TENANT) as tx:
        act = await act_of(walled, tx, "rita@operator.example")
        assert len(await administration.log(act)) > 20
        assert await registrations.askers(act) == frozenset()
        assert "pia@example.com" in await people.of_flesh_and_blood(act)
        assert await accounts.administered_environments(tx) == [Environment.PLAYGROUND]


async def test_people_live_behind_it(walled: House) -> None:
    """Each verb in a transaction that is for whom the door would say."""
    await load_text(walled, 'environment = "playground"\n[[users]]\nemail = "bob@example.com"\nadministrator = true\n')
    await with_password(walled, "bob@example.com")
    session = await people.admit(walled, await signs_in(walled, "bob@example.com"))
    assert session is not None
    async with walled.db.read() as tx:
        caller = await accounts.caller_of_person(tx, session.person, session.environment)
    assert caller is not None
    # Both as a person at large, and on the account.
    for by in (caller.by, *caller.acting.values()):
        async with walled.db.write(by.tenant) as tx:
            app = await accounts.make_app(Act(tx, by, walled.now()), f"app for {by.account}")
            await accounts.revoke_app(Act(tx, by, walled.now()), app.client_id)
    async with walled.db.write(by.tenant) as tx:
        act = Act(tx, by, walled.now())
        await administration.invite_member(act, "new@example.com", "New")
        await registrations.ask_access(act, Environment.SANDBOX, "To test.")
    # What is nobody's cannot be read by who wrote it, and nobody writes under another's account.
    async with walled.db.read(by.tenant) as tx:
        assert await tx.all("SELECT id FROM events WHERE account IS NULL") == []
    with pytest.raises(Unavailable, match="row-level security"):
        async with walled.db.write(by.tenant) as tx:
            await events.record(Act(tx, by, walled.now()).on_account(by.account + 1), "app.added", about="x")


@pytest.mark.usefixtures("mailing")
async def test_people_are_told_from_behind_it(
    walled: House, ada: Person, max: Person, office: PostOffice, told: Callable[[], Awaitable[None]]
) -> None:
    await ada.opens(notificationRecipients="bob@example.com, bad@stra\u00dfe.example")
    await max.opens(site="FRA003")
    await told()
    assert sorted(one.to[0] for one in office.received) == ["ada@example.com", "bob@example.com", "max@example.net"]


Call = Callable[[Act, int, str], Awaitable[Any]]


async def _change(act: Act, number: int, attachment: str) -> int:
    ticket = (
        await store.get(act.on_account(await _account_of(act, number)), number) if act.by.user is None else TICKET[0]
    )
    try:
        await store.change(act, ticket, title="foreign")
    except LostRace:
        return 0
    return 1


async def _change_entry(act: Act, number: int, attachment: str) -> bool:
    return await store.change_entry(act, 1, {**ENTRY, "note": "foreign"}, was=ENTRY)


async def _account_of(act: Act, number: int) -> int:
    row = await act.tx.one("SELECT account FROM tickets WHERE number = :number", number=number)
    assert row is not None
    return int(row[0])


async def _found(reading: Awaitable[Any]) -> Any:
    try:
        return await reading
    except NotFound:
        return None


async def _any(counts: Awaitable[tuple[int, ...]]) -> bool:
    return any(await counts)


ENTRY = {"began_at": 1, "ended_at": 2, "note": ""}
TICKET: list[Any] = []
NEWEST: list[events.Mark] = []
WEBHOOK: list[Webhook] = []
FAILED = Outcome(0, 500, 1, "It failed.")
NOTICE_AND_MAIL: list[int] = []
WALK: dict[str, Any] = {"way": "DESC", "size": 10, "skip": 0}
CALLS: dict[str, Call] = {
    "get": lambda act, number, attachment: _found(store.get(act, number)),
    "get_with_comments": lambda act, number, attachment: _found(store.get_with_comments(act, number)),
    "change": _change,
    "hold": lambda act, number, attachment: store.hold(act, number),
    "comments": lambda act, number, attachment: store.comments(act, number, internal=False),
    "attachments": lambda act, number, attachment: store.attachments(act, number),
    "attachment": lambda act, number, attachment: store.attachment(act, attachment),
    "attached_bytes": lambda act, number, attachment: store.attached_bytes(act, number),
    "entries": lambda act, number, attachment: store.entries(act, number),
    "change_entry": _change_entry,
    "found": lambda act, number, attachment: search_store.found(
        act, "nothing", "", {"direct": number}, hits=10, most=10
    ),
    "statuses": lambda act, number, attachment: store.statuses(act),
    "days": lambda act, number, attachment: store.days(act, since=0),
    "titles": lambda act, number, attachment: store.titles(act, [number]),
    "before": lambda act, number, attachment: events.latest(act, most=10),
    "about_account": lambda act, number, attachment: events.about_account(act, most=10),
    "page": lambda act, number, attachment: store.page(act, "", {}, **WALK),
    "page_of_kinds": lambda act, number, attachment: store.page_of_kinds(
        act, [KIND | {"status": status} for status in Status], **WALK
    ),
    "gathered_page": lambda act, number, attachment: store.gathered_page(act, "", {}, **WALK),
    "count": lambda act, number, attachment: store.count(act, "", {}),
    "slices": lambda act, number, attachment: store.slices(act, "", {}),
    "total": lambda act, number, attachment: _any(store.total(act, "", {})),
    "of_ticket": lambda act, number, attachment: events.history(act, number),
    "shown_of_ticket": lambda act, number, attachment: events.shown_history(act, number),
    "told_of_ticket": lambda act, number, attachment: events.told_history(act, number),
    "since": lambda act, number, attachment: events.since(act, events.START, most=10),
    "newest": lambda act, number, attachment: events_store.newest(act),
    "webhooks_of_account": lambda act, number, attachment: webhooks_store.webhooks_of_account(act),
    "get_webhook": lambda act, number, attachment: _found(webhooks_store.get_webhook(act, WEBHOOK[0].id)),
    "change_webhook": lambda act, number, attachment: webhooks_store.change_webhook(act, WEBHOOK[0], is_new_start=True),
    "remove_webhook": lambda act, number, attachment: webhooks_store.remove_webhook(act, WEBHOOK[0]),
    "sealed": lambda act, number, attachment: webhooks_store.sealed(act, WEBHOOK[0]),
    "set_sealed": lambda act, number, attachment: webhooks_store.set_sealed(act, WEBHOOK[0], b"x"),
    "add_attempt": lambda act, number, attachment: webhooks_store.add_attempt(act, 1, FAILED),
    "attempts": lambda act, number, attachment: webhooks_store.attempts(act, WEBHOOK[0], before=None, most=10),
    "delivery_of": lambda act, number, attachment: webhooks_store.delivery_of(act, WEBHOOK[0], 1),
    "note_success": lambda act, number, attachment: webhooks_store.note_success(act, WEBHOOK[0].key),
    "note_failure": lambda act, number, attachment: webhooks_store.note_failure(act, WEBHOOK[0].key, quiet_since=0),
    "failing": lambda act, number, attachment: webhooks_store.failing(act, WEBHOOK[0].key),
    "note_warning": lambda act, number, attachment: webhooks_store.note_warning(act, WEBHOOK[0].key),
    "switch_off": lambda act, number, attachment: webhooks_store.switch_off(act, WEBHOOK[0].key),
    "told_between": lambda act, number, attachment: events.told_between(act, number, first=0, last=10**9),
    "opened_by": lambda act, number, attachment: events.opened_by(act, number),
    "extend": lambda act, number, attachment: notices_store.extend(act, number, last=10**9),
    "close_notice": lambda act, number, attachment: notices_store.close_notice(act, NOTICE_AND_MAIL[0]),
    "mails_since": lambda act, number, attachment: notices_store.mails_since(act, 0),
    "mails_since_to": lambda act, number, attachment: notices_store.mails_since_to(act, 0, "ada@example.com"),
    "end_mail": lambda act, number, attachment: notices_store.end_mail(act, NOTICE_AND_MAIL[1]),
    "has": lambda act, number, attachment: events_store.has(act, NEWEST[0]),
}
"""One call for every function of a store that reads or changes a tenant's rows."""
ADDING = {
    "add",
    "add_many",
    "add_comment",
    "add_attachment",
    "add_entry",
    "add_unsearched",
    "add_webhook",
    "add_messages",
    "add_deliveries",
    "add_notice",
    "add_mail",
}
"""Functions that only add; the wall looks at what they add (below)."""


def test_every_statement_on_tenants_rows_has_its_turn() -> None:
    there = {
        name
        for module in (store, events_store, search_store, notices_store, webhooks_store)
        for name, thing in vars(module).items()
        if inspect.iscoroutinefunction(thing) and thing.__module__.startswith(module.__name__)
    }
    assert there == CALLS.keys() | ADDING


@pytest.mark.parametrize("name", CALLS)
async def test_without_the_account_in_a_statement(
    name: str, walled: House, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = await ada.opens()
    number = int(id_[2:])
    await ada.comments(id_, "hello")
    attachment = str((await ada.attaches(id_, b"content")).json()["id"])
    async with walled.db.write(EVERY_TENANT) as tx:
        [[ours], [foreign]] = await tx.all(
            "SELECT key FROM accounts WHERE environment = 'playground' AND id IN ('0011A00001AaAB1ABC', "
            "'0022B00002CcEF3GHI') ORDER BY id"
        )
        by = By(name="Ada", environment=Environment.PLAYGROUND, account=ours, user=1)
        TICKET[:] = [await store.get(Act(tx, by, 0), number)]
        row = await tx.one("SELECT MIN(key) FROM staff WHERE environment = 'playground'")
        assert row is not None
        staff = row[0]
        notice = await notices_store.add_notice(Act(tx, by, 0), number, first=1, last=1)
        NOTICE_AND_MAIL[:] = [
            notice,
            await notices_store.add_mail(Act(tx, by, 1), number, notice, "ada@example.com"),
        ]
        NEWEST[:] = [event.mark for event in await events.since(Act(tx, by, 0), events.START, most=10)][-1:]
    async with walled.db.write(EVERY_TENANT) as tx:
        assert await store.add_entry(Act(tx, by, 0), number, {**ENTRY, "staff": staff}) == 1
    await _webhook_of(walled, by)
    stripped = 0
    original = engine_tx.numbered

    def without_account(sql: str) -> Any:
        nonlocal stripped
        text, times = WALL.subn("CAST(:account AS BIGINT) IS NOT NULL", sql)
        stripped += times
        return original(text)

    async def call(tenant: int, by: By) -> Any:
        async with walled.db.write(tenant) as tx:
            return await CALLS[name](Act(tx, by, walled.now()), number, attachment)

    stranger = By(name="Max", environment=Environment.PLAYGROUND, account=foreign, user=1)
    with monkeypatch.context() as patched:
        patched.setattr(engine_tx, "numbered", without_account)
        found = await call(foreign, stranger)
        assert stripped >= 1, "the statement named the account"
        assert not found, "and found nothing without it"
        assert await call(EVERY_TENANT, stranger), "where there is no wall it finds the foreign row"


async def _webhook_of(walled: House, by: By) -> None:
    """Have a webhook whose only delivery has failed."""
    async with walled.db.write(by.account) as tx:
        act = Act(tx, by, 0)
        made = Webhook(0, "wh_1", "https://example.com/", (), "", True, 0)
        await webhooks_store.add_webhook(act, made, b"sealed")
        WEBHOOK[:] = await webhooks_store.webhooks_of_account(act)
        messages = await webhooks_store.add_messages(act, [("evt_1", "ticket.created", b"{}")])
        deliveries = await webhooks_store.add_deliveries(act, [(WEBHOOK[0].key, messages[0])])
        await webhooks_store.add_attempt(act, deliveries[0], FAILED)
        await webhooks_store.note_failure(act, WEBHOOK[0].key, quiet_since=1)


async def test_kept_answers_stand_behind_it(walled: House, ada: Person, ada_at_labs: Person, dora: Desk) -> None:
    key = {"Idempotency-Key": "order-1"}
    path = "/v1/remotehands-tickets"
    first = await ada.post(path, OPENING, headers=key)
    assert first.status_code == 201
    assert (await ada.post(path, OPENING, headers=key)).content == first.content
    # The row of the app's other account cannot be seen, and the key is taken all the same.
    assert (await ada_at_labs.post(path, OPENING, headers=key)).status_code == 422
    move = f"/operator/v1/tickets/{first.json()['id']}/start"
    assert (await dora.post(move, headers=key)).content == (await dora.post(move, headers=key)).content
    statements = ("UPDATE repeats SET body = asked", "DELETE FROM repeats WHERE account > 0")
    async with walled.db.read(EVERY_TENANT) as tx:
        [[ours], [nobodys]] = await tx.all("SELECT account FROM repeats ORDER BY account DESC")
    assert nobodys == 0
    async with walled.db.write(ours + 1000) as tx:
        assert await tx.all("SELECT key FROM repeats") == []
        assert [await tx.run(statement) for statement in statements] == [0, 0]
    async with walled.db.write(ours) as tx:
        assert [await tx.run(statement) for statement in statements] == [1, 1]


async def test_nothing_is_added_for_another_tenant(walled: House, ada: Person) -> None:
    id_ = await ada.opens()
    by = By(name="Max", environment=Environment.PLAYGROUND, account=1, user=1)
    for tenant in (None, 999):
        with pytest.raises(Unavailable, match="row-level security"):
            async with walled.db.write(tenant) as tx:
                await store.add_comment(Act(tx, by, 0), int(id_[2:]), Comment("x", "Max", 0), most=1000)
        with pytest.raises(Unavailable, match="row-level security"):
            async with walled.db.write(tenant) as tx:
                await notices_store.add_notice(Act(tx, by, 0), int(id_[2:]), first=1, last=1)
    async with walled.db.read() as tx:
        assert await tx.all("SELECT number FROM tickets") == []


async def test_events_cannot_be_taken_back_by_who_serves(walled: House, ada: Person) -> None:
    await ada.opens()
    for statement in ("DELETE FROM events", "UPDATE events SET about = ''", "DELETE FROM schema_steps"):
        with pytest.raises(Unavailable, match="permission denied"):
            async with walled.db.write(EVERY_TENANT) as tx:
                await tx.run(statement)


async def test_who_serves_without_the_owners_url_only_looks(
    house: House, environment: dict[str, str], owners_url: str
) -> None:
    """The wall is raised by who owns the tables; a server that does not know him sees that it is not there."""
    del environment["REMOTEHANDS_MIGRATION_URL"]
    settings = read_settings(environment)
    folder = MIGRATIONS
    db = open_database(settings.database_url, folder, has_wall=True)
    with pytest.raises(WrongDatabase):
        await db.migrate()
    await house.db.migrate()
    assert await db.migrate() == []
    owner = open_database(settings.database_url.replace(ROLE, "postgres"), folder, has_wall=True)
    with pytest.raises(WrongDatabase, match="SUPERUSER"):
        await owner.migrate()
    open_ = open_database(settings.database_url, folder)
    with pytest.raises(WrongDatabase, match="row level security is in force"):
        await open_.migrate()
    for one in (db, owner, open_):
        await one.close()


async def test_a_server_that_runs_while_the_wall_is_raised_goes_on(
    house: House, environment: dict[str, str], owners_url: str
) -> None:
    """Were its rows hidden from it, its sweep would take every file for nobody's."""
    settings = read_settings(environment)
    running = open_database(owners_url, MIGRATIONS)
    async with running.read(EVERY_TENANT) as tx:
        accounts = await tx.one("SELECT COUNT(*) FROM accounts")
        assert await tx.one("SELECT COUNT(*) FROM events") != (0,)
    assert await house.db.migrate() == ["wall between tenants"]
    async with running.read(EVERY_TENANT) as tx:
        assert await tx.one("SELECT COUNT(*) FROM accounts") == accounts
        assert await tx.one("SELECT COUNT(*) FROM events") != (0,)
    serving = open_database(settings.database_url, MIGRATIONS)
    async with serving.read() as tx:
        assert await tx.one("SELECT COUNT(*) FROM events") != (0,), "a process without the wall, under the other role"
    async with house.db.read() as tx:
        assert await tx.one("SELECT COUNT(*) FROM events") == (0,), "and the wall holds who is behind it"
    await running.close()
    await serving.close()


async def test_an_older_database_behind_the_wall_is_migrated_whole(
    cluster: Cluster, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Row level security holds the owner, too: a step that changes tenants' rows must see them."""
    for role in (OWNER, ROLE):
        if not cluster.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
            cluster.sql(f"CREATE ROLE {role} LOGIN")
    cluster.sql(f"CREATE DATABASE walled_and_old OWNER {OWNER}")
    cluster.sql(f"GRANT CREATE ON SCHEMA public TO {OWNER}", "walled_and_old")
    old = tmp_path / "old" / "postgres"
    old.mkdir(parents=True)
    for path in sorted((MIGRATIONS / "postgres").glob("*.sql"))[:2]:
        shutil.copy(path, old)
    # The step that this version knows and the one before did not.
    (old / "0002_lists.sql").write_text(
        (old / "0002_lists.sql").read_text()
        + "CREATE FUNCTION count_transactions_on() RETURNS BOOLEAN LANGUAGE sql AS $$ SELECT FALSE $$;"
    )
    urls = {role: cluster.url("walled_and_old", user=role) for role in (OWNER, ROLE)}
    before = open_database(urls[ROLE], tmp_path / "old", owner_url=urls[OWNER], has_wall=True)
    assert await before.migrate() == ["0001_start", "0002_lists", "wall between tenants"]
    async with before.write(7) as tx:
        await tx.run(
            """
            INSERT INTO events (environment, account, ticket, type, about, done_by, happened_at, before, after)
            VALUES ('playground', 7, 1000001, 'ticket.created', '', 'Ada', 0, '{}', '{}')
            """
        )
    await before.close()
    cluster.sql("DROP FUNCTION count_transactions_on()", "walled_and_old")
    now = open_database(urls[ROLE], MIGRATIONS, owner_url=urls[OWNER], has_wall=True)
    assert (await now.migrate())[-1] == "wall between tenants", "for the tables that are new"
    async with now.read(7) as tx:
        assert await tx.all("SELECT ticket FROM settled_events") == [(1000001,)]
    async with now.read(8) as tx:
        assert await tx.all("SELECT ticket FROM settled_events") == []
    await now.close()
    cluster.sql("DROP DATABASE walled_and_old")


def test_the_commands_work_behind_it(house: House, command: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    for arguments in (["migrate"], ["fabricate", "--tickets", "50", "--accounts", "3"], ["totals"], ["check"]):
        done = command(*arguments)
        assert done.returncode == 0, (arguments, done.stderr)
    assert "right" in command("totals").stdout
